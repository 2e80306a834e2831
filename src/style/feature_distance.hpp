#pragma once

#include <string_view>

#include "soundalike/style_distance.hpp"
#include "style/features.hpp"

namespace soundalike::style {

/// Root mean square of the differences of the features whose name starts with `prefix`, each divided by its natural
/// variability over content.
std::unique_ptr<StyleDistance> make_feature_distance(const StyleView& view, std::string_view prefix);

}  // namespace soundalike::style
