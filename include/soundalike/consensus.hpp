#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// Sketches of renders of ONE input, to compare them moment by moment: log-mel levels, 40 bands every 21 ms, level
/// matched, in steps of 0.4 dB: comparing two of 10 s takes about a microsecond. Const methods, safe from many threads.
class RenderSketcher {
 public:
  using Sketch = std::vector<std::uint8_t>;

  explicit RenderSketcher(SampleRate rate);
  ~RenderSketcher();
  RenderSketcher(RenderSketcher&&) noexcept;
  RenderSketcher& operator=(RenderSketcher&&) noexcept;

  /// 40 levels per 21 ms; stereo is looked at through its mid. Finite for silence.
  /// @throws Error invalid_argument for another rate or no frames.
  Sketch sketch(AudioView render) const;
  /// Mean absolute difference in dB. Symmetric, 0 for equal sketches. @throws Error invalid_argument for other lengths.
  static double difference(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Chooses the render that is least wrong to be expected, instead of the one that is nearest in style.
///
/// The nearest is one of many settings that explain the reference about as well; some of them sound quite different on
/// the input, and the nearest may be such an extreme one. Each candidate i is taken to be the truth with weight
/// exp(-(d_i^2 - min d^2) / (2 s^2)) with s = t max(1, min d) (distances of 1 are what content alone makes, so where
/// all fit worse than that, all count for less), and the one with the least weighted mean difference to all of them is
/// chosen: the minimum Bayes risk decision. The weights are those of settings drawn evenly; where a search has crowded
/// some part of the box, `crowding` takes that out again. The dry input belongs among the candidates.
///
/// @param distances style distances ("style") to the reference, one per candidate; not finite: never chosen or weighed.
/// @param sketches of the same candidates, all of one length.
/// @param temperature t, in units of the distance; smaller trusts the nearest more, larger hedges more.
/// @param crowding per candidate, how densely candidates lie around it, in any one unit: its weight is divided by that.
///        Empty: all alike.
/// @return the index of the choice. @throws Error invalid_argument for none, or counts that differ.
std::size_t least_expected_difference(std::span<const double> distances,
                                      std::span<const RenderSketcher::Sketch> sketches, double temperature = 0.5,
                                      std::span<const double> crowding = {});

/// How densely points in [0, 1]^n lie around each of them: a Gaussian kernel estimate with the normal-reference width
/// 0.3 * count^(-1 / (n + 4)) (Silverman 1986; 0.3 is about the spread of a uniform coordinate). At least 1.
std::vector<double> crowding_of(std::span<const std::vector<double>> points);

}  // namespace soundalike
