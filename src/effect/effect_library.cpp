#include "soundalike/effect_library.hpp"

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
  if (!lv2_path.empty()) listings_ = scan_lv2(lv2_path);  // to scan_lv2 an empty path means the standard folders
  if (file) write_listings(*file, key, listings_);
}

const EffectListing& EffectLibrary::find(std::string_view text) const { return find_effect(listings_, text); }

std::unique_ptr<Effect> EffectLibrary::open(std::string_view text, const RenderSetup& setup) const {
  return open_effect(find(text), setup);
}

}  // namespace soundalike
