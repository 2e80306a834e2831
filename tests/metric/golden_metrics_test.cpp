#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "fixtures/golden_signals.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/metric.hpp"

using namespace soundalike;

namespace {

constexpr double seconds = 4.0;
constexpr double least = 0.01;  // errors are relative to no less: intelligibility scores may be next to 0

/// Louder, with an echo, hissing and clipped: degraded() of tools/golden/metrics.py, bit for bit.
AudioBuffer degraded(AudioView target) {
  AudioBuffer out(target);
  for (std::size_t c = 0; c < target.channels(); ++c) {
    const auto x = target.channel(c);
    const auto hiss = golden::noise(static_cast<std::uint32_t>(c + 1), x.size());
    const float gain = 1.75f + 0.5f * static_cast<float>(c);
    const std::size_t late = 97 + 60 * c;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const float echo = i < late ? 0.0f : x[i - late];
      const float y = (gain * x[i] + 0.375f * echo) + hiss[i] / 512.0f;
      out.channel(c)[i] = std::clamp(y, -0.3125f, 0.3125f);
    }
  }
  return out;
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');) out.push_back(cell);
  return out;
}

/// The largest relative error allowed. Where both sides only add and multiply, doubles agree to 1e-6; STFTs are of
/// single precision here and of double there.
double tolerance(std::string_view metric) {
  static const std::map<std::string_view, double> exact{
      {"rms-error", 1e-6}, {"lufs-error", 1e-6},     {"crest-error", 1e-6}, {"stereo-width-error", 1e-6},
      {"esr", 1e-6},       {"esr-emphasised", 1e-6}, {"si-sdr", 1e-6}};
  const auto found = exact.find(metric);
  return found == exact.end() ? 1e-4 : found->second;
}

}  // namespace

TEST_CASE("a_hundred_recordings_measure_as_by_public_implementations") {
  const char* corpus = std::getenv("SOUNDALIKE_CORPUS");
  const char* source = std::getenv("SOUNDALIKE_SOURCE");
  if (corpus == nullptr || source == nullptr) {
    MESSAGE("skipped: SOUNDALIKE_CORPUS is not set");
    return;
  }
  std::ifstream file(std::filesystem::path(source) / "tests/metric/golden_metrics.tsv");
  std::string line;
  REQUIRE(std::getline(file, line));
  const auto names = cells(line);
  REQUIRE(names.size() == metrics().size() + 1);
  std::map<std::string, double> worst;
  std::map<std::string, std::size_t> missing;
  std::size_t recordings = 0;
  while (std::getline(file, line)) {
    const auto golden = cells(line);
    REQUIRE(golden.size() == names.size());
    CAPTURE(golden[0]);
    const AudioBuffer whole = read_audio(std::filesystem::path(corpus) / golden[0]);
    const AudioView audio = whole.view().excerpt(0, static_cast<std::size_t>(seconds * whole.sample_rate().hz));
    const AudioBuffer made = degraded(audio);
    const MetricAudio output(made), target(audio);
    for (std::size_t i = 1; i < names.size(); ++i) {
      CAPTURE(names[i]);
      const MetricValue found = find_metric(names[i]).measure(output, target);
      if (golden[i] == "?" || golden[i] == "-") {
        if (golden[i] == "-") CHECK_FALSE(found.value);
        ++missing[names[i]];
        continue;
      }
      REQUIRE_MESSAGE(found.value, found.failure);
      const double wanted = std::stod(golden[i]);
      const double error = std::abs(*found.value - wanted) / std::max(std::abs(wanted), least);
      CHECK_MESSAGE(error < tolerance(names[i]), *found.value, " instead of ", wanted);
      worst[names[i]] = std::max(worst[names[i]], error);
    }
    ++recordings;
  }
  CHECK(recordings == 100);
  for (const auto& [name, error] : worst) {
    MESSAGE(name, ": largest relative error ", error, ", ", recordings - missing[name], " recordings");
  }
}
