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
  return StylePair{file, AudioBuffer(active_excerpt(cut->first, options.maximum_seconds)),
                   AudioBuffer(active_excerpt(cut->second, options.maximum_seconds))};
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

std::vector<StylePair> style_pairs(const Corpus& corpus, Split split, const StylePairOptions& options) {
  std::vector<std::filesystem::path> files = corpus.files(split);
  std::vector<StylePair> pairs;
  for (std::uint64_t round = 0; pairs.size() < options.count; ++round) {
    Rng rng = Rng::derive(options.seed, round);
    std::vector<std::size_t> order(files.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    shuffle(order, rng);
    const std::size_t before = pairs.size();
    for (const std::size_t i : order) {
      if (pairs.size() == options.count) break;
      auto pair = pair_of(files[i], options, rng.below(2) == 1);
      if (pair) pairs.push_back(std::move(*pair));
    }
    if (pairs.size() == before) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("no pairs from the {} recordings of split '{}' below '{}': none has two halves of {} s "
                              "above {} dBFS",
                              files.size(), to_string(split), corpus.folder().string(), options.halves.minimum_seconds,
                              options.halves.silence_db));
    }
  }
  return pairs;
}

}  // namespace soundalike
