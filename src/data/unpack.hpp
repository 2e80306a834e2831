#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

namespace soundalike {

struct UnpackOptions {
  std::function<bool(const std::filesystem::path&)> wanted;  ///< of a file, by its path in the archive
  std::uint64_t largest_file = 8ull << 30;
  double largest_ratio = 100.0;        ///< of all that is unpacked to the archive's size ...
  std::uint64_t always = 64ull << 20;  ///< ... beyond these bytes
  std::stop_token stop = {};
};

/// Unpacks the wanted files of a zip, tar or gzipped tar below `folder`, under their paths, each written aside and
/// renamed. @return how many.
/// @throws Error bad_audio for a damaged archive, a path that leads out of the folder, a link where a file is wanted,
/// and
///         sizes beyond the limits; io, cancelled, unsupported.
std::size_t unpack(const std::filesystem::path& archive, const std::filesystem::path& folder,
                   const UnpackOptions& options);

}  // namespace soundalike
