#pragma once

#include "option.hpp"

namespace soundalike::cli {

/// Names of the catalogues' rows, for options that choose one.
Words distance_names();
Words search_names();

}  // namespace soundalike::cli
