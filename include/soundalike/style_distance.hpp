#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// How a set of recordings is looked at, so that numbers can be compared: fixed once per comparison.
struct StyleView {
  SampleRate sample_rate;     ///< of every recording described with it
  double bandwidth_hz = 0.0;  ///< bands above this are left out (the lower Nyquist of the two recordings); 0: all
  std::size_t channels = 1;   ///< 2 adds stereo width
};

/// A distance between recordings that hears the effect and not the content.
///
/// A recording is described once, by statistics that do not depend on what is said or played; two descriptions are
/// compared in nanoseconds. Small for the same effect and settings on other content, large for another effect on the
/// same content. 1 is about as far as two excerpts of one recording with one effect are apart.
///
///   auto style = make_style_distance("style", {SampleRate{24000}});
///   double d = style->distance(style->describe(output), style->describe(reference));
///
/// Level-invariant. All methods const and safe from many threads.
class StyleDistance {
 public:
  using Description = std::vector<float>;

  virtual ~StyleDistance() = default;
  /// Finite for every finite recording, silence included. @throws Error invalid_argument for another rate or channels,
  /// or fewer frames than 50 ms.
  virtual Description describe(AudioView recording) const = 0;
  /// Symmetric, >= 0, 0 for equal descriptions.
  virtual double distance(std::span<const float> a, std::span<const float> b) const = 0;
  /// Name of each feature of a description, e.g. "ltas.mean.12": for fits and reports.
  virtual const std::vector<std::string>& feature_names() const = 0;
};

/// One row per distance.
struct StyleDistanceKind {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<StyleDistance> (*make)(const StyleView&);
};
std::span<const StyleDistanceKind> style_distances();

/// @throws Error invalid_argument naming the known distances.
std::unique_ptr<StyleDistance> make_style_distance(std::string_view name, const StyleView& view);

}  // namespace soundalike
