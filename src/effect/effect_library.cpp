#include "soundalike/effect_library.hpp"

#include <algorithm>

#include "effect/effect_name.hpp"
#include "effect/listing_cache.hpp"
#include "effect/lv2.hpp"
#include "effect/lv2_path.hpp"
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

std::vector<EffectListing> scan(const std::string& lv2_path) {
  if (lv2_path.empty()) return {};  // an empty path means the standard folders to scan_lv2
  std::vector<EffectListing> listings = scan_lv2(lv2_path);
  const auto before = [](const EffectListing& a, const EffectListing& b) { return a.info.id < b.info.id; };
  const auto same = [](const EffectListing& a, const EffectListing& b) { return a.info.id == b.info.id; };
  std::stable_sort(listings.begin(), listings.end(), before);
  listings.erase(std::unique(listings.begin(), listings.end(), same), listings.end());
  return listings;
}

}  // namespace

EffectLibrary::EffectLibrary(const Options& options) {
  const std::string lv2_path = resolve_lv2_path(options.lv2_path);
  const std::optional<std::filesystem::path> file = cache_file(options);
  const std::uint64_t key = file ? listing_key(lv2_path) : 0;
  if (file) {
    if (auto listings = read_listings(*file, key)) {
      listings_ = *std::move(listings);
      from_cache_ = true;
      return;
    }
  }
  listings_ = scan(lv2_path);
  if (file) write_listings(*file, key, listings_);
}

const EffectListing& EffectLibrary::find(std::string_view text) const { return find_effect(listings_, text); }

std::unique_ptr<Effect> EffectLibrary::open(std::string_view text, const RenderSetup& setup) const {
  return open_effect(find(text), setup);
}

}  // namespace soundalike
