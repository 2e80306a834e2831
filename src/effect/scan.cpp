#include "effect/scan.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "effect/file_verdicts.hpp"
#include "effect/hash.hpp"
#include "effect/scan_process.hpp"
#include "effect/scan_version.hpp"
#include "effect/search_path.hpp"

namespace soundalike {
namespace {

/// 0 for a file that cannot be looked at.
std::uint64_t stamp_of(const std::filesystem::path& file) {
  struct stat status;
  if (stat(file.c_str(), &status) != 0) return 0;
  std::uint64_t value = mix(static_cast<std::uint64_t>(status.st_size));
  value = mix(value ^ static_cast<std::uint64_t>(status.st_mtim.tv_sec));
  return mix(value ^ static_cast<std::uint64_t>(status.st_mtim.tv_nsec));
}

std::uint64_t stamp_with_descriptions(const EffectFormat& format, const std::filesystem::path& file) {
  std::uint64_t stamp = stamp_of(file);
  if (!format.described_by) return stamp;
  for (const auto& description : format.described_by(file)) stamp = mix(stamp ^ stamp_of(description));
  return stamp;
}

/// Loads the files about which nothing is known yet, in worker processes.
std::vector<EffectListing> scan_files(const ScanSource& source, FileVerdicts& verdicts,
                                      const EffectLibrary::Options& options) {
  std::vector<ScanFile> unknown;
  for (const ScanFile& file : source.files) {
    if (!verdicts.find(file)) unknown.push_back(file);
  }
  const ScanProcessOptions process_options{.deadline_seconds = options.scan_deadline_seconds};
  scan_in_processes(
      *source.format, unknown, process_options,
      [&](const ScanFile& file, std::vector<EffectListing> listings) { verdicts.put(file, std::move(listings)); });
  std::vector<EffectListing> listings;
  for (const ScanFile& file : source.files) {
    if (const auto* known = verdicts.find(file)) listings.insert(listings.end(), known->begin(), known->end());
  }
  return listings;
}

}  // namespace

std::vector<ScanSource> scan_sources(const EffectLibrary::Options& options) {
  std::vector<ScanSource> sources;
  for (const EffectFormat& format : effect_formats()) {
    if (!format.path && !options.built_in) continue;
    ScanSource source{.format = &format};
    if (format.path)
      source.path = resolve_search_path(format.path_variable, format.standard_path, options.*format.path);
    std::vector<std::filesystem::path> files;
    if (format.files) files = format.files(source.path);
    const bool nothing = format.files && files.empty();  // that could be described
    if (format.fingerprint && !nothing) source.fingerprint = format.fingerprint(source.path);
    for (auto& file : files) {
      const std::uint64_t stamp = stamp_with_descriptions(format, file);
      source.files.push_back({std::move(file), stamp, source.fingerprint});
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

std::uint64_t scan_key(const std::vector<ScanSource>& sources) {
  const char* language = std::getenv("LANG");
  std::uint64_t key = hash(language ? language : "", hash(scan_version));
  for (const ScanSource& source : sources) {
    key = hash(source.path, mix(key ^ hash(source.format->scheme)));
    key = mix(key ^ source.fingerprint);
    for (const ScanFile& file : source.files) key = hash(file.path.native(), mix(key ^ file.stamp));
  }
  return key;
}

std::vector<EffectListing> scan(const std::vector<ScanSource>& sources, const EffectLibrary::Options& options,
                                const std::optional<std::filesystem::path>& verdicts_file) {
  FileVerdicts verdicts(verdicts_file);
  std::vector<EffectListing> listings;
  try {
    for (const ScanSource& source : sources) {
      std::ranges::move(source.format->scan ? source.format->scan(source.path) : scan_files(source, verdicts, options),
                        std::back_inserter(listings));
    }
  } catch (...) {
    verdicts.save();  // of the files that were looked into
    throw;
  }
  verdicts.save();
  // Files stand in the order of the path, so the first of two that hold one effect stays.
  std::stable_sort(listings.begin(), listings.end(),
                   [](const EffectListing& a, const EffectListing& b) { return a.info.id < b.info.id; });
  const auto repeated =
      std::unique(listings.begin(), listings.end(),
                  [](const EffectListing& a, const EffectListing& b) { return a.info.id == b.info.id; });
  listings.erase(repeated, listings.end());
  return listings;
}

}  // namespace soundalike
