#include "serve/http_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <limits>
#include <string>

#include "serve/http_body.hpp"

namespace soundalike::serve {

namespace http = beast::http;

namespace {

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::delete_:
      return Method::remove;
    default:
      return Method::other;
  }
}

asio::basic_stream_socket<tcp, Executor> on_executor(tcp::socket&& socket, asio::io_context& io) {
  const auto protocol = socket.local_endpoint().protocol();
  return {io.get_executor(), protocol, socket.release()};
}

}  // namespace

HttpConnection::HttpConnection(tcp::socket&& socket, HttpShared& shared)
    : shared_(shared), stream_(Executor(shared.io.get_executor())), reply_(shared, stream_) {
  stream_.socket() = on_executor(std::move(socket), shared.io);
}

void HttpConnection::wind_down() {
  if (idle_) stream_.close();
  reply_.wake();
}

Task<> HttpConnection::serve() {
  error_code problem;
  bool keep = true;
  while (keep && !shared_.stopping) {
    idle_ = true;
    RequestParser parser;
    parser.header_limit(static_cast<std::uint32_t>(shared_.options.header_bytes));
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // counted here, by route
    const auto complete_by = Clock::now() + duration_of(shared_.options.request_seconds);
    stream_.expires_after(duration_of(shared_.options.idle_seconds));
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(awaited, problem));
    if (problem) {
      co_await complain(problem);
      break;
    }
    idle_ = false;
    const auto& message = parser.get();
    Request request;
    request.method = method_of(message.method());
    bool repeated = false;
    for (const auto& field : message) {
      std::string name(field.name_string());
      std::ranges::transform(name, name.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      repeated |= !request.headers.emplace(name, std::string(field.value())).second &&
                  (name == "host" || name == "origin" || name == "content-length" || name == "authorization");
    }
    Admission admission;
    const std::string target(message.target());
    if (repeated || !parse_target(target, request)) {
      admission.refusal = error_response(400, "invalid_argument", "this is not a request that can be understood");
    } else {
      admission = shared_.handler.admit(request);
    }
    const auto announced = parser.content_length();
    if (!admission.refusal && announced && *announced > admission.body_limit) {
      admission.refusal = too_large_response(admission.body_limit);
    }
    Response response;
    if (admission.refusal) {
      response = std::move(*admission.refusal);
    } else {
      if (beast::iequals(message[http::field::expect], "100-continue")) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await asio::async_write(stream_, asio::buffer(go_on), asio::redirect_error(awaited, problem));
        if (problem) co_return;
      }
      const bool whole =
          co_await read_body(shared_, stream_, buffer_, parser, request, response, admission, complete_by, problem);
      if (problem) co_return;  // gone, or too slow
      if (whole) co_await answer(request, response, admission.work);
    }
    request.file.reset();  // not needed any more, however slowly the answer is read
    keep = message.keep_alive() && parser.is_done() && !shared_.stopping;
    co_await reply_.send(request, response, message.version(), keep, problem);
    if (problem) co_return;
  }
  co_await hang_up();
}

// The last word to a client whose request cannot be read; none when it has simply gone.
Task<> HttpConnection::complain(error_code problem) {
  if (problem == http::error::end_of_stream || problem == beast::error::timeout ||
      problem.category() != make_error_code(http::error::bad_method).category()) {
    co_return;
  }
  const bool large = problem == http::error::header_limit || problem == http::error::buffer_overflow;
  Request request;
  Response response =
      error_response(large ? 431 : 400, "invalid_argument",
                     large ? "the header is too large" : "this is not a request that can be understood");
  error_code gone;
  bool keep = false;
  co_await reply_.send(request, response, 11, keep, gone);
}

Task<> HttpConnection::answer(const Request& request, Response& response, Work work) {
  if (shared_.waiting >= shared_.options.waiting) {
    response = busy_response("too many requests at once");
    co_return;
  }
  const Place place(shared_.waiting);
  auto& pool = work == Work::quick ? shared_.quick : shared_.render;
  // The work is posted to a thread of the pool, which posts back; the timer is what is waited on.
  Timer done(shared_.io.get_executor(), Clock::time_point::max());
  asio::post(pool, [&] {
    response = shared_.handler.handle(request);
    asio::post(shared_.io, [&] { done.expires_at(Clock::time_point::min()); });
  });
  error_code woken;
  co_await done.async_wait(asio::redirect_error(awaited, woken));
}

// Lets the client read what was sent: what it still sends is thrown away for a moment, as closing at once would reset
// the connection and take the answer with it.
Task<> HttpConnection::hang_up() {
  error_code problem;
  stream_.socket().shutdown(tcp::socket::shutdown_send, problem);
  if (problem) co_return;
  std::array<char, 4096> rest;
  stream_.expires_after(duration_of(shared_.stopping ? 0.2 : 2.0));
  for (std::size_t size = 0; size < (std::size_t{1} << 20) && !problem;) {
    const std::size_t got =
        co_await stream_.async_read_some(asio::buffer(rest), asio::redirect_error(awaited, problem));
    size += got;
  }
}

}  // namespace soundalike::serve
