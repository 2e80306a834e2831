#pragma once

#include <map>
#include <string>
#include <string_view>

#include "soundalike/error.hpp"
#include "soundalike/event_reader.hpp"

/// Does with the bytes of one record all that reading a stranger's event file does. Errors of ours are fine.
/// @return whether it was an event. Media must lie within the bytes.
inline bool fuzz_event(std::string_view data) {
  using namespace soundalike;
  std::map<std::string, std::string, std::less<>> plugins{{"a", "images"}};
  try {
    for (const LoggedValue& value : parse_event(data, 0, plugins)) {
      if (const auto* media = std::get_if<LoggedMedia>(&value.value)) {
        if (media->offset + media->length > data.size()) __builtin_trap();
      }
    }
    return true;
  } catch (const Error&) {
    return false;
  }
}
