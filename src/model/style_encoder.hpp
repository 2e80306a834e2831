#pragma once

#include <memory>

#include "model/plan.hpp"
#include "soundalike/encoder_network.hpp"

namespace soundalike::model {

/// Our own encoder: the axes of the style distance (fitted, and kept as they are) plus what a perceptron adds to them.
///
/// It learns from renders of the same settings on several contents, with the difference that settings make on one
/// content (EncoderBatch::difference, in dB):
///   * the distance of two embeddings is to be 3 log(1 + difference / 3), whatever the contents: a dB counts for less
///     where settings differ by many;
///   * among all candidates, a softmax over minus the squared distance is to prefer those that sound alike
///     (cross-entropy to exp(-difference^2 / 2): neighbours that nobody can tell apart are not held against it).
Plan style_plan();
FrontEndChoice style_choice();
std::unique_ptr<EncoderNetwork> make_style_encoder(std::string_view name, FrontEndChoice front_end, const Plan& plan,
                                                   std::uint64_t seed);

}  // namespace soundalike::model
