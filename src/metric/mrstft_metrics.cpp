#include "metric/rows.hpp"
#include "soundalike/mrstft.hpp"

namespace soundalike::metric {
namespace {

// Longer targets are analysed again for each output: their magnitudes would take more memory than the audio.
constexpr std::size_t kept_samples = 1 << 20;

bool is_kept(AudioView target) { return target.channels() * target.frames() <= kept_samples; }

template <MrstftOptions (*options)()>
struct KeptTarget {
  explicit KeptTarget(AudioView target) : mrstft(target, options()) {}
  Mrstft mrstft;
};

template <MrstftOptions (*options)()>
double compare(const MetricAudio& output, const MetricAudio& target) {
  if (!is_kept(target.audio())) return soundalike::mrstft(output.audio(), target.audio(), options());
  return target.feature<KeptTarget<options>>().mrstft.distance(output.audio());
}

/// Left + right and left - right, each a recording of one channel.
struct SumAndDifference {
  explicit SumAndDifference(AudioView audio)
      : sum(1, audio.frames(), audio.sample_rate()), difference(1, audio.frames(), audio.sample_rate()) {
    const auto left = audio.channel(0), right = audio.channel(1);
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      sum.channel(0)[i] = left[i] + right[i];
      difference.channel(0)[i] = left[i] - right[i];
    }
  }
  AudioBuffer sum, difference;
};

struct KeptSumAndDifference {
  explicit KeptSumAndDifference(AudioView target) : KeptSumAndDifference(SumAndDifference(target)) {}
  explicit KeptSumAndDifference(const SumAndDifference& target)
      : sum(target.sum, MrstftOptions::auraloss()), difference(target.difference, MrstftOptions::auraloss()) {}
  Mrstft sum, difference;
};

double compare_sum_and_difference(const MetricAudio& output, const MetricAudio& target) {
  const SumAndDifference found(output.audio());
  if (is_kept(target.audio())) {
    const auto& kept = target.feature<KeptSumAndDifference>();
    return 0.5 * (kept.sum.distance(found.sum) + kept.difference.distance(found.difference));
  }
  const SumAndDifference wanted(target.audio());
  const MrstftOptions options = MrstftOptions::auraloss();
  return 0.5 * (soundalike::mrstft(found.sum, wanted.sum, options) +
                soundalike::mrstft(found.difference, wanted.difference, options));
}

}  // namespace

constexpr Metric mrstft{.name = "mrstft",
                        .summary = "multi-resolution STFT distance: spectral convergence and log magnitude",
                        .source = "Yamamoto et al. 2020; auraloss 0.4 MultiResolutionSTFTLoss()",
                        .needs = {.frames = 1025, .sounding_output = false, .sounding_target = false},
                        .compute = compare<MrstftOptions::auraloss>};

constexpr Metric mrstft_original{
    .name = "mrstft-original",
    .summary = "multi-resolution STFT distance of the original system: log and linear magnitude, FFT 32 to 32768",
    .source = "Style Transfer for Non-differentiable Audio Effects, 2023, through auraloss 0.4",
    .needs = {.frames = 16385, .sounding_output = false, .sounding_target = false},
    .compute = compare<MrstftOptions::original>};

constexpr Metric mrstft_sum_difference{
    .name = "mrstft-sum-difference",
    .summary = "mean of the multi-resolution STFT distances of left + right and left - right",
    .source = "Steinmetz et al. 2020; auraloss 0.4 SumAndDifferenceSTFTLoss, resolutions of mrstft",
    .needs = {.channels = 2, .frames = 1025, .sounding_output = false, .sounding_target = false},
    .compute = compare_sum_and_difference};

}  // namespace soundalike::metric
