#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "soundalike/batch_renderer.hpp"

namespace soundalike::latent {

/// What became of the points of a map that is being made, in the order in which they were rendered. A record that was
/// cut off by the end of the process or the disk is forgotten, with what follows it.
///
///   Journal journal(file, digest, width, points);   // reads what is there
///   if (!journal.has(7)) journal.add(7, RenderStatus::ok, numbers);
///
/// add() may be called from many threads.
class Journal {
 public:
  /// @param digest of all that decides what the points are: a journal with another one is begun anew.
  /// @param width numbers per point. @throws Error io.
  Journal(const std::filesystem::path& file, const std::string& digest, std::size_t width, std::size_t points);

  bool has(std::size_t point) const { return known_[point] != 0; }
  RenderStatus status(std::size_t point) const { return status_[point]; }
  /// [width]; zeros unless the render was usable.
  std::span<const float> numbers(std::size_t point) const {
    return std::span(numbers_).subspan(point * width_, width_);
  }
  std::size_t count() const { return count_; }

  /// @throws Error io when it cannot be written: full disk.
  void add(std::size_t point, RenderStatus status, std::span<const float> numbers);
  /// Everything so far is with the system after it. @throws Error io.
  void flush();

 private:
  void put(std::size_t point, std::uint32_t status, std::span<const float> numbers);

  std::filesystem::path file_;
  std::size_t width_;
  std::vector<char> known_;
  std::vector<RenderStatus> status_;
  std::vector<float> numbers_;
  std::size_t count_ = 0;
  std::ofstream out_;
  std::mutex writing_;
};

}  // namespace soundalike::latent
