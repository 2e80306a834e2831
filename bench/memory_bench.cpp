// Memory and time of matching long recordings with the program: ten minutes of stereo at 48 kHz, to a file.
//
//   memory_bench [minutes]      prints one JSON object
#include "measure.hpp"
#include "process.hpp"
#include "soundalike/audio_file.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

void write_music(const std::filesystem::path& file, int minutes, std::uint64_t seed) {
  const SampleRate rate{48000};
  AudioFileWriter writer(file, 2, rate, SampleFormat::int16);
  for (int part = 0; part < 6 * minutes; ++part) {
    writer.write(make_music(2, 10.0, rate, seed + static_cast<std::uint64_t>(part)));
  }
  writer.commit();
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("memory_bench", [&] {
    const int minutes = rounds_from(argc, argv, 1, 10);
    const TemporaryFolder folder;
    const std::string input = folder.path() / "input.wav";
    const std::string reference = folder.path() / "reference.wav";
    const std::string output = folder.path() / "output.wav";
    write_music(input, minutes, 1);
    write_music(reference, minutes, 100000);
    const Ran ran = run_program(
        {soundalike_program(), "match", input, reference, "-e", "MDA Overdrive", "-e", "MDA Delay", "-o", output},
        true);
    const AudioFileInfo info = AudioFileReader(output).info();
    const double seconds = static_cast<double>(info.frames) / info.sample_rate.hz;
    return nlohmann::ordered_json{{"output_seconds", seconds},
                                  {"peak_megabytes", static_cast<double>(ran.peak_bytes) * 1e-6},
                                  {"wall_seconds", ran.wall_seconds},
                                  {"program_cpu_seconds", ran.cpu_seconds}};
  });
}
