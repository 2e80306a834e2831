#pragma once

#include <boost/beast/core/flat_buffer.hpp>

#include "serve/http_io.hpp"
#include "serve/http_reply.hpp"

namespace soundalike::serve {

/// One connection of a client: its requests, one after another. Lives on the server's own thread.
class HttpConnection {
 public:
  HttpConnection(tcp::socket&& socket, HttpShared& shared);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Until one of the two ends it. The connection must outlive the task.
  Task<> serve();
  /// The server stops: what is idle ends now, what is in hand soon.
  void wind_down();
  /// Ends it whatever is in hand.
  void close() { stream_.close(); }

 private:
  Task<> complain(error_code problem);
  Task<> answer(const Request& request, Response& response, Work work);
  Task<> hang_up();

  HttpShared& shared_;
  Stream stream_;
  beast::flat_buffer buffer_;
  HttpReply reply_;
  bool idle_ = true;  // nothing of a request has been answered in part
};

}  // namespace soundalike::serve
