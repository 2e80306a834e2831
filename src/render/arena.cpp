#include "render/arena.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "soundalike/error.hpp"

namespace soundalike::farm {
namespace {

constexpr std::size_t largest_reserve = std::size_t{64} << 30;
constexpr std::size_t smallest_reserve = std::size_t{256} << 20;

std::size_t round_up(std::size_t bytes) { return (bytes + Arena::alignment - 1) / Arena::alignment * Arena::alignment; }

Error memory_error(const char* what) {
  return Error(ErrorCode::io,
               fmt::format("cannot {} the memory shared with render workers: {}", what, std::strerror(errno)));
}

}  // namespace

std::byte* Arena::map(int descriptor, std::size_t reserved) {
  void* address = ::mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  if (address == MAP_FAILED) return nullptr;
  ::madvise(address, reserved, MADV_DONTDUMP);
  return static_cast<std::byte*>(address);
}

Arena::Arena(std::size_t first) {
  descriptor_ = ::memfd_create("soundalike-render", MFD_CLOEXEC);
  if (descriptor_ < 0) throw memory_error("create");
  // A limit on address space (ulimit -v) leaves room for less.
  for (reserved_ = largest_reserve; !base_ && reserved_ >= smallest_reserve;) {
    base_ = map(descriptor_, reserved_);
    if (!base_) reserved_ /= 2;
  }
  if (!base_) {
    const Error error = memory_error("map");
    ::close(descriptor_);
    throw error;
  }
  try {
    allocate(first);
  } catch (...) {
    ::munmap(base_, reserved_);
    ::close(descriptor_);
    throw;
  }
}

Arena::Arena(std::byte* base, std::size_t reserved) : reserved_(reserved), base_(base) {}

Arena Arena::attach(int descriptor) {
  std::size_t reserved = largest_reserve;
  std::byte* base = map(descriptor, reserved);
  if (!base) base = map(descriptor, reserved = smallest_reserve);
  if (!base) throw memory_error("map");
  ::close(descriptor);
  return {base, reserved};
}

Arena::Arena(Arena&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      reserved_(other.reserved_),
      base_(std::exchange(other.base_, nullptr)),
      size_(other.size_),
      used_(std::move(other.used_)) {}

Arena::~Arena() {
  if (base_) ::munmap(base_, reserved_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t Arena::allocate(std::size_t bytes) {
  bytes = round_up(bytes > 0 ? bytes : 1);
  std::uint64_t offset = 0;  // first fit
  for (const auto& [start, length] : used_) {
    if (start - offset >= bytes) break;
    offset = start + length;
  }
  const std::size_t end = offset + bytes;
  if (end > reserved_) {
    throw Error(ErrorCode::io,
                fmt::format("cannot share {} MiB with render workers: at most {} MiB fit; use shorter clips "
                            "or remove clips",
                            end >> 20, reserved_ >> 20));
  }
  if (end > size_) {
    if (::ftruncate(descriptor_, static_cast<off_t>(end)) != 0) throw memory_error("grow");
    size_ = end;
  }
  used_.emplace(offset, bytes);
  return offset;
}

void Arena::free(std::uint64_t offset) {
  const auto found = used_.find(offset);
  if (offset == 0 || found == used_.end()) return;
  ::fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
              static_cast<off_t>(found->second));
  used_.erase(found);
}

}  // namespace soundalike::farm
