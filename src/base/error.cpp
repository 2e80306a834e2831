#include "soundalike/error.hpp"

#include <array>

namespace soundalike {
namespace {

struct Row {
  ErrorCode code;
  std::string_view name;
  int status;
};

constexpr std::array rows{
    Row{ErrorCode::invalid_argument, "invalid_argument", 2},
    Row{ErrorCode::not_found, "not_found", 3},
    Row{ErrorCode::bad_audio, "bad_audio", 4},
    Row{ErrorCode::unsupported, "unsupported", 5},
    Row{ErrorCode::plugin_failed, "plugin_failed", 6},
    Row{ErrorCode::io, "io", 7},
    Row{ErrorCode::cancelled, "cancelled", 130},
    Row{ErrorCode::internal, "internal", 1},
};

const Row& row(ErrorCode code) {
  for (const Row& r : rows) {
    if (r.code == code) return r;
  }
  return rows.back();
}

}  // namespace

int exit_status(ErrorCode code) { return row(code).status; }
std::string_view to_string(ErrorCode code) { return row(code).name; }

}  // namespace soundalike
