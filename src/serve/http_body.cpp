#include "serve/http_body.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "serve/descriptor.hpp"

namespace soundalike::serve {

namespace http = beast::http;

Task<bool> read_body(HttpShared& shared, Stream& stream, beast::flat_buffer& buffer, RequestParser& parser,
                     Request& request, Response& refusal, const Admission& admission, Clock::time_point complete_by,
                     error_code& problem) {
  const HttpOptions& options = shared.options;
  std::optional<Descriptor> file;
  std::optional<Place> place;
  if (admission.to_file) {
    if (shared.uploads >= options.uploads) {
      refusal = busy_response("too many uploads at once");
      co_return false;
    }
    place.emplace(shared.uploads);
    const auto path = options.spool / fmt::format("upload-{}-{}", ::getpid(), ++shared.spooled);
    request.file = std::make_shared<SpooledFile>(path);
    file.emplace(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file->number() < 0) {
      refusal = error_response(500, "io", "cannot store the upload");
      co_return false;
    }
  }
  std::array<char, piece_bytes> piece;
  std::size_t size = 0;
  while (!parser.is_done()) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    body.more = true;
    stream.expires_at(std::min(complete_by, Clock::now() + duration_of(options.idle_seconds)));
    co_await http::async_read_some(stream, buffer, parser, asio::redirect_error(awaited, problem));
    if (problem == http::error::need_buffer) problem = {};
    if (problem) co_return false;
    const std::string_view got(piece.data(), piece.size() - body.size);
    size += got.size();
    if (size > admission.body_limit) {
      refusal = too_large_response(admission.body_limit);
      co_return false;
    }
    if (!file) {
      request.body += got;
    } else if (!file->write_whole(got)) {
      refusal = error_response(500, "io", "cannot store the upload: the disk is full or fails");
      co_return false;
    }
  }
  co_return true;
}

}  // namespace soundalike::serve
