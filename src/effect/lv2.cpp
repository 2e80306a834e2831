#include "effect/lv2.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <future>
#include <iterator>
#include <thread>
#include <tuple>

#include "effect/lv2_features.hpp"
#include "effect/lv2_instance.hpp"
#include "effect/lv2_library.hpp"
#include "effect/lv2_world.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::string_view scheme = "lv2:";
constexpr double longest_latency_seconds = 60.0;

class Lv2Run : public EffectRun {
 public:
  Lv2Run(const Lv2Plugin& plugin, std::span<const float> plain) : plugin_(plugin) {
    const EffectInfo& info = plugin.model.info;
    const bool one_per_channel = plugin.setup.channels == 2 && info.audio_inputs == 1 && info.audio_outputs == 1;
    for (int i = 0; i < (one_per_channel ? 2 : 1); ++i) instances_.emplace_back(plugin, plain);
  }

  std::size_t latency() const override { return latency_.value_or(0); }

  void process(const float* const* in, float* const* out, std::size_t frames) override {
    if (frames == 0 || frames > plugin_.setup.block_size) {
      throw Error(ErrorCode::internal,
                  fmt::format("a block has {} frames, expected 1 to {}", frames, plugin_.setup.block_size));
    }
    feed(in, frames);
    const std::size_t run_frames = plugin_.model.whole_blocks ? plugin_.setup.block_size : frames;
    const bool direct = writes_straight_to(out) && run_frames == frames;
    redirect(direct ? out : nullptr);
    for (Lv2Instance& instance : instances_) instance.run(run_frames);
    if (!direct) collect(out, frames);
    if (!latency_) latency_ = checked_latency();
  }

 private:
  void feed(const float* const* in, std::size_t frames) {
    const std::size_t ports = plugin_.model.info.audio_inputs;
    const std::size_t channels = plugin_.setup.channels;
    if (instances_.size() == 2) {
      for (std::size_t c = 0; c < 2; ++c) copy_in(instances_[c].input(0), in[c], frames);
    } else if (channels == 2 && ports == 1) {
      float* to = instances_[0].input(0);
      for (std::size_t i = 0; i < frames; ++i) to[i] = 0.5f * (in[0][i] + in[1][i]);
      silence_rest(to, frames);
    } else {
      for (std::size_t p = 0; p < ports; ++p) copy_in(instances_[0].input(p), in[std::min(p, channels - 1)], frames);
    }
  }

  /// Whether the plugin's outputs are the channels, and it may write them where they are wanted.
  bool writes_straight_to(float* const* out) const {
    const std::size_t channels = plugin_.setup.channels;
    if (instances_.size() == 1 && plugin_.model.info.audio_outputs != channels) return false;
    return std::all_of(out, out + channels, [](const float* p) { return Lv2Instance::can_redirect_to(p); });
  }

  void redirect(float* const* out) {
    const std::size_t outputs = instances_.size() == 2 ? 1 : plugin_.model.info.audio_outputs;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      for (std::size_t p = 0; p < outputs; ++p) instances_[i].redirect(p, out ? out[std::max(i, p)] : nullptr);
    }
  }

  void collect(float* const* out, std::size_t frames) const {
    const std::size_t ports = plugin_.model.info.audio_outputs;
    const std::size_t channels = plugin_.setup.channels;
    if (instances_.size() == 2) {
      for (std::size_t c = 0; c < 2; ++c) std::copy_n(instances_[c].output(0), frames, out[c]);
    } else if (channels == 1 && ports == 2) {
      const float* left = instances_[0].output(0);
      const float* right = instances_[0].output(1);
      for (std::size_t i = 0; i < frames; ++i) out[0][i] = 0.5f * (left[i] + right[i]);
    } else {
      for (std::size_t c = 0; c < channels; ++c) {
        std::copy_n(instances_[0].output(std::min(c, ports - 1)), frames, out[c]);
      }
    }
  }

  void copy_in(float* to, const float* from, std::size_t frames) const {
    std::copy_n(from, frames, to);
    silence_rest(to, frames);
  }

  void silence_rest(float* to, std::size_t frames) const {
    if (plugin_.model.whole_blocks) std::fill(to + frames, to + plugin_.setup.block_size, 0.0f);
  }

  std::size_t checked_latency() const {
    const float frames = instances_.front().reported_latency();
    if (!(frames > 0.0f)) return 0;
    if (frames > longest_latency_seconds * plugin_.setup.sample_rate.hz) {
      throw Error(ErrorCode::plugin_failed, fmt::format("'{}' reports a latency of {} frames, more than {} s",
                                                        plugin_.model.info.name, frames, longest_latency_seconds));
    }
    return static_cast<std::size_t>(std::lround(frames));
  }

  const Lv2Plugin& plugin_;
  std::vector<Lv2Instance> instances_;
  std::optional<std::size_t> latency_;
};

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
    check_settings(*this, settings);
    std::vector<float> plain(settings.size());
    for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = plugin_.model.parameters[i].to_plain(settings[i]);
    return std::make_unique<Lv2Run>(plugin_, plain);
  }

 private:
  Lv2World world_;
  Lv2Plugin plugin_;
};

void check_setup(const Lv2Model& model, const RenderSetup& setup) {
  const auto reject = [&](const std::string& why) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot open '{}': {}", model.info.name, why));
  };
  if (!(setup.sample_rate.hz >= 1.0 && setup.sample_rate.hz <= 1e6)) {
    reject(fmt::format("the sample rate is {} Hz; 1 Hz to 1 MHz would work", setup.sample_rate.hz));
  }
  if (setup.channels != 1 && setup.channels != 2) {
    reject(fmt::format("audio with {} channels; 1 or 2 would work", setup.channels));
  }
  if (setup.block_size == 0 || setup.block_size > (1u << 20)) {
    reject(fmt::format("blocks of {} frames; 1 to 1048576 would work", setup.block_size));
  }
  if (model.whole_blocks && !std::has_single_bit(setup.block_size)) {
    reject(fmt::format("blocks of {} frames; this plugin needs a power of two", setup.block_size));
  }
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
  std::vector<std::future<std::vector<Found>>> shares;
  for (std::size_t t = 0; t < threads; ++t) {
    shares.push_back(
        std::async(std::launch::async, [&bundles, t, threads] { return scan_share(bundles, t, threads); }));
  }
  std::vector<Found> found;
  for (auto& share : shares) std::ranges::move(share.get(), std::back_inserter(found));
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
  check_setup(*model, setup);
  return std::make_unique<Lv2Effect>(std::move(world), *std::move(model), setup);
}

}  // namespace soundalike
