#pragma once

#include <memory>
#include <string_view>

#include "serve/http_io.hpp"

namespace soundalike::serve {

/// Writes the answers of one connection: bytes, a part of a file, or events for as long as there are any.
class HttpReply {
 public:
  HttpReply(HttpShared& shared, Stream& stream) : shared_(shared), stream_(stream) {}

  /// @param response replaced where it is an event stream too many.
  /// @param keep whether the connection stays open; taken back by an answer that has no end but that.
  /// @param problem what the connection has, if anything.
  Task<> send(const Request& request, Response& response, unsigned version, bool& keep, error_code& problem);
  /// Makes an event stream look whether the server stops.
  void wake() {
    if (news_) news_->cancel();
  }

 private:
  Task<> send_bytes(std::string_view bytes, error_code& problem);
  Task<> send_file(const FilePart& part, error_code& problem);
  Task<> send_events(EventChannel& channel, const Request& request, error_code& problem);

  HttpShared& shared_;
  Stream& stream_;
  std::shared_ptr<Timer> news_;  // what an event stream waits on
};

}  // namespace soundalike::serve
