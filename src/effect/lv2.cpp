#include "effect/lv2.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <thread>
#include <tuple>

#include "base/parallel.hpp"
#include "effect/arranged_run.hpp"
#include "effect/lv2_features.hpp"
#include "effect/lv2_instance.hpp"
#include "effect/lv2_library.hpp"
#include "effect/lv2_world.hpp"
#include "effect/search_path.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::string_view scheme = "lv2:";

class Lv2Effect : public Effect {
 public:
  Lv2Effect(Lv2World world, Lv2Model model, const RenderSetup& setup) : world_(std::move(world)) {
    for (Parameter& p : model.parameters) p = p.at_rate(setup.sample_rate.hz);
    plugin_.model = std::move(model);
    plugin_.setup = setup;
    if (plugin_.model.default_state) plugin_.default_state = &world_;
    const Lv2Features features(setup, plugin_.model.whole_blocks);
    plugin_.descriptor = load_lv2_descriptor(plugin_.model, features.array());
  }

  const EffectInfo& info() const override { return plugin_.model.info; }
  std::span<const Parameter> parameters() const override { return plugin_.model.parameters; }
  const RenderSetup& setup() const override { return plugin_.setup; }

  std::unique_ptr<EffectRun> start(std::span<const float> settings) const override {
    const auto plain = plain_values(*this, settings);
    const EffectInfo& info = plugin_.model.info;
    return std::make_unique<ArrangedRun>(
        ArrangedRun::Shape{info.name, info.audio_inputs, info.audio_outputs, plugin_.setup, plugin_.model.whole_blocks},
        [&] { return std::make_unique<Lv2Instance>(plugin_, plain); });
  }

 private:
  Lv2World world_;
  Lv2Plugin plugin_;
};

void check_blocks(const Lv2Model& model, const RenderSetup& setup) {
  if (!model.whole_blocks || std::has_single_bit(setup.block_size)) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot open '{}': blocks of {} frames; this plugin needs a power of two", model.info.name,
                          setup.block_size));
}

struct Found {
  EffectListing listing;
  std::size_t bundle;  // its place on the path
};

/// Every plugin whose number, counted over all bundles, is `share` modulo `shares`.
std::vector<Found> scan_share(const std::vector<std::filesystem::path>& bundles, std::size_t share,
                              std::size_t shares) {
  std::vector<Found> found;
  std::size_t number = 0;
  for (std::size_t b = 0; b < bundles.size(); ++b) {
    const Lv2World world(bundles[b]);
    for (const std::string& uri : world.plugins()) {
      if (number++ % shares != share) continue;
      auto model = world.model(uri);
      if (!model) continue;
      found.push_back({{.info = std::move(model->info),
                        .parameters = std::move(model->parameters),
                        .bundle = std::move(model->bundle),
                        .missing_features = std::move(model->missing_features),
                        .unusable = std::move(model->unusable)},
                       b});
    }
  }
  return found;
}

}  // namespace

std::vector<EffectListing> scan_lv2(const std::string& path) {
  const auto bundles = lv2_bundles(path);
  // The time goes into parsing Turtle, so every thread takes its share of the plugins of each bundle: one bundle may
  // hold a quarter of all.
  const std::size_t threads = std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
  std::vector<std::vector<Found>> shares(threads);
  parallel_for(threads, threads, [&](std::size_t t) { shares[t] = scan_share(bundles, t, threads); });
  std::vector<Found> found;
  for (auto& share : shares) std::ranges::move(share, std::back_inserter(found));
  // A plugin that several folders hold is the one of the first.
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.listing.info.id, a.bundle) < std::tie(b.listing.info.id, b.bundle);
  });
  std::vector<EffectListing> listings;
  for (Found& f : found) {
    if (listings.empty() || listings.back().info.id != f.listing.info.id) listings.push_back(std::move(f.listing));
  }
  return listings;
}

std::uint64_t lv2_fingerprint(const std::string& path) { return fingerprint(path, ".ttl"); }

std::unique_ptr<Effect> open_lv2(const EffectListing& listing, const RenderSetup& setup) {
  Lv2World world(listing.bundle);
  auto model = world.model(listing.info.id.substr(scheme.size()));
  if (!model) {
    throw Error(ErrorCode::not_found, fmt::format("cannot open '{}': the bundle {} holds no plugin {}",
                                                  listing.info.name, listing.bundle.string(), listing.info.id));
  }
  if (!model->unusable.empty()) {
    throw Error(ErrorCode::unsupported, fmt::format("cannot use '{}': {}", model->info.name, model->unusable));
  }
  check_setup(model->info.name, setup);
  check_blocks(*model, setup);
  return std::make_unique<Lv2Effect>(std::move(world), *std::move(model), setup);
}

}  // namespace soundalike
