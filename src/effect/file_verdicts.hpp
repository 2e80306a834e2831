#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "effect/scan.hpp"

namespace soundalike {

/// What loading each file found, kept from one scan to the next: loading is slow, and a file that crashes shall do so
/// once. Void when the file or the code that scans changes; where it holds an effect that can be used, also when what
/// describes it from outside changes. For one thread.
class FileVerdicts {
 public:
  /// @param cache where they are kept; absent: nowhere.
  explicit FileVerdicts(std::optional<std::filesystem::path> cache);

  /// The effects of the file as it is now; null when it has not been loaded yet.
  const std::vector<EffectListing>* find(const ScanFile& file) const;
  void put(const ScanFile& file, std::vector<EffectListing> listings);
  /// Writes those of files that still exist, if there is anything new; best effort.
  void save() const;

 private:
  struct Verdict {
    std::uint64_t stamp = 0;
    std::uint64_t described = 0;
    std::vector<EffectListing> listings;
  };
  std::optional<std::filesystem::path> cache_;
  std::map<std::string, Verdict> verdicts_;  // by path
  bool changed_ = false;
};

}  // namespace soundalike
