#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "effect/effect_format.hpp"

namespace soundalike {

/// A file whose effects are known only once it is loaded.
struct ScanFile {
  std::filesystem::path path;
  std::uint64_t stamp = 0;      ///< changes with its size and time, and those of its bundle's description of it
  std::uint64_t described = 0;  ///< changes with what describes all files of the format from outside
};

/// Where the effects of one format are looked for.
struct ScanSource {
  const EffectFormat* format = nullptr;
  std::string path = {};             ///< colon-separated
  std::uint64_t fingerprint = 0;     ///< as EffectFormat::fingerprint tells it; 0 where it does not
  std::vector<ScanFile> files = {};  ///< for formats whose files must be loaded
};

/// Every format with its folders and files as they are now.
std::vector<ScanSource> scan_sources(const EffectLibrary::Options& options);

/// What the listings of these sources depend on: the code that scans, the language it asks for, the folders and what
/// lies in them. Take it before scanning, so that a change during the scan is noticed the next time.
std::uint64_t scan_key(const std::vector<ScanSource>& sources);

/// All effects of these sources, ordered by id, each id once.
/// @param verdicts_file remembers what loading each file found, from one scan to the next; absent: nothing does.
std::vector<EffectListing> scan(const std::vector<ScanSource>& sources, const EffectLibrary::Options& options,
                                const std::optional<std::filesystem::path>& verdicts_file);

}  // namespace soundalike
