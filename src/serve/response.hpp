#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "soundalike/error.hpp"

namespace soundalike::serve {

class EventChannel;
struct Request;

/// Part of a file on disk; read while it is sent.
struct FilePart {
  std::filesystem::path path;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// What goes back.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::variant<std::string, std::string_view, FilePart> body;  ///< a view: of what lives as long as the program
  std::shared_ptr<EventChannel> events;                        ///< instead of a body: a stream of events
  std::shared_ptr<void> hold{};                                ///< released when the answer has been sent

  /// Adds a header; line breaks and other control characters in the value become spaces.
  Response& with(std::string name, std::string_view value);
  std::uint64_t size() const;
};

Response json_response(const nlohmann::ordered_json& document, int status = 200);
Response bytes_response(std::string bytes, std::string_view type);
/// `{"error": {...}}`.
Response error_response(int status, std::string_view code, std::string_view message);
/// An Error of the library as an answer; one table maps the codes.
Response error_response(const Error& error);
/// 503: too much is in hand; a client may ask again in a second.
Response busy_response(std::string_view why);
/// 413. @param limit bytes that a body may have.
Response too_large_response(std::size_t limit);
Response empty_response(int status = 204);

/// A refusal with a status of its own, thrown by handlers.
struct Refusal {
  int status;
  std::string_view code;
  std::string message;
};

/// Something with a name for its content, of which a client may want a part, or nothing if it has it already.
struct Content {
  std::string type;  ///< "audio/wav"
  std::string etag;  ///< without quotes
  std::variant<std::string_view, std::filesystem::path, FilePart> source;
  std::string_view cache = "no-cache";  ///< Cache-Control
};
/// 200, 206, 304 or 416, as Range, If-None-Match and If-Range have it (RFC 9110, 13 and 14). One range; several are
/// answered with the whole.
Response content_response(const Request& request, const Content& content);

/// The type of a file by its name's ending.
std::string_view media_type(std::string_view name);
/// Content-Disposition of a download; what a header or a file system would stumble over becomes "_".
std::string attachment(std::string_view name);

}  // namespace soundalike::serve
