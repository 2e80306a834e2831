#include "audio/descriptor_io.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "audio/pending_file.hpp"

namespace soundalike {
namespace {

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  // Not an error of the disk when it fails: damaged files send libsndfile to places before their beginning.
  return ::lseek(static_cast<DescriptorIo*>(user)->descriptor, offset, whence);
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
  ssize_t got = 0;
  do {
    got = ::read(io.descriptor, bytes, static_cast<std::size_t>(count));
  } while (got < 0 && errno == EINTR);
  if (got < 0 && io.error == 0) io.error = errno;
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
