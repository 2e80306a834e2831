#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike::serve {

enum class Method { get, head, post, put, remove, other };
std::string_view to_string(Method method);

/// A file that is gone when nobody holds it any more, unless it was moved away.
class SpooledFile {
 public:
  explicit SpooledFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~SpooledFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  SpooledFile(const SpooledFile&) = delete;
  SpooledFile& operator=(const SpooledFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What a client asked for, decoded. Names of headers are in lower case.
struct Request {
  Method method = Method::get;
  std::vector<std::string> path;  ///< segments, percent-decoded one by one: "%2F" stays inside its segment
  std::map<std::string, std::string, std::less<>> query;
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;                                          ///< of a route that takes small bodies
  std::shared_ptr<const SpooledFile> file;                   ///< the body of an upload
  std::map<std::string, std::string, std::less<>> captures;  ///< "{id}" of the route's pattern
  std::uint64_t ticket = 0;                                  ///< its place among the renders of its client

  /// Empty when there is none.
  std::string_view header(std::string_view lower_case_name) const;
  std::optional<std::string> parameter(std::string_view name) const;
  const std::string& capture(std::string_view name) const { return captures.find(name)->second; }
};

/// "a%20b" -> "a b". Nothing for a broken escape, or one that stands for a control character.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);

/// Path and query of a request's target ("/api/x?y=z"). False for what is none: no leading slash, broken escapes, a
/// "." or ".." segment, over 8 KB.
bool parse_target(std::string_view target, Request& request);

}  // namespace soundalike::serve
