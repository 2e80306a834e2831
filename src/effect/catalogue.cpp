#include <fmt/format.h>

#include <array>

#include "effect/lv2.hpp"
#include "effect/quirks.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::string_view lv2_scheme = "lv2:";

struct Format {
  std::string_view scheme;  ///< ids of the format start with it
  std::unique_ptr<Effect> (*open)(const EffectListing&, const RenderSetup&);
};

/// Every plugin format. A new one is a file and a row.
constexpr std::array formats{Format{lv2_scheme, &open_lv2}};

}  // namespace

std::unique_ptr<Effect> open_effect(const EffectListing& listing, const RenderSetup& setup) {
  for (const Format& format : formats) {
    if (listing.info.id.starts_with(format.scheme)) return format.open(listing, setup);
  }
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot open '{}': its id starts with no known plugin format (lv2:)", listing.info.id));
}

bool needs_isolation(const EffectListing& listing) {
  const std::string_view id = listing.info.id;
  return id.starts_with(lv2_scheme) && quirk_of(id.substr(lv2_scheme.size())).isolate;
}

}  // namespace soundalike
