#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "serve/request.hpp"
#include "serve/response.hpp"

namespace soundalike::serve {

/// Which threads do the work of a route.
enum class Work {
  quick,   ///< answers from memory or a small file
  render,  ///< runs plugins, reads recordings: may take as long as it likes
};

/// What is known of a request before its body is read.
struct Admission {
  std::size_t body_limit = 0;  ///< bytes
  bool to_file = false;        ///< the body goes to a file, not to memory
  Work work = Work::quick;
  std::optional<Response> refusal{};  ///< the answer, without reading the body
};

/// What a server does with requests. Must not throw.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  /// On the thread that serves all connections: quick. May complete the request (captures, ticket).
  virtual Admission admit(Request& request) = 0;
  /// On one of many threads.
  virtual Response handle(const Request& request) = 0;
};

struct HttpOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;       ///< 0: any free one
  std::filesystem::path spool;  ///< a folder for bodies of uploads while they come in
  std::size_t header_bytes = 16 * 1024;
  std::size_t connections = 1000;    ///< beyond: closed at once
  std::size_t streams = 512;         ///< open event streams; beyond: 503
  std::size_t uploads = 8;           ///< at once; beyond: 503
  std::size_t waiting = 512;         ///< requests in hand and waiting for a thread; beyond: 503
  double idle_seconds = 30.0;        ///< a connection on which nothing moves is closed
  double request_seconds = 300.0;    ///< a request must be complete within
  double keep_alive_seconds = 15.0;  ///< between signs of life on a quiet event stream
  std::size_t quick_threads = 2;
  std::size_t render_threads = 4;
};

/// An HTTP/1.1 server (Boost.Beast): one thread moves the bytes of all connections, others do the work.
///
///   HttpServer server({.port = 8420, .spool = folder}, handler);
///   server.run(stop);    // until stop is requested; then what is in hand is answered, at most 5 s long
class HttpServer {
 public:
  /// Listens from here on. @throws Error io when the port is taken.
  HttpServer(const HttpOptions& options, HttpHandler& handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  void run(const std::stop_token& stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike::serve
