#pragma once

#include <fmt/format.h>

#include <exception>
#include <mutex>
#include <string>

#include "effect/flush_to_zero.hpp"
#include "soundalike/error.hpp"

namespace soundalike {

/// Calls into a plugin: denormals flushed, exceptions translated.
template <typename Call>
auto call_plugin(const std::string& name, Call&& plugin_code) {
  const FlushToZero flush;
  try {
    return plugin_code();
  } catch (const std::exception& e) {
    throw Error(ErrorCode::plugin_failed, fmt::format("'{}' failed: it threw: {}", name, e.what()));
  } catch (...) {
    throw Error(ErrorCode::plugin_failed, fmt::format("'{}' failed: it threw an exception", name));
  }
}

/// Held while instances come and go: plugins of one library may share variables that their constructors and destructors
/// write.
inline std::mutex& plugin_life_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace soundalike
