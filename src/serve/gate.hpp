#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "serve/request.hpp"
#include "serve/response.hpp"

namespace soundalike::serve {

/// Who may use a route.
enum class Access {
  page,         ///< whoever uses the server: its owner; with --public, whoever has the token
  participant,  ///< anybody, also with --public
  experimenter  ///< whoever has the token, if there is one
};

/// Decides who may ask for what. Without --public the Host must be this machine's own name, so that a foreign name that
/// is made to point here (DNS rebinding) gets nothing; what changes something must come from a page of this server, or
/// from no page at all (CSRF).
struct Gate {
  bool open_to_all = false;  ///< --public
  std::string token{};       ///< empty: none is wanted; never with --public

  /// The refusal, or nothing. @param changes whether the route changes anything.
  std::optional<Response> refuse(const Request& request, Access access, bool changes) const;
  /// A page opened with "?token=...": the answer is a cookie and the same address without it. Nothing when the request
  /// is not that, or the token is wrong.
  std::optional<Response> welcome(const Request& request, std::string_view path) const;
};

/// Takes as long whether they differ early or late.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace soundalike::serve
