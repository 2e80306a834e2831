#pragma once

#include "method_names.hpp"
#include "option.hpp"

namespace soundalike::cli {

/// How a match looks for settings.
inline constexpr auto method_options = std::to_array<Option>(
    {{.name = "distance",
      .kind = ValueKind::choice,
      .value = "NAME",
      .fallback = "style",
      .choices = distance_names,
      .group = "method",
      .help = "what counts as near"},
     {.name = "search",
      .kind = ValueKind::choice,
      .value = "NAME",
      .fallback = "auto",
      .choices = search_names,
      .group = "method",
      .help = "how the settings are searched"},
     {.name = "decide",
      .kind = ValueKind::choice,
      .value = "RULE",
      .fallback = "consensus",
      .choices = decision_names,
      .group = "method",
      .help = "which render to take: the one that is least wrong to be expected, or the nearest"},
     {.name = "init",
      .kind = ValueKind::choice,
      .value = "START",
      .choices = start_names,
      .group = "method",
      .help = "where the search begins: where a controller expects the settings, at the effect's profile, or anywhere; "
              "default: predict for effects that have a controller (soundalike models)"},
     {.name = "controller",
      .kind = ValueKind::input_file,
      .value = "FILE",
      .group = "method",
      .help = "predict with this controller instead of the one that ships"}});

}  // namespace soundalike::cli
