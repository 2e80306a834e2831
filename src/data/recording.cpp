#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "soundalike/audio_file.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/error.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

AudioBuffer with_channels(AudioBuffer audio, std::size_t channels) {
  if (audio.channels() == channels) return audio;
  if (channels == 1) return to_mono(audio);
  AudioBuffer doubled(2, audio.frames(), audio.sample_rate());
  for (std::size_t c = 0; c < 2; ++c) std::ranges::copy(std::as_const(audio).channel(0), doubled.channel(c).begin());
  return doubled;
}

// Fisher-Yates: the library's shuffle may differ between compilers.
void shuffle(std::vector<std::size_t>& order, Rng& rng) {
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
}

std::optional<StylePair> pair_of(const std::filesystem::path& file, const StylePairOptions& options, bool swapped) {
  const AudioBuffer audio = load_recording(file, options.load);
  auto cut = halves(audio, options.halves);
  if (!cut) return std::nullopt;
  if (swapped) std::swap(cut->first, cut->second);
  const AudioView input = active_excerpt(cut->first, options.maximum_seconds);
  const AudioView reference = active_excerpt(cut->second, options.maximum_seconds);
  const auto first_of = [&](AudioView part) {
    return static_cast<std::size_t>(part.channel(0).data() - audio.channel(0).data());
  };
  return StylePair{file, AudioBuffer(input), AudioBuffer(reference), first_of(input), first_of(reference)};
}

}  // namespace

AudioBuffer load_recording(const std::filesystem::path& file, const LoadOptions& options) {
  if (options.channels && *options.channels != 1 && *options.channels != 2) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot load '{}' with {} channels; 1 and 2 work", file.string(), *options.channels));
  }
  AudioFileReader reader(file);
  const double limit = std::max(0.0, options.maximum_seconds) * reader.info().sample_rate.hz;
  AudioBuffer audio = reader.read(limit < static_cast<double>(reader.info().frames) ? static_cast<std::size_t>(limit)
                                                                                    : reader.info().frames);
  if (options.channels) audio = with_channels(std::move(audio), *options.channels);
  if (options.sample_rate && !(*options.sample_rate == audio.sample_rate())) {
    audio = resample(audio, *options.sample_rate);
  }
  return audio;
}

std::vector<StylePairPlan> plan_style_pairs(std::span<const std::filesystem::path> files,
                                            const StylePairOptions& options) {
  std::vector<StylePairPlan> plans;
  for (std::uint64_t round = 0; plans.size() < options.count; ++round) {
    Rng rng = Rng::derive(options.seed, round);
    std::vector<std::size_t> order(files.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    shuffle(order, rng);
    const std::size_t before = plans.size();
    for (const std::size_t i : order) {
      if (plans.size() == options.count) break;
      const bool swapped = rng.below(2) == 1;
      const AudioBuffer audio = load_recording(files[i], options.load);
      const auto parts = halves(audio, options.halves);
      if (!parts) continue;
      const auto most = static_cast<std::size_t>(options.maximum_seconds * audio.sample_rate().hz);
      plans.push_back(
          {files[i], swapped, audio.sample_rate(), audio.channels(), std::min(parts->first.frames(), most)});
    }
    if (plans.size() == before) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("no pairs from the {} recordings: none has two halves of {} s above {} dBFS",
                              files.size(), options.halves.minimum_seconds, options.halves.silence_db));
    }
  }
  return plans;
}

StylePair load_style_pair(const StylePairPlan& plan, const StylePairOptions& options) {
  auto pair = pair_of(plan.file, options, plan.swapped);
  if (pair) return std::move(*pair);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("'{}' has no two halves any more: the file has changed", plan.file.string()));
}

std::vector<StylePair> style_pairs(const Corpus& corpus, Split split, const StylePairOptions& options) {
  std::vector<StylePair> pairs;
  try {
    for (const auto& plan : plan_style_pairs(corpus.files(split), options)) {
      pairs.push_back(load_style_pair(plan, options));
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_argument) throw;
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot use split '{}' below '{}': {}", to_string(split),
                                                         corpus.folder().string(), error.what()));
  }
  return pairs;
}

}  // namespace soundalike
