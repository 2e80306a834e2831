#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/effect_library.hpp"
#include "soundalike/profile.hpp"

namespace soundalike {

/// Which knobs of a chain move and where the others stay: the map between a search's points and full settings.
///
/// Starts from the effects' profiles; pins and frees change it. Knob names in pins and frees are parameter ids or names
/// (case ignored). In a chain an id belongs to the first effect unless it carries the place of another ("2.gain"); a
/// name that occurs twice is refused.
///
///   SettingsSpace space({listing}, {find_profile(listing)});
///   space.pin("output", "-6 dB");
///   auto settings = space.expand(point);   // [parameters], ready to render
class SettingsSpace {
 public:
  /// One free knob.
  struct Knob {
    std::size_t parameter = 0;  ///< index into parameters()
    float low = 0.0f;           ///< searched range, normalised
    float high = 1.0f;
    float step = 0.01f;          ///< for gradients, normalised
    std::size_t categories = 0;  ///< > 0 for choices (their count) and toggles (2)
  };

  /// @param profiles one per listing, in its order.
  SettingsSpace(std::span<const EffectListing> chain, std::span<const Profile> profiles);

  /// All parameters of the chain, ids as in EffectChain.
  const std::vector<Parameter>& parameters() const { return parameters_; }
  const std::vector<Knob>& free() const { return free_; }
  /// Where a search starts and fixed knobs stay: [parameters], normalised.
  const std::vector<float>& base() const { return base_; }

  /// Fixes a knob at a value as people write it: a plain number with or without the knob's unit ("-12", "250 Hz"), a
  /// share of its range ("50 %" for a knob whose unit is not %), a choice's label, "on" or "off".
  /// @throws Error not_found for the name (naming near ones), invalid_argument for the value (naming the range).
  void pin(std::string_view knob, std::string_view value);
  /// Makes a fixed knob free over its whole range. @throws Error not_found.
  void release(std::string_view knob);

  /// A point (one value in [0, 1] per free knob) to settings [parameters].
  std::vector<float> expand(std::span<const double> point) const;
  /// The point nearest to settings.
  std::vector<double> point_of(std::span<const float> settings) const;

  /// Index of a parameter by id or name. @throws Error not_found, or invalid_argument when ambiguous.
  std::size_t index_of(std::string_view knob) const;

 private:
  std::vector<Parameter> parameters_;
  std::vector<Knob> free_;
  std::vector<float> base_;
};

/// The parameters of effects in series with the ids that EffectChain gives them.
std::vector<Parameter> chain_parameters(std::span<const EffectListing> chain);

}  // namespace soundalike
