#include "data/download.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "data/shared_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/version.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::uint64_t size_of(const fs::path& file) {
  std::error_code failure;
  const auto size = fs::file_size(file, failure);
  return failure ? 0 : size;
}

}  // namespace

struct Downloader::Curl {
  SharedLibrary library{"libcurl.so.4", "download", "libcurl4"};
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_global_cleanup) global_cleanup = nullptr;
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_reset) reset = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) info = nullptr;
  decltype(&curl_easy_strerror) text = nullptr;
  CURL* handle = nullptr;

  Curl() {
    library.load(global_init, "curl_global_init");
    library.load(global_cleanup, "curl_global_cleanup");
    library.load(init, "curl_easy_init");
    library.load(cleanup, "curl_easy_cleanup");
    library.load(reset, "curl_easy_reset");
    library.load(set, "curl_easy_setopt");
    library.load(perform, "curl_easy_perform");
    library.load(info, "curl_easy_getinfo");
    library.load(text, "curl_easy_strerror");
    global_init(CURL_GLOBAL_DEFAULT);
    handle = init();
    if (handle == nullptr) throw Error(ErrorCode::internal, "cannot download: libcurl gave no handle");
  }
  ~Curl() {
    if (handle != nullptr) cleanup(handle);
    global_cleanup();
  }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;
};

namespace {

// One request, as its callbacks see it.
struct Transfer {
  const DownloadOptions* options;
  fs::path path;
  std::function<long()> status;
  std::uint64_t first = 0;   // what was there
  std::uint64_t gained = 0;  // what came
  std::unique_ptr<std::FILE, CloseFile> file = nullptr;
  bool disk_failed = false;

  // Opened at the first byte of the body, when it is known whether this is the rest or the whole.
  bool open() {
    const long code = status();
    if (code >= 400) return true;  // the text of an error page
    if (code != 206) first = 0;
    file.reset(std::fopen(path.c_str(), first > 0 ? "ab" : "wb"));
    return file != nullptr;
  }

  static std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (!transfer.file && !transfer.open()) transfer.disk_failed = true;
    if (transfer.disk_failed) return 0;
    if (!transfer.file) return count;
    if (std::fwrite(bytes, 1, count, transfer.file.get()) != count) {
      transfer.disk_failed = true;
      return 0;
    }
    transfer.gained += count;
    return count;
  }

  static int on_progress(void* self, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.options->stop.stop_requested()) return 1;
    if (transfer.options->progress && transfer.file) {
      transfer.options->progress(transfer.first + transfer.gained,
                                 total > 0 ? transfer.first + static_cast<std::uint64_t>(total) : 0);
    }
    return 0;
  }
};

void pause(double seconds, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, std::chrono::duration<double>(seconds), [] { return false; });
}

}  // namespace

Downloader::Downloader() : curl_(std::make_unique<Curl>()) {}
Downloader::~Downloader() = default;

void Downloader::get(const std::string& url, const fs::path& file, const DownloadOptions& options) {
  for (int failures = 0;;) {
    if (options.stop.stop_requested())
      throw Error(ErrorCode::cancelled, fmt::format("stopped while fetching '{}'", url));
    CURL* handle = curl_->handle;
    curl_->reset(handle);
    const auto status = [this, handle] {
      long code = 0;
      curl_->info(handle, CURLINFO_RESPONSE_CODE, &code);
      return code;
    };
    Transfer transfer{.options = &options, .path = file, .status = status, .first = size_of(file)};
    const std::string range = fmt::format("{}-", transfer.first),
                      agent = fmt::format("soundalike/{}", program_version());
    curl_->set(handle, CURLOPT_URL, url.c_str());
    curl_->set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_->set(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_->set(handle, CURLOPT_FOLLOWLOCATION, 1L);
    curl_->set(handle, CURLOPT_MAXREDIRS, 10L);
    curl_->set(handle, CURLOPT_USERAGENT, agent.c_str());
    curl_->set(handle, CURLOPT_NOSIGNAL, 1L);
    curl_->set(handle, CURLOPT_CONNECTTIMEOUT, 30L);
    // Less than a byte a second for a minute: the line is dead.
    curl_->set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_->set(handle, CURLOPT_LOW_SPEED_TIME, 60L);
    if (transfer.first > 0) curl_->set(handle, CURLOPT_RANGE, range.c_str());
    curl_->set(handle, CURLOPT_WRITEFUNCTION, &Transfer::on_bytes);
    curl_->set(handle, CURLOPT_WRITEDATA, &transfer);
    curl_->set(handle, CURLOPT_NOPROGRESS, 0L);
    curl_->set(handle, CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    curl_->set(handle, CURLOPT_XFERINFODATA, &transfer);
    const CURLcode result = curl_->perform(handle);
    const long code = status();
    if (transfer.file && std::fclose(transfer.file.release()) != 0) transfer.disk_failed = true;
    if (transfer.disk_failed) {
      throw Error(ErrorCode::io, fmt::format("cannot write '{}': is the disk full?", file.string()));
    }
    if (result == CURLE_OK && code < 400) {
      if (!transfer.gained && transfer.first == 0) fs::remove(file);
      return;
    }
    if (result == CURLE_OK && code == 416 && transfer.first > 0) return;  // nothing is missing; the checksum tells
    if (options.stop.stop_requested()) continue;
    if (result == CURLE_OK && (code == 404 || code == 410)) {
      throw Error(ErrorCode::not_found,
                  fmt::format("cannot fetch '{}': the server answers {}: no such file; a mirror may "
                              "have it (--base-url)",
                              url, code));
    }
    const bool hopeless = (result == CURLE_OK && code < 500 && code != 429 && code != 408) ||
                          result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_URL_MALFORMAT;
    failures = transfer.gained > 0 ? 1 : failures + 1;
    if (hopeless || failures >= options.tries) {
      const std::string why = result == CURLE_OK ? fmt::format("the server answers {}", code) : curl_->text(result);
      throw Error(ErrorCode::io,
                  fmt::format("cannot fetch '{}': {}; {} bytes are here, and the same command goes on from "
                              "there",
                              url, why, size_of(file)));
    }
    pause(options.pause_seconds * failures, options.stop);
  }
}

}  // namespace soundalike
