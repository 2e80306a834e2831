#pragma once

#include "option.hpp"
#include "soundalike/matcher.hpp"

namespace soundalike::cli {

/// Names of the catalogues' rows, for options that choose one.
Words distance_names();
Words search_names();

/// "consensus", "nearest": for a --decide option, and back.
Words decision_names();
Decision parse_decision(std::string_view name);

}  // namespace soundalike::cli
