#pragma once

#include "option.hpp"
#include "soundalike/matcher.hpp"

namespace soundalike::cli {

/// Names of the catalogues' rows, for options that choose one.
Words distance_names();
Words search_names();

/// "predict", "default", "random": for an --init option, and back; anything else is Start::automatic.
Words start_names();
Start parse_start(std::string_view name);

/// "consensus", "nearest": for a --decide option, and back.
Words decision_names();
Decision parse_decision(std::string_view name);

}  // namespace soundalike::cli
