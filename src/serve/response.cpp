#include "serve/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace soundalike::serve {
namespace {

struct Status {
  ErrorCode code;
  int status;
};
constexpr Status statuses[] = {
    {ErrorCode::invalid_argument, 400}, {ErrorCode::not_found, 404},     {ErrorCode::bad_audio, 400},
    {ErrorCode::unsupported, 422},      {ErrorCode::plugin_failed, 422}, {ErrorCode::io, 500},
    {ErrorCode::cancelled, 499},        {ErrorCode::internal, 500},
};

struct Type {
  std::string_view ending;
  std::string_view type;
};
constexpr Type types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wav", "audio/wav"},
    {".flac", "audio/flac"},
    {".csv", "text/csv; charset=utf-8"},
    {".zip", "application/zip"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

}  // namespace

Response& Response::with(std::string name, std::string_view value) {
  std::string clean(value);
  std::ranges::replace_if(
      clean, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  headers.emplace_back(std::move(name), std::move(clean));
  return *this;
}

std::uint64_t Response::size() const {
  if (const auto* text = std::get_if<std::string>(&body)) return text->size();
  if (const auto* view = std::get_if<std::string_view>(&body)) return view->size();
  return std::get<FilePart>(body).length;
}

Response json_response(const nlohmann::ordered_json& document, int status) {
  // Names from plugins and files may hold bytes that are not UTF-8; a reader is owed valid JSON all the same.
  Response response{.status = status, .body = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
  response.with("Content-Type", "application/json").with("Cache-Control", "no-store");
  return response;
}

Response bytes_response(std::string bytes, std::string_view type) {
  Response response{.body = std::move(bytes)};
  response.with("Content-Type", type).with("Cache-Control", "no-store");
  return response;
}

Response error_response(int status, std::string_view code, std::string_view message) {
  return json_response({{"error", {{"code", code}, {"message", message}}}}, status);
}

Response error_response(const Error& error) {
  const auto* row = std::ranges::find(statuses, error.code(), &Status::code);
  return error_response(row == std::end(statuses) ? 500 : row->status, to_string(error.code()), error.what());
}

Response busy_response(std::string_view why) {
  Response response = error_response(503, "busy", why);
  response.with("Retry-After", "1");
  return response;
}

Response too_large_response(std::size_t limit) {
  return error_response(413, "invalid_argument",
                        fmt::format("the body is too large: at most {} bytes are taken here", limit));
}

Response empty_response(int status) {
  Response response{.status = status};
  response.with("Cache-Control", "no-store");
  return response;
}

std::string_view media_type(std::string_view name) {
  const auto* row = std::ranges::find_if(types, [&](const Type& type) { return name.ends_with(type.ending); });
  return row == std::end(types) ? "application/octet-stream" : row->type;
}

std::string attachment(std::string_view name) {
  std::string clean;
  for (const char c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                       c == '-' || c == '_' || c == ' ' || c == '(' || c == ')';
    clean.push_back(plain ? c : '_');
  }
  while (clean.starts_with('.')) clean.erase(0, 1);
  if (clean.empty()) clean = "soundalike";
  return fmt::format("attachment; filename=\"{}\"", clean);
}

}  // namespace soundalike::serve
