#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "serve/gate.hpp"
#include "serve/http_server.hpp"

namespace soundalike::serve {

class App;

/// A row of the table of routes.
struct Route {
  Method method;
  std::string_view pattern;  ///< "/api/maps/{id}/column/{name}"; "{x}" is one segment, kept as capture "x"
  Access access;
  Response (*handle)(App&, const Request&);
  Work work = Work::quick;
  std::size_t body_limit = 0;  ///< bytes; 0: no body is taken
  bool to_file = false;
};

/// All routes: one visible table in routes.cpp.
std::span<const Route> routes();

/// The route of a request, its captures filled in. Null, and `refusal` says why: 404, or 405 with what is allowed.
const Route* find_route(std::span<const Route> routes, Request& request, Response& refusal);

}  // namespace soundalike::serve
