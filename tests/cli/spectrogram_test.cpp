// `soundalike spectrogram`, end to end, on recordings that the test makes.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/run_program.hpp"
#include "soundalike/audio_file.hpp"

namespace {

using program::Run;
namespace fs = std::filesystem;

std::vector<float> notes(unsigned rate, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * rate));
  unsigned noise = 1;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / rate, beat = std::fmod(t, 0.25);
    const double pitch = 220.0 * std::pow(2.0, (static_cast<int>(t / 0.25) * 5 % 12) / 12.0);
    double sum = 0.0;
    for (int k = 1; k <= 5; ++k) sum += std::sin(2.0 * M_PI * pitch * k * t) / k;
    noise = noise * 1664525u + 1013904223u;
    samples[i] = 0.3f * static_cast<float>(sum * std::exp(-8.0 * beat) + (noise / 4294967296.0 - 0.5) * 0.01);
  }
  return samples;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a_picture_is_drawn_and_sound_comes_back_of_it") {
  const program::TempFolder folder;
  const std::string in = (folder / "in.wav").string(), png = (folder / "in.png").string(),
                    back = (folder / "back.wav").string();
  program::write_wav(in, notes(44100, 4.0), 44100);
  for (const std::string front_end : {"linear", "mel"}) {
    CAPTURE(front_end);
    const auto convergence = [&](const std::string& method) {
      const Run run = program::soundalike({"spectrogram", in, "-o", png, "--front-end", front_end, "--back", back,
                                           "--method", method, "--iterations", "20", "--json"});
      REQUIRE(run.status == 0);
      CHECK(run.json()["front_end"] == front_end);
      CHECK(run.json()["frames"] == (front_end == "mel" ? 256 : 129));
      CHECK(fs::file_size(png) > 10000);
      const soundalike::AudioBuffer heard = soundalike::read_audio(back);
      CHECK(heard.sample_rate().hz == 24000.0);
      CHECK(heard.frames() == (front_end == "mel" ? 130560 : 131072));
      return run.json()["back"]["spectral_convergence_db"].get<double>();
    };
    const double with_phases = convergence("phase");
    CHECK(with_phases < (front_end == "mel" ? -25.0 : -90.0));
    for (const std::string method : {"griffin-lim", "fast-griffin-lim", "admm"}) {
      CAPTURE(method);
      const double found = convergence(method);
      CHECK(found < -12.0);
      CHECK(found > with_phases);
    }
  }
}

TEST_CASE("people_are_told_what_was_written") {
  const program::TempFolder folder;
  const std::string in = (folder / "in.wav").string(), png = (folder / "in.png").string();
  program::write_wav(in, notes(24000, 1.0), 24000);
  const Run run = program::soundalike({"spectrogram", in, "-o", png, "--start", "0.5"});
  CHECK(run.status == 0);
  CHECK(holds(run.out, "in.png: 129 frames x 2049 bins"));
  CHECK(program::soundalike({"spectrogram", in, "-o", png, "--quiet"}).out.empty());
}

TEST_CASE("silence_has_a_picture_too") {
  const program::TempFolder folder;
  const std::string in = (folder / "in.wav").string(), png = (folder / "in.png").string(),
                    back = (folder / "back.wav").string();
  program::write_wav(in, std::vector<float>(24000), 24000);
  const Run run = program::soundalike({"spectrogram", in, "-o", png, "--back", back, "--iterations", "2", "--json"});
  CHECK(run.status == 0);
  CHECK(fs::exists(png));
}

TEST_CASE("a_mistake_leaves_no_files") {
  const program::TempFolder folder;
  const std::string in = (folder / "in.wav").string(), png = (folder / "in.png").string(),
                    back = (folder / "back.wav").string();
  program::write_wav(in, notes(24000, 1.0), 24000);
  const Run late = program::soundalike({"spectrogram", in, "-o", png, "--start", "3"});
  CHECK(late.status == 2);
  CHECK(holds(late.err, "from 3 s on: it is 1"));
  const Run jpeg = program::soundalike({"spectrogram", in, "-o", (folder / "in.jpg").string()});
  CHECK(jpeg.status == 2);
  CHECK(holds(jpeg.err, "only .png"));
  const Run nowhere = program::soundalike(
      {"spectrogram", in, "-o", (folder / "no" / "in.png").string(), "--back", back, "--iterations", "1"});
  CHECK(nowhere.status != 0);
  CHECK_FALSE(fs::exists(back));
  CHECK(program::soundalike({"spectrogram", in, "-o", png, "--method", "guess"}).status == 2);
  CHECK_FALSE(fs::exists(png));
}
