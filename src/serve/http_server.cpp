#include "serve/http_server.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <list>

#include "serve/http_connection.hpp"
#include "soundalike/error.hpp"

namespace soundalike::serve {
namespace {

constexpr double closing_seconds = 5.0;

}  // namespace

struct HttpServer::State {
  State(const HttpOptions& options, HttpHandler& handler) : shared(options, handler) {
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
    while (!shared.stopping) {
      error_code problem;
      tcp::socket socket(shared.io);
      co_await acceptor.async_accept(socket, asio::redirect_error(awaited, problem));
      if (shared.stopping) co_return;
      if (problem) {  // no descriptors left, or the client has gone: others may come
        Timer pause(shared.io.get_executor(), duration_of(0.05));
        co_await pause.async_wait(asio::redirect_error(awaited, problem));
        continue;
      }
      if (connections.size() >= shared.options.connections) continue;  // closes it
      // Head and body are written one after the other: waiting for more to send together would cost 40 ms each time.
      socket.set_option(tcp::no_delay(true), problem);
      const auto connection = connections.emplace(connections.end(), std::move(socket), shared);
      asio::co_spawn(
          shared.io.get_executor(), [connection] { return connection->serve(); },
          [this, connection](const std::exception_ptr&) {
            connections.erase(connection);
            if (shared.stopping && connections.empty()) closing.cancel();
          });
    }
  }

  void stop() {
    shared.stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    for (HttpConnection& connection : connections) connection.wind_down();
    closing.expires_after(duration_of(closing_seconds));
    closing.async_wait([this](error_code problem) {
      if (problem) return;
      for (HttpConnection& connection : connections) connection.close();
    });
    if (connections.empty()) closing.cancel();
  }

  HttpShared shared;
  asio::basic_socket_acceptor<tcp, Executor> acceptor{shared.io.get_executor()};
  Timer closing{shared.io.get_executor()};
  std::list<HttpConnection> connections;
};

HttpServer::HttpServer(const HttpOptions& options, HttpHandler& handler)
    : state_(std::make_unique<State>(options, handler)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

void HttpServer::run(const std::stop_token& stop) {
  HttpShared& shared = state_->shared;
  asio::co_spawn(shared.io.get_executor(), state_->accept_all(), asio::detached);
  const std::stop_callback ends(stop, [this] { asio::post(state_->shared.io, [this] { state_->stop(); }); });
  shared.io.run();
  shared.quick.join();
  shared.render.join();
}

}  // namespace soundalike::serve
