#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace soundalike::farm {

/// The memory that a renderer shares with its workers: one anonymous file, mapped once by each process over far more
/// address space than the file has. Growing is then a change of the file's size only: nobody maps again, no pointer
/// moves, and workers need not be told. The file has no name, so nothing is left behind whoever dies.
class Arena {
 public:
  static constexpr std::size_t alignment = 4096;

  /// A new one with `first` bytes in use from offset 0. @throws Error io.
  explicit Arena(std::size_t first);
  /// The worker's side of an inherited descriptor, which is closed: a plugin shall not find it. @throws Error io.
  static Arena attach(int descriptor);
  ~Arena();
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&&) = delete;

  int descriptor() const { return descriptor_; }
  /// What lies at an offset. Offsets, unlike pointers, mean the same in every process.
  template <typename T>
  T* at(std::uint64_t offset) const {
    return reinterpret_cast<T*>(base_ + offset);
  }

  /// Zero-filled bytes at a multiple of `alignment`. Only for the process that made the arena, one thread at a time.
  /// @throws Error io when memory cannot grow.
  std::uint64_t allocate(std::size_t bytes);
  /// Gives the bytes back to the system at once. Offset 0 (none) is ignored.
  void free(std::uint64_t offset);

 private:
  Arena(std::byte* base, std::size_t reserved);
  static std::byte* map(int descriptor, std::size_t reserved);

  int descriptor_ = -1;
  std::size_t reserved_ = 0;
  std::byte* base_ = nullptr;
  std::size_t size_ = 0;
  std::map<std::uint64_t, std::size_t> used_;
};

}  // namespace soundalike::farm
