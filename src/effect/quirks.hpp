#pragma once

#include <string_view>

namespace soundalike {

/// What a plugin needs beyond what its files say. Found by measurement; each row of the table tells which.
struct Quirk {
  std::string_view uri_prefix;
  /// Wants a change of every knob before it runs: nudged values, run(0), real values, run(0), deactivate, activate.
  bool prime = false;
  /// A library it uses without being linked to it.
  std::string_view preload = {};
  /// The URI its binary goes by, where that is not the one in its files.
  std::string_view binary_uri = {};
  /// Keeps state in the library, not the instance: each render needs a process that made no instance before.
  bool isolate = false;
};

/// The quirk of a plugin; an empty one when it has none.
const Quirk& quirk_of(std::string_view plugin_uri);

}  // namespace soundalike
