#pragma once

#include <chrono>
#include <cstddef>
#include <utility>  // GCC 12 wants it before asio's awaitable

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "serve/http_server.hpp"

namespace soundalike::serve {

// GCC 12 destroys temporaries of a full expression that waits twice, or not at all: what is handed to a coroutine here
// has a name, and what comes out of one is a plain value.
namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
// Streams and timers of the one executor that there is, without type erasure.
using Executor = asio::io_context::executor_type;
using Stream = beast::basic_stream<tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
template <class T = void>
using Task = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> awaited;

inline constexpr std::size_t piece_bytes = 64 * 1024;  ///< read or written at once

inline Clock::duration duration_of(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

/// What all connections of a server share. Its own thread alone touches it, but for the pools.
struct HttpShared {
  HttpShared(const HttpOptions& wanted, HttpHandler& does)
      : options(wanted), handler(does), quick(wanted.quick_threads), render(wanted.render_threads) {}

  HttpOptions options;
  HttpHandler& handler;
  asio::io_context io{1};
  bool stopping = false;
  std::size_t uploads = 0;    ///< under way
  std::size_t streams = 0;    ///< event streams that are open
  std::size_t waiting = 0;    ///< requests in hand and waiting for a thread
  std::uint64_t spooled = 0;  ///< uploads so far, for names
  asio::thread_pool quick;
  asio::thread_pool render;
};

/// Takes a place among a limited number for as long as it lives.
class Place {
 public:
  explicit Place(std::size_t& taken) : taken_(&taken) { ++taken; }
  ~Place() { --*taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::size_t* taken_;
};

}  // namespace soundalike::serve
