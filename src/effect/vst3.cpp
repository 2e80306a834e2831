#include "effect/vst3.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "effect/arranged_run.hpp"
#include "effect/effect_class.hpp"
#include "effect/plugin_call.hpp"
#include "effect/vst3_bundle.hpp"
#include "effect/vst3_buses.hpp"
#include "effect/vst3_instance.hpp"
#include "effect/vst3_manifest.hpp"
#include "effect/vst3_module.hpp"
#include "effect/vst3_parameters.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

using namespace vst3;

constexpr std::string_view scheme = "vst3:";

/// "Fx|Dynamics|Stereo" to "Dynamics": what is left when kinds and channels are taken out.
std::string class_of(std::string_view category) {
  static constexpr std::array<std::string_view, 13> others{
      "Fx",      "Mono",     "Stereo",     "Surround", "Ambisonics", "OnlyRT", "OnlyOfflineProcess", "NoOfflineProcess",
      "OnlyARA", "External", "Up-Downmix", "",         "Instrument"};
  while (true) {
    const std::size_t end = category.find('|');
    const std::string_view part = category.substr(0, end);
    if (std::ranges::find(others, part) == others.end()) return effect_class(part);
    if (end == category.npos) return "Plugin";
    category.remove_prefix(end + 1);
  }
}

EffectListing listing_of(const ClassInfo& info, const std::filesystem::path& bundle) {
  EffectListing listing;
  listing.info.id = std::string(scheme) + info.id;
  listing.info.name = info.name;
  listing.info.klass = class_of(info.category);
  listing.info.author = info.vendor;
  listing.info.version = info.version;
  listing.bundle = bundle;
  return listing;
}

/// Sets what only an instance tells.
void look_into(EffectListing& listing, const Module& module, const ClassInfo& info) {
  const Plugin plugin(module, info);
  listing.unusable = call_plugin(info.name, [&] { return unusable_buses(plugin, is_instrument(info.category)); });
  if (!listing.unusable.empty()) return;
  const Buses buses = arrange_buses(plugin, 2);
  listing.info.audio_inputs = buses.width_in();
  listing.info.audio_outputs = buses.width_out();
  for (Knob& knob : read_knobs(plugin)) listing.parameters.push_back(std::move(knob.parameter));
}

class Vst3Effect : public Effect {
 public:
  Vst3Effect(const Module& module, const ClassInfo& info, EffectInfo effect_info, const RenderSetup& setup)
      : module_(module), class_(info), setup_(setup), info_(std::move(effect_info)) {
    const Plugin plugin(module, info);
    const std::string unusable =
        call_plugin(info.name, [&] { return unusable_buses(plugin, is_instrument(info.category)); });
    if (!unusable.empty()) {
      throw Error(ErrorCode::unsupported, fmt::format("cannot use '{}': {}", info.name, unusable));
    }
    buses_ = arrange_buses(plugin, setup.channels);
    knobs_ = read_knobs(plugin);
    for (const Knob& knob : knobs_) parameters_.push_back(knob.parameter);
  }

  const EffectInfo& info() const override { return info_; }
  std::span<const Parameter> parameters() const override { return parameters_; }
  const RenderSetup& setup() const override { return setup_; }

  std::unique_ptr<EffectRun> start(std::span<const float> settings) const override {
    check_settings(*this, settings);
    std::vector<ParameterValue> values;
    for (std::size_t i = 0; i < knobs_.size(); ++i) values.push_back({knobs_[i].id, knobs_[i].value(settings[i])});
    return std::make_unique<ArrangedRun>(
        ArrangedRun::Shape{info_.name, buses_.width_in(), buses_.width_out(), setup_},
        [&] { return std::make_unique<Instance>(module_, class_, setup_, buses_, values); });
  }

 private:
  const Module& module_;
  ClassInfo class_;
  RenderSetup setup_;
  Buses buses_;
  EffectInfo info_;
  std::vector<Knob> knobs_;
  std::vector<Parameter> parameters_;
};

}  // namespace

std::vector<std::filesystem::path> find_vst3(const std::string& path) { return find_modules(path); }

std::vector<std::filesystem::path> vst3_described_by(const std::filesystem::path& file) {
  return manifests_of(bundle_of(file));
}

std::vector<EffectListing> scan_vst3(const std::filesystem::path& file) {
  const std::filesystem::path bundle = bundle_of(file);
  const auto promised = read_manifest(bundle).value_or(std::vector<ClassInfo>());
  std::vector<EffectListing> listings;
  const auto instrument = [](const ClassInfo& info) { return is_instrument(info.category); };
  if (!promised.empty() && std::ranges::all_of(promised, instrument)) {
    for (const ClassInfo& info : promised) {
      listings.push_back(listing_of(info, bundle));
      listings.back().unusable = "instrument: no audio input";
    }
    return listings;
  }
  const Module& module = Module::load(bundle);
  for (const ClassInfo& info : module.classes()) {
    EffectListing& listing = listings.emplace_back(listing_of(info, bundle));
    try {
      look_into(listing, module, info);
    } catch (const Error& error) {
      listing.unusable = error.what();
    }
  }
  for (const ClassInfo& info : promised) {
    if (module.find(info.id)) continue;
    listings.push_back(listing_of(info, bundle));
    listings.back().unusable = "its moduleinfo.json names it, but its code does not hold it";
  }
  if (listings.empty()) {
    throw Error(ErrorCode::unsupported, fmt::format("'{}' holds no audio effect", bundle.filename().string()));
  }
  return listings;
}

std::unique_ptr<Effect> open_vst3(const EffectListing& listing, const RenderSetup& setup) {
  check_setup(listing.info.name, setup);
  const Module& module = Module::load(listing.bundle);
  const ClassInfo* info = module.find(std::string_view(listing.info.id).substr(scheme.size()));
  if (!info) {
    throw Error(ErrorCode::not_found, fmt::format("cannot open '{}': the module {} holds no class {}",
                                                  listing.info.name, listing.bundle.string(), listing.info.id));
  }
  return std::make_unique<Vst3Effect>(module, *info, listing.info, setup);
}

}  // namespace soundalike
