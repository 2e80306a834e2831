#include "soundalike/effect_library.hpp"

#include <exception>

#include "effect/cache_file.hpp"
#include "effect/effect_name.hpp"
#include "effect/listing_archive.hpp"
#include "effect/scan.hpp"
#include "effect/user_folders.hpp"

namespace soundalike {
namespace {

std::optional<std::filesystem::path> cache_file(const EffectLibrary::Options& options) {
  if (!options.use_cache) return std::nullopt;
  if (options.cache_file) return options.cache_file;
  const auto folder = user_folder("XDG_CACHE_HOME", ".cache");
  if (!folder) return std::nullopt;
  return *folder / "effects.cache";
}

std::optional<std::vector<EffectListing>> read_listings(const std::filesystem::path& file, std::uint64_t key) {
  const auto bytes = read_cache(file, key);
  if (!bytes) return std::nullopt;
  try {
    std::vector<EffectListing> listings;
    ArchiveReader reader(*bytes);
    reader(listings);
    if (reader.at_end()) return listings;
  } catch (const std::exception&) {
    // Right checksum, wrong shape: as good as no cache.
  }
  return std::nullopt;
}

void write_listings(const std::filesystem::path& file, std::uint64_t key, const std::vector<EffectListing>& listings) {
  ArchiveWriter writer;
  writer(listings);
  write_cache(file, key, writer.bytes());
}

}  // namespace

EffectLibrary::EffectLibrary(const Options& options) {
  const auto sources = scan_sources(options);
  const std::optional<std::filesystem::path> file = cache_file(options);
  const std::uint64_t key = file ? scan_key(sources) : 0;
  if (file) {
    if (auto listings = read_listings(*file, key)) {
      listings_ = *std::move(listings);
      from_cache_ = true;
      return;
    }
  }
  std::optional<std::filesystem::path> verdicts = file;
  if (verdicts) verdicts->replace_extension(".verdicts");
  listings_ = scan(sources, options, verdicts);
  if (file) write_listings(*file, key, listings_);
}

const EffectListing& EffectLibrary::find(std::string_view text) const { return find_effect(listings_, text); }

std::unique_ptr<Effect> EffectLibrary::open(std::string_view text, const RenderSetup& setup) const {
  return open_effect(find(text), setup);
}

}  // namespace soundalike
