#include "serve/http_reply.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <memory>
#include <optional>

#include "serve/descriptor.hpp"
#include "serve/event_channel.hpp"

namespace soundalike::serve {

namespace http = beast::http;

Task<> HttpReply::send(const Request& request, Response& response, unsigned version, bool& keep, error_code& problem) {
  std::optional<Place> place;
  if (response.events) {
    if (shared_.streams >= shared_.options.streams) {
      response = busy_response("too many event streams are open");
    } else {
      place.emplace(shared_.streams);
    }
  }
  http::response<http::empty_body> head(static_cast<http::status>(response.status), version);
  for (const auto& [name, value] : response.headers) head.insert(name, value);
  head.set("X-Content-Type-Options", "nosniff");
  if (response.events) {
    head.set(http::field::content_type, "text/event-stream");
    head.set(http::field::cache_control, "no-store");
    keep = false;
  } else if (response.status != 304 && response.status != 204) {
    head.set(http::field::content_length, std::to_string(response.size()));
  }
  head.keep_alive(keep);
  stream_.expires_after(duration_of(shared_.options.idle_seconds));
  http::response_serializer<http::empty_body> serializer(head);
  co_await http::async_write_header(stream_, serializer, asio::redirect_error(awaited, problem));
  if (problem || request.method == Method::head || response.status == 304) co_return;
  if (response.events) {
    co_await send_events(*response.events, request, problem);
  } else if (const auto* part = std::get_if<FilePart>(&response.body)) {
    co_await send_file(*part, problem);
  } else {
    const auto* text = std::get_if<std::string>(&response.body);
    const std::string_view bytes =
        text != nullptr ? std::string_view(*text) : std::get<std::string_view>(response.body);
    co_await send_bytes(bytes, problem);
  }
}

// In pieces, so that the deadline is one for something to move, not for all of it.
Task<> HttpReply::send_bytes(std::string_view bytes, error_code& problem) {
  while (!bytes.empty() && !problem) {
    const std::string_view piece = bytes.substr(0, piece_bytes);
    stream_.expires_after(duration_of(shared_.options.idle_seconds));
    co_await asio::async_write(stream_, asio::buffer(piece), asio::redirect_error(awaited, problem));
    bytes.remove_prefix(piece.size());
  }
}

Task<> HttpReply::send_file(const FilePart& part, error_code& problem) {
  const Descriptor file(::open(part.path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string piece(std::min<std::uint64_t>(piece_bytes, part.length), '\0');
  std::uint64_t sent = 0;
  while (sent < part.length && !problem) {
    const auto wanted = std::min<std::uint64_t>(piece.size(), part.length - sent);
    const ssize_t got = ::pread(file.number(), piece.data(), wanted, static_cast<off_t>(part.offset + sent));
    if (got <= 0) {  // removed or cut meanwhile: the client must not take what it has for the whole
      problem = asio::error::eof;
      co_return;
    }
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
    co_await send_bytes(bytes, problem);
    sent += static_cast<std::uint64_t>(got);
  }
}

Task<> HttpReply::send_events(EventChannel& channel, const Request& request, error_code& problem) {
  std::uint64_t last = std::strtoull(std::string(request.header("last-event-id")).c_str(), nullptr, 10);
  auto timer = std::make_shared<Timer>(shared_.io.get_executor());
  news_ = timer;
  auto told = std::make_shared<bool>(false);
  const auto handle = channel.listen([this, timer, told] {
    asio::post(shared_.io, [timer, told] {
      *told = true;
      timer->cancel();
    });
  });
  for (;;) {
    *told = false;
    const EventChannel::News news = channel.since(last);
    last = news.last;
    co_await send_bytes(news.text, problem);
    if (problem || news.closed || shared_.stopping) break;
    if (*told) continue;
    timer->expires_after(duration_of(shared_.options.keep_alive_seconds));
    error_code woken;
    co_await timer->async_wait(asio::redirect_error(awaited, woken));
    if (shared_.stopping) break;
    if (!woken) co_await send_bytes(": \n\n", problem);
    if (problem) break;
  }
  news_.reset();
}

}  // namespace soundalike::serve
