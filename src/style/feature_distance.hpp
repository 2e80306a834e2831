#pragma once

#include <memory>
#include <string_view>

#include "soundalike/style_distance.hpp"
#include "style/model.hpp"

namespace soundalike::style {

/// Root mean square of the differences of the features whose name starts with `prefix`, each divided by its natural
/// variability over content.
std::unique_ptr<StyleDistance> make_feature_distance(const StyleView& view, const Model& model,
                                                     std::string_view prefix);

}  // namespace soundalike::style
