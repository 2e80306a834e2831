#include "match/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr double block_seconds = 0.5;
constexpr double excerpt_seconds = 5.0;
constexpr double fade_seconds = 0.01;
constexpr double floor_db = -120.0;
constexpr double quietest_peak_db = -140.0;  // the last bit of 24 is at -138 dBFS

double db_of_energy(double energy) { return energy > 0.0 ? std::max(floor_db, 10.0 * std::log10(energy)) : floor_db; }

double spread(const std::vector<double>& values) {
  if (values.size() < 2) return 0.0;
  double mean = 0.0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  double variance = 0.0;
  for (const double v : values) variance += (v - mean) * (v - mean) / static_cast<double>(values.size());
  return std::sqrt(variance);
}

// Level and brightness (level of the first difference against the level) of one block, over all channels.
std::pair<double, double> describe_block(AudioView block) {
  double energy = 0.0;
  double difference = 0.0;
  for (std::size_t c = 0; c < block.channels(); ++c) {
    const auto x = block.channel(c);
    for (std::size_t i = 0; i < x.size(); ++i) {
      energy += static_cast<double>(x[i]) * x[i];
      const double d = i > 0 ? static_cast<double>(x[i]) - x[i - 1] : 0.0;
      difference += d * d;
    }
  }
  const double samples = static_cast<double>(std::max<std::size_t>(1, block.frames() * block.channels()));
  const double level = db_of_energy(energy / samples);
  return {level, db_of_energy(difference / samples) - level};
}

AudioBuffer read_at(AudioFileReader& reader, std::size_t first, std::size_t frames) {
  reader.seek(first);
  return reader.read(frames);
}

// `b` after `a` with the last and first `fade` frames laid over each other.
AudioBuffer join(AudioView a, AudioView b, std::size_t fade) {
  fade = std::min({fade, a.frames(), b.frames()});
  AudioBuffer result(a.channels(), a.frames() + b.frames() - fade, a.sample_rate());
  for (std::size_t c = 0; c < a.channels(); ++c) {
    auto to = result.channel(c);
    std::ranges::copy(a.channel(c), to.begin());
    const std::size_t start = a.frames() - fade;
    for (std::size_t i = 0; i < b.frames(); ++i) {
      const double phase = i < fade ? (static_cast<double>(i) + 0.5) / static_cast<double>(fade) : 1.0;
      const float in = static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * phase));
      to[start + i] = (i < fade ? to[start + i] * (1.0f - in) : 0.0f) + b.channel(c)[i] * in;
    }
  }
  return result;
}

}  // namespace

std::vector<std::size_t> choose_excerpts(const std::vector<double>& level_db, const std::vector<double>& brightness_db,
                                         std::size_t length, std::size_t count) {
  const std::size_t blocks = level_db.size();
  if (blocks <= length) return {0};
  std::vector<double> sorted = level_db;
  std::ranges::sort(sorted);
  const double loud = sorted[static_cast<std::size_t>(0.95 * static_cast<double>(blocks - 1))];

  std::vector<std::pair<double, std::size_t>> scores;
  for (std::size_t start = 0; start + length <= blocks; ++start) {
    std::vector<double> levels;
    std::vector<double> brightnesses;
    for (std::size_t i = start; i < start + length; ++i) {
      if (level_db[i] < loud - 20.0) continue;
      levels.push_back(level_db[i]);
      brightnesses.push_back(brightness_db[i]);
    }
    const double active = static_cast<double>(levels.size()) / static_cast<double>(length);
    const double variety = std::min(1.0, spread(levels) / 6.0) + std::min(1.0, spread(brightnesses) / 6.0);
    scores.emplace_back(-(active + 0.1 * variety), start);
  }
  std::ranges::sort(scores);
  std::vector<std::size_t> chosen;
  for (const auto& [score, start] : scores) {
    const auto apart = [&, s = start](std::size_t other) { return s >= other + length || other >= s + length; };
    if (std::ranges::all_of(chosen, apart)) chosen.push_back(start);
    if (chosen.size() == count) break;
  }
  std::ranges::sort(chosen);
  return chosen;
}

FileDigest digest_file(const std::filesystem::path& path, double seconds) {
  AudioFileReader reader(path);
  FileDigest digest;
  digest.info = reader.info();
  const double rate = digest.info.sample_rate.hz;
  const auto block = static_cast<std::size_t>(std::max(1.0, std::round(rate * block_seconds)));
  LoudnessMeter meter(digest.info.channels, digest.info.sample_rate);
  std::vector<double> level;
  std::vector<double> brightness;
  std::size_t frames = 0;
  for (;;) {
    const AudioBuffer audio = reader.read(block);
    if (audio.frames() == 0) break;
    meter.add(audio);
    const auto [l, b] = describe_block(audio);
    level.push_back(l);
    brightness.push_back(b);
    frames += audio.frames();
  }
  digest.info.frames = frames;
  digest.levels = meter.levels();
  if (!std::isfinite(digest.levels.peak_db)) {
    throw Error(ErrorCode::bad_audio, fmt::format("cannot match '{}': it is all digital silence", path.string()));
  }
  if (digest.levels.peak_db < quietest_peak_db) {
    throw Error(ErrorCode::bad_audio, fmt::format("cannot match '{}': it is silence, its peak is {:.0f} dBFS",
                                                  path.string(), digest.levels.peak_db));
  }
  if (static_cast<double>(frames) <= seconds * rate) {
    digest.clip = read_at(reader, 0, frames);
    return digest;
  }
  const double length_seconds = std::min(seconds, excerpt_seconds);
  const auto length = static_cast<std::size_t>(std::max(1.0, std::round(length_seconds / block_seconds)));
  const auto count = static_cast<std::size_t>(std::max(1.0, std::floor(seconds / length_seconds)));
  for (const std::size_t start : choose_excerpts(level, brightness, length, count)) {
    // The last block may be a short one; the excerpt then begins earlier, so that it is as long as the others.
    const AudioBuffer part = read_at(reader, std::min(start * block, frames - length * block), length * block);
    digest.clip = digest.clip.frames() == 0 ? AudioBuffer(part)
                                            : join(digest.clip, part, static_cast<std::size_t>(fade_seconds * rate));
  }
  return digest;
}

}  // namespace soundalike
