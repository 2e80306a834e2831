#include "soundalike/pesq_command.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>

#include "base/run_command.hpp"
#include "base/temporary_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

constexpr SampleRate rate{16000.0};
constexpr int not_executable = 126, not_found = 127;  // how a shell says so
constexpr std::string_view target_word = "{target}", output_word = "{output}";

/// Mono at 16 kHz, turned down where 16 bits would clip: the measure levels both sides itself.
void write_for_pesq(const fs::path& file, AudioView audio) {
  AudioBuffer mono = resample(to_mono(audio), rate);
  const float peak = peak_of(mono.samples());
  if (peak > 0.99f) {
    for (float& x : mono.samples()) x *= 0.99f / peak;
  }
  write_audio(file, mono, SampleFormat::int16);
}

std::optional<double> last_number(const std::string& text) {
  std::optional<double> found;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    double value = 0.0;
    const auto [rest, failure] = std::from_chars(at, end, value);
    const bool begins_word = at == text.data() || !std::isalnum(static_cast<unsigned char>(at[-1]));
    if (failure == std::errc() && begins_word && std::isfinite(value)) {
      found = value;
      at = rest;
    } else {
      ++at;
    }
  }
  return found;
}

// Only what must be true of any pair: the program says the rest.
constexpr Metric any_pair{.name = PesqCommand::name,
                          .compute = [](const MetricAudio&, const MetricAudio&) { return 0.0; }};

}  // namespace

PesqCommand::PesqCommand(std::string command, double timeout_seconds)
    : command_(std::move(command)), timeout_seconds_(timeout_seconds) {
  const bool has_target = command_.find(target_word) != std::string::npos;
  const bool has_output = command_.find(output_word) != std::string::npos;
  if (command_.find_first_not_of(' ') == std::string::npos || has_target != has_output) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot measure PESQ by '{}': it takes a command with {} and {}, or with neither", command_,
                            target_word, output_word));
  }
  if (!has_target) command_ += fmt::format(" {} {}", target_word, output_word);
}

CommandEnd PesqCommand::run(AudioView output, AudioView target) const {
  const TemporaryFolder folder("soundalike-pesq");
  const fs::path target_file = folder / "target.wav", output_file = folder / "output.wav";
  write_for_pesq(target_file, target);
  write_for_pesq(output_file, output);
  return run_command(command_with(command_with(command_, target_word, target_file), output_word, output_file),
                     timeout_seconds_);
}

std::string PesqCommand::missing() const {
  AudioBuffer noise(1, 8000, rate);
  Rng rng(1);
  for (float& x : noise.samples()) x = static_cast<float>(0.2 * rng.uniform() - 0.1);
  const CommandEnd end = run(noise, noise);
  if (end.status != not_found && end.status != not_executable) return "";
  return end.complaint.empty() ? fmt::format("status {}", end.status) : end.complaint;
}

MetricValue PesqCommand::measure(const MetricAudio& output, const MetricAudio& target) const {
  if (MetricValue possible = any_pair.measure(output, target); !possible.value) return possible;
  const CommandEnd end = run(output.audio(), target.audio());
  if (end.timed_out) return MetricValue::failed(fmt::format("the PESQ command took over {} s", timeout_seconds_));
  if (end.status != 0) {
    return MetricValue::failed(fmt::format("the PESQ command failed with status {}: {}", end.status,
                                           end.complaint.empty() ? "it did not say why" : end.complaint));
  }
  const auto score = last_number(end.output);
  if (!score) return MetricValue::failed("the PESQ command printed no number");
  return MetricValue::of(*score);
}

}  // namespace soundalike
