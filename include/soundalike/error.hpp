#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace soundalike {

/// What kind of thing went wrong. One table maps each kind to a name and a process exit status.
enum class ErrorCode {
  invalid_argument,  ///< a value, option or count that cannot work
  not_found,         ///< a file, effect or name that does not exist
  bad_audio,         ///< a file that is not audio, is truncated, empty, or holds NaN
  unsupported,       ///< real, but outside what the program handles (8 channels, a MIDI instrument)
  plugin_failed,     ///< a plugin crashed, hung, or returned NaN
  io,                ///< reading or writing failed (full disk, no permission)
  cancelled,         ///< the user stopped it before there was a result
  internal,          ///< a bug in soundalike
};

/// Exit status of the program for an error: 2 invalid_argument, 3 not_found, 4 bad_audio, 5 unsupported,
/// 6 plugin_failed, 7 io, 130 cancelled, 1 internal.
int exit_status(ErrorCode code);

/// "invalid_argument", "not_found", ...: stable names for JSON.
std::string_view to_string(ErrorCode code);

/// The one exception of the library. The message is for people: what failed, on what, what was found, what would work.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace soundalike
