#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace soundalike {

struct DownloadOptions {
  int tries = 5;
  double pause_seconds = 2.0;
  /// Bytes there are and bytes there will be, 0 when the server does not say.
  std::function<void(std::uint64_t, std::uint64_t)> progress = {};
  std::stop_token stop = {};
};

/// Files by HTTP or HTTPS, through libcurl. One download at a time.
class Downloader {
 public:
  /// @throws Error unsupported without libcurl.
  Downloader();
  ~Downloader();
  Downloader(const Downloader&) = delete;
  Downloader& operator=(const Downloader&) = delete;

  /// Continues `file` by what it lacks of `url`: what is there is taken for its beginning, by a range request; a server
  /// that cannot do that sends all of it again. A connection that breaks is tried again.
  /// @throws Error not_found, io, cancelled; what has come stays in `file`.
  void get(const std::string& url, const std::filesystem::path& file, const DownloadOptions& options);

 private:
  struct Curl;
  std::unique_ptr<Curl> curl_;
};

}  // namespace soundalike
