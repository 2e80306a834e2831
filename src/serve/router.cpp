#include "serve/router.hpp"

#include <algorithm>

namespace soundalike::serve {
namespace {

bool fits(std::string_view pattern, Request& request) {
  request.captures.clear();
  std::size_t place = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the slash
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    const std::string_view part = pattern.substr(0, end);
    pattern.remove_prefix(end);
    if (place >= request.path.size()) return false;
    const std::string& segment = request.path[place++];
    if (part.starts_with('{')) {
      if (segment.empty()) return false;
      request.captures.emplace(part.substr(1, part.size() - 2), segment);
    } else if (part != segment) {
      return false;
    }
  }
  return place == request.path.size();
}

}  // namespace

const Route* find_route(std::span<const Route> routes, Request& request, Response& refusal) {
  const Method wanted = request.method == Method::head ? Method::get : request.method;
  std::string allowed;
  for (const Route& route : routes) {
    if (!fits(route.pattern, request)) continue;
    if (route.method == wanted) return &route;
    allowed += (allowed.empty() ? "" : ", ") + std::string(to_string(route.method));
  }
  if (allowed.empty()) {
    refusal = error_response(404, "not_found", "there is nothing at this address");
  } else {
    refusal = error_response(405, "method_not_allowed", "this address takes " + allowed + " only");
    refusal.with("Allow", allowed);
  }
  return nullptr;
}

}  // namespace soundalike::serve
