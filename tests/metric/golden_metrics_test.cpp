#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <sstream>
#include <string>
#include <utility>
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

/// made() of tools/golden/metrics.py: plucked notes that follow one another over noise.
AudioBuffer made(std::size_t channels) {
  AudioBuffer out(channels, static_cast<std::size_t>(seconds * golden::rate.hz), golden::rate);
  for (std::size_t c = 0; c < channels; ++c) {
    const auto hiss = golden::noise(static_cast<std::uint32_t>(11 + c), out.frames());
    for (std::size_t i = 0; i < out.frames(); ++i) {
      const double hz = 110.0 * static_cast<double>((1 + c) * (1 + i / 6000 % 5));
      const double t = static_cast<double>(i % 6000) / golden::rate.hz;
      const auto tone = static_cast<float>(std::sin(2.0 * std::numbers::pi * (hz * t)) * std::exp(-8.0 * t));
      out.channel(c)[i] = tone * 0.25f + hiss[i] * (1.0f / 128.0f);
    }
  }
  return out;
}

/// What the metrics say beside what public implementations said, row by row of the table.
class Comparison {
 public:
  explicit Comparison(std::vector<std::string> names) : names_(std::move(names)) {}

  void add(AudioView target, const std::vector<std::string>& golden) {
    REQUIRE(golden.size() == names_.size());
    const AudioBuffer made = degraded(target);
    const MetricAudio measured_output(made), measured_target(target);
    for (std::size_t i = 1; i < names_.size(); ++i) {
      CAPTURE(names_[i]);
      const MetricValue found = find_metric(names_[i]).measure(measured_output, measured_target);
      if (golden[i] == "?" || golden[i] == "-") {
        if (golden[i] == "-") CHECK_FALSE(found.value);
        continue;
      }
      REQUIRE_MESSAGE(found.value, found.failure);
      const double wanted = std::stod(golden[i]);
      const double error = std::abs(*found.value - wanted) / std::max(std::abs(wanted), least);
      CHECK_MESSAGE(error < tolerance(names_[i]), *found.value, " instead of ", wanted);
      auto& [worst, count] = found_[names_[i]];
      worst = std::max(worst, error);
      ++count;
    }
    ++rows_;
  }
  std::size_t rows() const { return rows_; }
  void tell() const {
    for (const auto& [name, result] : found_) {
      MESSAGE(name, ": largest relative error ", result.first, ", ", result.second, " recordings");
    }
  }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::pair<double, std::size_t>> found_;
  std::size_t rows_ = 0;
};

/// The table, its heading first.
std::vector<std::vector<std::string>> table() {
  const char* source = std::getenv("SOUNDALIKE_SOURCE");
  REQUIRE(source != nullptr);
  std::ifstream file(std::filesystem::path(source) / "tests/metric/golden_metrics.tsv");
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) rows.push_back(cells(line));
  REQUIRE(rows.size() == 1 + 2 + 100);
  REQUIRE(rows[0].size() == metrics().size() + 1);
  return rows;
}

}  // namespace

TEST_CASE("made_signals_measure_as_by_public_implementations") {
  const auto rows = table();
  Comparison comparison(rows[0]);
  comparison.add(made(1), rows[1]);
  comparison.add(made(2), rows[2]);
}

TEST_CASE("a_hundred_recordings_measure_as_by_public_implementations") {
  const char* corpus = std::getenv("SOUNDALIKE_CORPUS");
  if (corpus == nullptr) {
    MESSAGE("skipped: SOUNDALIKE_CORPUS is not set");
    return;
  }
  const auto rows = table();
  Comparison comparison(rows[0]);
  for (std::size_t i = 3; i < rows.size(); ++i) {
    CAPTURE(rows[i][0]);
    const AudioBuffer whole = read_audio(std::filesystem::path(corpus) / rows[i][0]);
    comparison.add(whole.view().excerpt(0, static_cast<std::size_t>(seconds * whole.sample_rate().hz)), rows[i]);
  }
  comparison.tell();
}
