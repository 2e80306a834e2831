#include "effect/file_verdicts.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "effect/cache_file.hpp"
#include "effect/hash.hpp"
#include "effect/listing_archive.hpp"
#include "effect/scan_version.hpp"

namespace soundalike {

FileVerdicts::FileVerdicts(std::optional<std::filesystem::path> cache) : cache_(std::move(cache)) {
  const auto bytes = cache_ ? read_cache(*cache_, hash(scan_version)) : std::nullopt;
  if (!bytes) return;
  try {
    ArchiveReader reader(*bytes);
    while (!reader.at_end()) {
      std::string path;
      Verdict verdict;
      reader(path, verdict.stamp, verdict.described, verdict.listings);
      verdicts_[std::move(path)] = std::move(verdict);
    }
  } catch (const std::exception&) {
    verdicts_.clear();  // right checksum, wrong shape: as good as none
  }
}

const std::vector<EffectListing>* FileVerdicts::find(const ScanFile& file) const {
  const auto found = verdicts_.find(file.path.native());
  if (found == verdicts_.end() || found->second.stamp != file.stamp) return nullptr;
  const Verdict& verdict = found->second;
  const auto usable = [](const EffectListing& listing) { return listing.unusable.empty(); };
  if (verdict.described != file.described && std::ranges::any_of(verdict.listings, usable)) return nullptr;
  return &verdict.listings;
}

void FileVerdicts::put(const ScanFile& file, std::vector<EffectListing> listings) {
  verdicts_[file.path.native()] = {file.stamp, file.described, std::move(listings)};
  changed_ = true;
}

void FileVerdicts::save() const {
  if (!cache_ || !changed_) return;
  ArchiveWriter writer;
  std::error_code ignored;
  for (const auto& [path, verdict] : verdicts_) {
    if (std::filesystem::exists(path, ignored)) writer(path, verdict.stamp, verdict.described, verdict.listings);
  }
  write_cache(*cache_, hash(scan_version), writer.bytes());
}

}  // namespace soundalike
