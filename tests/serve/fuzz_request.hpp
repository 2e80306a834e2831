#pragma once

#include <string>
#include <string_view>

#include "serve/json_input.hpp"
#include "serve/request.hpp"
#include "serve/response.hpp"
#include "serve/router.hpp"
#include "soundalike/error.hpp"
#include "soundalike/map_outline.hpp"

/// Does with a stranger's bytes what the server does before it knows whose they are: as an address, as a range, as a
/// body, as a map's outline. Errors of ours are fine.
inline void fuzz_request(std::string_view bytes) {
  using namespace soundalike;
  using namespace soundalike::serve;
  const auto try_to = [](auto&& action) {
    try {
      action();
    } catch (const Error&) {
    } catch (const Refusal&) {
    }
  };
  Request request;
  if (parse_target("/" + std::string(bytes), request)) {
    for (const std::string& segment : request.path) {
      if (segment == ".." || segment.find('\0') != std::string::npos) __builtin_trap();
    }
    Response refusal;
    find_route(routes(), request, refusal);
  }
  Request ranged;
  ranged.headers = {{"range", std::string(bytes)}, {"if-none-match", std::string(bytes)}};
  constexpr std::string_view content = "0123456789";
  const Response part = content_response(ranged, {.type = "text/plain", .etag = "x", .source = content});
  if (part.size() > content.size() && part.status < 400) __builtin_trap();
  Response answer;
  answer.with("X", bytes);
  for (const auto& [name, value] : answer.headers) {
    if (value.find_first_of("\r\n") != std::string::npos) __builtin_trap();
  }
  try_to([&] {
    const Fields fields(parse_json(bytes));
    try_to([&] { fields.settings("settings"); });
    try_to([&] { fields.texts("effect"); });
    try_to([&] { fields.number("x", 0.0, 1.0); });
    try_to([&] { fields.whole("points", 0, 100, 7); });
    try_to([&] { json_response(parse_json(bytes)); });
  });
  try_to([&] { parse_map_outline(bytes, "fuzz"); });
}
