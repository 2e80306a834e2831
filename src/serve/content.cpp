#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "serve/request.hpp"
#include "serve/response.hpp"

namespace soundalike::serve {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

struct Range {
  enum class Kind { whole, part, outside } kind = Kind::whole;
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

// RFC 9110, 14.1.2: "bytes=0-99", "bytes=100-", "bytes=-100". What is not understood is answered with the whole.
Range parse_range(std::string_view text, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!text.starts_with(unit)) return {};
  text.remove_prefix(unit.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.find(',') != std::string_view::npos) return {};
  const auto first = whole_number(text.substr(0, dash));
  const auto last = whole_number(text.substr(dash + 1));
  if (dash == 0) {  // the last so many bytes
    if (!last) return {};
    if (*last == 0 || size == 0) return {Range::Kind::outside};
    const std::uint64_t length = std::min(*last, size);
    return {Range::Kind::part, size - length, length};
  }
  if (!first || (!last && dash + 1 < text.size()) || (last && *last < *first)) return {};
  if (*first >= size) return {Range::Kind::outside};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {Range::Kind::part, *first, end - *first + 1};
}

bool names(std::string_view list, std::string_view quoted) {
  return list == "*" || list.find(quoted) != std::string_view::npos;
}

}  // namespace

Response content_response(const Request& request, const Content& content) {
  const std::string quoted = fmt::format("\"{}\"", content.etag);
  Response response;
  response.with("Content-Type", content.type)
      .with("ETag", quoted)
      .with("Cache-Control", content.cache)
      .with("Accept-Ranges", "bytes");
  if (names(request.header("if-none-match"), quoted)) {
    response.status = 304;
    return response;
  }
  const auto* view = std::get_if<std::string_view>(&content.source);
  FilePart whole;
  if (const auto* path = std::get_if<std::filesystem::path>(&content.source)) {
    std::error_code problem;
    whole = {*path, 0, std::filesystem::file_size(*path, problem)};
    if (problem) throw Error(ErrorCode::not_found, "cannot read what was asked for: it has been removed");
  } else if (view == nullptr) {
    whole = std::get<FilePart>(content.source);
  }
  const std::uint64_t size = view != nullptr ? view->size() : whole.length;
  Range range{Range::Kind::whole, 0, size};
  const std::string_view condition = request.header("if-range");
  if (condition.empty() || condition == quoted) {
    const Range asked = parse_range(request.header("range"), size);
    if (asked.kind != Range::Kind::whole) range = asked;
  }
  if (range.kind == Range::Kind::outside) {
    Response refusal = error_response(416, "invalid_argument", fmt::format("there are only {} bytes", size));
    refusal.with("Content-Range", fmt::format("bytes */{}", size));
    return refusal;
  }
  if (range.kind == Range::Kind::part) {
    response.status = 206;
    response.with("Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.first + range.length - 1, size));
  }
  if (view != nullptr) {
    response.body = view->substr(range.first, range.length);
  } else {
    response.body = FilePart{whole.path, whole.offset + range.first, range.length};
  }
  return response;
}

}  // namespace soundalike::serve
