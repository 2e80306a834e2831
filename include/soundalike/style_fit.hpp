#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/style_distance.hpp"

namespace soundalike {

/// Raw statistics of recordings, before any weight: what fits are made of.
class StyleFeatures {
 public:
  explicit StyleFeatures(const StyleView& view);
  ~StyleFeatures();
  StyleFeatures(StyleFeatures&&) noexcept;
  StyleFeatures& operator=(StyleFeatures&&) noexcept;

  /// One value per name; safe from many threads. @throws Error as StyleDistance::describe().
  std::vector<float> extract(AudioView recording) const;
  const std::vector<std::string>& names() const;
  /// Which features the view's bandwidth carries; the others are 0.
  const std::vector<bool>& mask() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct StyleFitOptions {
  /// Axes kept; more follow finer differences, and cost memory: 1000 numbers each.
  std::size_t rank = 64;
  /// Share of an independent error of every feature mixed into the content covariance, 0 ... 1; larger trusts
  /// correlations between features less.
  double shrinkage = 0.2;
};

/// Fits the model behind the style distances: how much each feature varies with content, and the axes along which
/// effects differ most for the content noise they carry (linear discriminant analysis: within covariance from renders
/// of the same settings on two contents, between covariance from the settings of one effect on one content).
///
///   StyleFit fit;
///   for (...) fit.add(features, on_first_half, on_second_half);
///   write_file("models/style/style.json", fit.model({.rank = 64}, provenance_json));
class StyleFit {
 public:
  StyleFit();
  ~StyleFit();

  /// Renders of one effect on one recording: `first[i]` and `second[i]` have the same settings and different content.
  /// @throws Error invalid_argument for counts that differ or are under 2.
  void add(const StyleFeatures& features, std::span<const std::vector<float>> first,
           std::span<const std::vector<float>> second);
  /// The model file. @param provenance a JSON object: corpus, split, seed, effects, command.
  /// @throws Error invalid_argument when nothing was added.
  std::string model(const StyleFitOptions& options, std::string_view provenance) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The distance a model file describes, as make_style_distance(name) but with that model instead of the built-in one.
/// @throws Error invalid_argument for an unknown name or a broken model, naming what is wrong in it.
std::unique_ptr<StyleDistance> make_style_distance(std::string_view name, const StyleView& view,
                                                   std::string_view model);

}  // namespace soundalike
