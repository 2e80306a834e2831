#include "serve/http_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <list>
#include <utility>  // GCC 12 wants it before asio's awaitable

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "serve/event_channel.hpp"
#include "soundalike/error.hpp"

namespace soundalike::serve {
// GCC 12 destroys temporaries of a full expression that waits twice, or not at all: what is handed to a coroutine here
// has a name, and what comes out of one is a plain value.
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;
// Streams and timers of the one executor that there is, without type erasure.
using Executor = asio::io_context::executor_type;
using Stream = beast::basic_stream<tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
template <class T = void>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> awaited;

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr double closing_seconds = 5.0;

Clock::duration duration_of(double seconds) { return std::chrono::duration_cast<Clock::duration>(Seconds(seconds)); }

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

// An open descriptor, closed at the end of its scope.
struct Descriptor {
  explicit Descriptor(int number) : value(number) {}
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value;
};

bool write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Takes a place among a limited number for as long as it lives.
class Place {
 public:
  explicit Place(std::size_t& taken) : taken_(&taken) { ++taken; }
  ~Place() { --*taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::size_t* taken_;
};

}  // namespace

struct HttpServer::State {
  // A connection, as the end of the server has to know it.
  struct Session {
    explicit Session(tcp::socket&& socket, asio::io_context& io) : stream(Executor(io.get_executor())) {
      stream.socket() = tcp_socket(std::move(socket), io);
    }
    static asio::basic_stream_socket<tcp, Executor> tcp_socket(tcp::socket&& socket, asio::io_context& io) {
      const auto protocol = socket.local_endpoint().protocol();
      return {io.get_executor(), protocol, socket.release()};
    }
    Stream stream;
    beast::flat_buffer buffer;
    bool idle = true;  // nothing of a request has been answered in part
    std::shared_ptr<Timer> news{};
  };

  State(const HttpOptions& wanted, HttpHandler& does)
      : options(wanted), handler(does), quick(wanted.quick_threads), render(wanted.render_threads) {
    try {
      const tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
      acceptor.open(endpoint.protocol());
      acceptor.set_option(asio::socket_base::reuse_address(true));
      acceptor.bind(endpoint);
      acceptor.listen(512);
    } catch (const boost::system::system_error& problem) {
      throw Error(ErrorCode::io, fmt::format("cannot listen on {}:{}: {}; another --port may be free", options.address,
                                             options.port, problem.code().message()));
    }
  }

  Task<> accept_all() {
    while (!stopping) {
      error_code problem;
      tcp::socket socket(io);
      co_await acceptor.async_accept(socket, asio::redirect_error(awaited, problem));
      if (stopping) co_return;
      if (problem) {  // no descriptors left, or the client has gone: others may come
        Timer pause(io.get_executor(), duration_of(0.05));
        co_await pause.async_wait(asio::redirect_error(awaited, problem));
        continue;
      }
      if (sessions.size() >= options.connections) continue;  // closes it
      // Head and body are written one after the other: waiting for more to send together would cost 40 ms each time.
      socket.set_option(tcp::no_delay(true), problem);
      auto session = sessions.emplace(sessions.end(), std::move(socket), io);
      asio::co_spawn(
          io.get_executor(), [this, session] { return serve(*session); },
          [this, session](const std::exception_ptr&) {
            sessions.erase(session);
            if (stopping && sessions.empty()) closing.cancel();
          });
    }
  }

  // Requests of one connection, one after another.
  Task<> serve(Session& session) {
    error_code problem;
    bool keep = true;
    while (keep && !stopping) {
      session.idle = true;
      http::request_parser<http::buffer_body> parser;
      parser.header_limit(static_cast<std::uint32_t>(options.header_bytes));
      parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // counted here, by route
      const auto complete_by = Clock::now() + duration_of(options.request_seconds);
      session.stream.expires_after(duration_of(options.idle_seconds));
      co_await http::async_read_header(session.stream, session.buffer, parser, asio::redirect_error(awaited, problem));
      if (problem) {
        co_await complain(session, problem);
        break;
      }
      session.idle = false;
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
        admission = handler.admit(request);
      }
      const auto announced = parser.content_length();
      if (!admission.refusal && announced && *announced > admission.body_limit) {
        admission.refusal = too_large(admission.body_limit);
      }
      Response response;
      if (admission.refusal) {
        response = std::move(*admission.refusal);
      } else {
        if (beast::iequals(message[http::field::expect], "100-continue")) {
          constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
          co_await asio::async_write(session.stream, asio::buffer(go_on), asio::redirect_error(awaited, problem));
          if (problem) co_return;
        }
        const bool whole = co_await read_body(session, parser, request, response, admission, complete_by, problem);
        if (problem) co_return;  // gone, or too slow
        if (whole) co_await answer(request, response, admission.work);
      }
      request.file.reset();  // not needed any more, however slowly the answer is read
      keep = message.keep_alive() && parser.is_done() && !stopping;
      co_await send(session, request, response, message.version(), keep, problem);
      if (problem) co_return;
    }
    co_await hang_up(session);
  }

  // The last word to a client whose request cannot be read; none when it has simply gone.
  Task<> complain(Session& session, error_code problem) {
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
    co_await send(session, request, response, 11, keep, gone);
  }

  static Response too_large(std::size_t limit) {
    return error_response(413, "invalid_argument",
                          fmt::format("the body is too large: at most {} bytes are taken here", limit));
  }

  // Whether the body is there whole; else `refusal` says why not, or `problem`.
  Task<bool> read_body(Session& session, http::request_parser<http::buffer_body>& parser, Request& request,
                       Response& refusal, const Admission& admission, Clock::time_point complete_by,
                       error_code& problem) {
    std::optional<Descriptor> file;
    std::optional<Place> place;
    if (admission.to_file) {
      if (uploads >= options.uploads) {
        refusal = busy("too many uploads at once");
        co_return false;
      }
      place.emplace(uploads);
      const auto path = options.spool / fmt::format("upload-{}-{}", ::getpid(), ++spooled);
      request.file = std::make_shared<SpooledFile>(path);
      file.emplace(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
      if (file->value < 0) {
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
      session.stream.expires_at(std::min(complete_by, Clock::now() + duration_of(options.idle_seconds)));
      co_await http::async_read_some(session.stream, session.buffer, parser, asio::redirect_error(awaited, problem));
      if (problem == http::error::need_buffer) problem = {};
      if (problem) co_return false;
      const std::string_view got(piece.data(), piece.size() - body.size);
      size += got.size();
      if (size > admission.body_limit) {
        refusal = too_large(admission.body_limit);
        co_return false;
      }
      if (!file) {
        request.body += got;
      } else if (!write_whole(file->value, got)) {
        refusal = error_response(500, "io", "cannot store the upload: the disk is full or fails");
        co_return false;
      }
    }
    co_return true;
  }

  static Response busy(std::string_view why) {
    Response response = error_response(503, "busy", why);
    response.with("Retry-After", "1");
    return response;
  }

  Task<> answer(const Request& request, Response& response, Work work) {
    if (waiting >= options.waiting) {
      response = busy("too many requests at once");
      co_return;
    }
    const Place place(waiting);
    auto& pool = work == Work::quick ? quick : render;
    // The work is posted to a thread of the pool, which posts back; the timer is what is waited on.
    Timer done(io.get_executor(), Clock::time_point::max());
    asio::post(pool, [&] {
      response = handler.handle(request);
      asio::post(io, [&] { done.expires_at(Clock::time_point::min()); });
    });
    error_code woken;
    co_await done.async_wait(asio::redirect_error(awaited, woken));
  }

  Task<> send(Session& session, const Request& request, Response& response, unsigned version, bool& keep,
              error_code& problem) {
    std::optional<Place> place;
    if (response.events) {
      if (streams >= options.streams) {
        response = busy("too many event streams are open");
      } else {
        place.emplace(streams);
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
    session.stream.expires_after(duration_of(options.idle_seconds));
    http::response_serializer<http::empty_body> serializer(head);
    co_await http::async_write_header(session.stream, serializer, asio::redirect_error(awaited, problem));
    if (problem || request.method == Method::head || response.status == 304) co_return;
    if (response.events) {
      co_await send_events(session, *response.events, request, problem);
    } else if (const auto* part = std::get_if<FilePart>(&response.body)) {
      co_await send_file(session, *part, problem);
    } else {
      const auto* text = std::get_if<std::string>(&response.body);
      const std::string_view bytes =
          text != nullptr ? std::string_view(*text) : std::get<std::string_view>(response.body);
      co_await send_bytes(session, bytes, problem);
    }
  }
  // In pieces, so that the deadline is one for something to move, not for all of it.
  Task<> send_bytes(Session& session, std::string_view bytes, error_code& problem) {
    while (!bytes.empty() && !problem) {
      const std::string_view piece = bytes.substr(0, piece_bytes);
      session.stream.expires_after(duration_of(options.idle_seconds));
      co_await asio::async_write(session.stream, asio::buffer(piece), asio::redirect_error(awaited, problem));
      bytes.remove_prefix(piece.size());
    }
  }

  Task<> send_file(Session& session, const FilePart& part, error_code& problem) {
    const Descriptor file(::open(part.path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string piece(std::min<std::uint64_t>(piece_bytes, part.length), '\0');
    std::uint64_t sent = 0;
    while (sent < part.length && !problem) {
      const auto wanted = std::min<std::uint64_t>(piece.size(), part.length - sent);
      const ssize_t got = ::pread(file.value, piece.data(), wanted, static_cast<off_t>(part.offset + sent));
      if (got <= 0) {  // removed or cut meanwhile: the client must not take what it has for the whole
        problem = asio::error::eof;
        co_return;
      }
      const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
      co_await send_bytes(session, bytes, problem);
      sent += static_cast<std::uint64_t>(got);
    }
  }

  Task<> send_events(Session& session, EventChannel& channel, const Request& request, error_code& problem) {
    std::uint64_t last = std::strtoull(std::string(request.header("last-event-id")).c_str(), nullptr, 10);
    auto timer = std::make_shared<Timer>(io.get_executor());
    session.news = timer;
    auto told = std::make_shared<bool>(false);
    const auto handle = channel.listen([this, timer, told] {
      asio::post(io, [timer, told] {
        *told = true;
        timer->cancel();
      });
    });
    for (;;) {
      *told = false;
      const EventChannel::News news = channel.since(last);
      last = news.last;
      co_await send_bytes(session, news.text, problem);
      if (problem || news.closed || stopping) break;
      if (*told) continue;
      timer->expires_after(duration_of(options.keep_alive_seconds));
      error_code woken;
      co_await timer->async_wait(asio::redirect_error(awaited, woken));
      if (stopping) break;
      if (!woken) co_await send_bytes(session, ": \n\n", problem);
      if (problem) break;
    }
    session.news.reset();
  }

  // Lets the client read what was sent: what it still sends is thrown away for a moment, as closing at once would reset
  // the connection and take the answer with it.
  Task<> hang_up(Session& session) {
    error_code problem;
    session.stream.socket().shutdown(tcp::socket::shutdown_send, problem);
    if (problem) co_return;
    std::array<char, 4096> rest;
    session.stream.expires_after(duration_of(stopping ? 0.2 : 2.0));
    for (std::size_t size = 0; size < (std::size_t{1} << 20) && !problem;) {
      const std::size_t got =
          co_await session.stream.async_read_some(asio::buffer(rest), asio::redirect_error(awaited, problem));
      size += got;
    }
  }

  // What is idle ends now, what is in hand soon.
  void stop() {
    stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    for (Session& session : sessions) {
      if (session.idle) session.stream.close();
      if (session.news) session.news->cancel();
    }
    closing.expires_after(duration_of(closing_seconds));
    closing.async_wait([this](error_code problem) {
      if (problem) return;
      for (Session& session : sessions) session.stream.close();
    });
    if (sessions.empty()) closing.cancel();
  }

  HttpOptions options;
  HttpHandler& handler;
  asio::io_context io{1};
  asio::basic_socket_acceptor<tcp, Executor> acceptor{io.get_executor()};
  Timer closing{io.get_executor()};
  bool stopping = false;
  std::list<Session> sessions;
  std::size_t uploads = 0;
  std::size_t streams = 0;
  std::size_t waiting = 0;
  std::uint64_t spooled = 0;
  asio::thread_pool quick;
  asio::thread_pool render;
};

HttpServer::HttpServer(const HttpOptions& options, HttpHandler& handler)
    : state_(std::make_unique<State>(options, handler)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

void HttpServer::run(const std::stop_token& stop) {
  asio::co_spawn(state_->io.get_executor(), state_->accept_all(), asio::detached);
  const std::stop_callback ends(stop, [this] { asio::post(state_->io, [this] { state_->stop(); }); });
  state_->io.run();
  state_->quick.join();
  state_->render.join();
}

}  // namespace soundalike::serve
