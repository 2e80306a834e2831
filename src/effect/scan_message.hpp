#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace soundalike {

/// Messages between the program and `soundalike-worker --scan`: their length, then their bytes.

/// False when the other end is gone.
bool send_message(int socket, std::string_view bytes);

enum class Received { message, end, late };
/// @param deadline_seconds for the whole message; absent: waits.
Received receive_message(int socket, std::string& bytes, std::optional<double> deadline_seconds);

}  // namespace soundalike
