#pragma once

#include <span>
#include <vector>

#include "soundalike/controller.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike {

/// Where a controller expects the settings, as a change of coordinates: evenly drawn points of the unit box become
/// points of the settings space as densely as they are expected there, so a search that goes evenly over the box, or
/// takes steps of one size in it, follows the prediction.
///
/// Knob by knob: the probabilities of the parts of its range, else a normal distribution around the predicted setting,
/// cut at the ends of the range; mixed with an even one, so that every setting stays in reach; categories by their
/// probabilities. Knobs that the controller does
/// not predict stay as they are. Const methods, safe from many threads.
class Proposal {
 public:
  /// @param effects, knobs of the controller; the effects must be the chain's.
  Proposal(const SettingsSpace& space, std::span<const EffectListing> chain, std::span<const ControlledEffect> effects,
           std::span<const KnobPrediction> knobs);

  /// The predicted point of the settings space: choose() of each knob.
  std::vector<double> center() const;
  /// Whether center() is a hedge in every number, and no guess between likely places.
  bool center_is_mean() const;
  /// Knob by knob the likeliest place, which where two are likely is no mean between them.
  std::vector<double> likeliest() const;
  /// A point of the unit box to one of the settings space.
  std::vector<double> spread_out(std::span<const double> even) const;
  /// The way back; of categories the middle of their share.
  std::vector<double> even_out(std::span<const double> point) const;

 private:
  struct Knob {
    bool predicted = false;
    double mean = 0.5;    // in units of the range
    double choice = 0.5;  // what to set it to where nothing else is known, in the same units
    bool hedged = true;   // that is no guess between likely places
    double deviation = 0.0;
    std::vector<double> shares{};  // of categories: their cumulated probabilities, from 0 to 1
    std::vector<double> parts{};   // of a number's range, where they are known: the same
    double likeliest = 0.5;        // place in that range
    double parts_low = 0.0;        // that range, in units of the free one
    double parts_width = 1.0;
  };
  static double expected_below(const Knob& knob, double x);
  static double cumulated(const Knob& knob, double x);

  std::vector<Knob> knobs_;
};

/// @throws Error invalid_argument, naming the controller, when it is for other effects than the chain's, or for
/// versions of them with other parameters.
void check_controller(const Controller& controller, std::span<const EffectListing> chain);

}  // namespace soundalike
