#include "audio/descriptor_io.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include "audio/pending_file.hpp"

namespace soundalike {
namespace {

// How much later a byte of the file stands in what libsndfile sees.
sf_count_t shift_of(const DescriptorIo& io) {
  return static_cast<sf_count_t>(io.beginning.size()) - static_cast<sf_count_t>(io.replaced);
}

// The descriptor's position counts in what libsndfile sees; reads translate it.
sf_count_t seek(sf_count_t offset, int whence, void* user) {
  const auto& io = *static_cast<DescriptorIo*>(user);
  if (whence == SEEK_END) {
    const sf_count_t end = ::lseek(io.descriptor, 0, SEEK_END);
    if (end < 0) return end;
    offset += end + shift_of(io);
    whence = SEEK_SET;
  }
  // Not an error of the disk when it fails: damaged files send libsndfile to places before their beginning.
  return ::lseek(io.descriptor, offset, whence);
}

sf_count_t tell(void* user) { return seek(0, SEEK_CUR, user); }

sf_count_t length(void* user) {
  const sf_count_t here = tell(user);
  const sf_count_t end = seek(0, SEEK_END, user);
  seek(here, SEEK_SET, user);
  return end;
}

sf_count_t read(void* bytes, sf_count_t count, void* user) {
  auto& io = *static_cast<DescriptorIo*>(user);
  const sf_count_t here = tell(user);
  const auto head = static_cast<sf_count_t>(io.beginning.size());
  sf_count_t got = 0;
  if (here < head) {
    got = std::min(count, head - here);
    std::copy_n(io.beginning.begin() + here, got, static_cast<unsigned char*>(bytes));
  }
  while (got < count) {
    const ssize_t more = ::pread(io.descriptor, static_cast<unsigned char*>(bytes) + got,
                                 static_cast<std::size_t>(count - got), here + got - shift_of(io));
    if (more < 0 && errno == EINTR) continue;
    if (more < 0 && io.error == 0) io.error = errno;
    if (more <= 0) break;
    got += more;
  }
  seek(here + got, SEEK_SET, user);
  return got;
}

sf_count_t write(const void* bytes, sf_count_t count, void* user) {
  auto& io = *static_cast<DescriptorIo*>(user);
  if (io.error != 0) return 0;
  io.error = write_fully(io.descriptor, {static_cast<const std::byte*>(bytes), static_cast<std::size_t>(count)});
  return io.error == 0 ? count : 0;
}

}  // namespace

SF_VIRTUAL_IO& descriptor_calls() {
  static SF_VIRTUAL_IO calls{length, seek, read, write, tell};  // never changed; libsndfile wants it non-const
  return calls;
}

}  // namespace soundalike
