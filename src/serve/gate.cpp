#include "serve/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace soundalike::serve {
namespace {

constexpr std::string_view cookie_name = "soundalike_token";

// "localhost:8420" -> "localhost", "[::1]:80" -> "[::1]".
std::string_view host_name(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool is_own_name(std::string_view host) {
  constexpr std::string_view names[] = {"localhost", "127.0.0.1", "[::1]"};
  return std::ranges::count(names, host_name(host)) > 0;
}

// The value of a cookie in "a=1; b=2".
std::string_view cookie(std::string_view all, std::string_view name) {
  while (!all.empty()) {
    const std::size_t end = std::min(all.find(';'), all.size());
    std::string_view one = all.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
      return one.substr(name.size() + 1);
    all.remove_prefix(std::min(end + 1, all.size()));
  }
  return {};
}

bool has_token(const Request& request, std::string_view token) {
  constexpr std::string_view bearer = "Bearer ";
  const std::string_view given = request.header("authorization");
  return (given.starts_with(bearer) && same_secret(given.substr(bearer.size()), token)) ||
         same_secret(cookie(request.header("cookie"), cookie_name), token);
}

// A browser says from where a page asks: Origin with every change, Sec-Fetch-Site with everything. What sends neither
// is no browser.
bool from_elsewhere(const Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return false;
  const std::string_view host = request.header("host");
  return origin != fmt::format("http://{}", host) && origin != fmt::format("https://{}", host);
}

}  // namespace

bool same_secret(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size() && !b.empty(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i % b.size()]);
  }
  return difference == 0 && !b.empty();
}

std::optional<Response> Gate::refuse(const Request& request, Access access, bool changes) const {
  if (!open_to_all && !is_own_name(request.header("host"))) {
    return error_response(403, "forbidden", "this server answers to localhost and 127.0.0.1 only");
  }
  if (changes && from_elsewhere(request)) {
    return error_response(403, "forbidden", "another site may not change anything here");
  }
  if (access != Access::participant && !token.empty() && !has_token(request, token)) {
    Response response =
        error_response(401, "token_needed", "open the address with ?token=..., as the server printed it");
    response.with("WWW-Authenticate", "Bearer");
    return response;
  }
  return {};
}

std::optional<Response> Gate::welcome(const Request& request, std::string_view path) const {
  const auto given = request.parameter("token");
  if (token.empty() || !given || !same_secret(*given, token)) return {};
  Response response = empty_response(303);
  response.with("Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_name, token))
      .with("Location", path);
  return response;
}

}  // namespace soundalike::serve
