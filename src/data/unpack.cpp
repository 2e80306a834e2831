#include "data/unpack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "data/shared_library.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

struct Functions {
  SharedLibrary library{"libarchive.so.13", "unpack", "libarchive13"};
  decltype(&archive_read_new) make = nullptr;
  decltype(&archive_read_free) release = nullptr;
  decltype(&archive_read_support_filter_gzip) gzip = nullptr;
  decltype(&archive_read_support_format_tar) tar = nullptr;
  decltype(&archive_read_support_format_zip) zip = nullptr;
  decltype(&archive_read_open_filename) open = nullptr;
  decltype(&archive_read_next_header) next = nullptr;
  decltype(&archive_read_data) read = nullptr;
  decltype(&archive_error_string) error = nullptr;
  decltype(&archive_entry_pathname) path = nullptr;
  decltype(&archive_entry_filetype) type = nullptr;
  decltype(&archive_entry_hardlink) hardlink = nullptr;

  Functions() {
    library.load(make, "archive_read_new");
    library.load(release, "archive_read_free");
    library.load(gzip, "archive_read_support_filter_gzip");
    library.load(tar, "archive_read_support_format_tar");
    library.load(zip, "archive_read_support_format_zip");
    library.load(open, "archive_read_open_filename");
    library.load(next, "archive_read_next_header");
    library.load(read, "archive_read_data");
    library.load(error, "archive_error_string");
    library.load(path, "archive_entry_pathname");
    library.load(type, "archive_entry_filetype");
    library.load(hardlink, "archive_entry_hardlink");
  }
};

class Reader {
 public:
  Reader(const fs::path& file, const fs::path& folder, const UnpackOptions& options)
      : file_(file), folder_(folder), options_(options), handle_(call_.make(), call_.release) {
    call_.gzip(handle_.get());
    call_.tar(handle_.get());
    call_.zip(handle_.get());
    if (call_.open(handle_.get(), file.c_str(), 1 << 20) != ARCHIVE_OK) damaged();
    limit_ = static_cast<double>(options.always) + options.largest_ratio * static_cast<double>(fs::file_size(file));
  }

  std::size_t all() {
    std::size_t count = 0;
    for (;;) {
      if (options_.stop.stop_requested()) refuse(ErrorCode::cancelled, "stopped");
      archive_entry* entry = nullptr;
      const int result = call_.next(handle_.get(), &entry);
      if (result == ARCHIVE_EOF) return count;
      if (result < ARCHIVE_WARN) damaged();
      const char* name = call_.path(entry);
      if (name == nullptr) refuse(ErrorCode::bad_audio, "a file in it has no name");
      const fs::path stored(name), path = stored.lexically_normal();
      if (stored.is_absolute() || std::ranges::find(stored, fs::path("..")) != stored.end()) {
        refuse(ErrorCode::bad_audio, fmt::format("'{}' in it leads out of the folder", name));
      }
      if (call_.type(entry) == AE_IFDIR || !options_.wanted(path)) continue;
      if (call_.type(entry) != AE_IFREG || call_.hardlink(entry) != nullptr) {
        refuse(ErrorCode::bad_audio, fmt::format("'{}' in it is a link or device, not a file", name));
      }
      write(path);
      ++count;
    }
  }

 private:
  [[noreturn]] void refuse(ErrorCode code, const std::string& why) const {
    throw Error(code, fmt::format("cannot unpack '{}': {}", file_.string(), why));
  }
  [[noreturn]] void damaged() const {
    const char* why = call_.error(handle_.get());
    refuse(ErrorCode::bad_audio, why != nullptr ? why : "it is damaged");
  }

  void write(const fs::path& path) {
    const fs::path place = folder_ / path, aside = place.parent_path() / ("." + place.filename().string() + ".part");
    std::error_code failure;
    fs::create_directories(place.parent_path(), failure);
    std::ofstream out(aside, std::ios::binary);
    std::uint64_t size = 0;
    try {
      for (;;) {
        const la_ssize_t got = call_.read(handle_.get(), piece_.data(), piece_.size());
        if (got < 0) damaged();
        if (got == 0) break;
        size += static_cast<std::uint64_t>(got);
        total_ += static_cast<double>(got);
        if (size > options_.largest_file || total_ > limit_) {
          refuse(ErrorCode::bad_audio, fmt::format("it unpacks to absurd sizes, at '{}'", path.string()));
        }
        out.write(piece_.data(), got);
      }
      out.close();
      if (!out) refuse(ErrorCode::io, fmt::format("cannot write '{}'", place.string()));
      fs::rename(aside, place);
    } catch (...) {
      fs::remove(aside, failure);
      throw;
    }
  }

  fs::path file_, folder_;
  const UnpackOptions& options_;
  Functions call_;
  std::unique_ptr<archive, decltype(&archive_read_free)> handle_;
  std::vector<char> piece_ = std::vector<char>(1 << 16);
  double total_ = 0.0, limit_ = 0.0;
};

}  // namespace

std::size_t unpack(const fs::path& archive, const fs::path& folder, const UnpackOptions& options) {
  return Reader(archive, folder, options).all();
}

}  // namespace soundalike
