#include "effect/ladspa.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "effect/arranged_run.hpp"
#include "effect/ladspa_instance.hpp"
#include "effect/ladspa_library.hpp"
#include "effect/ladspa_parameter.hpp"
#include "effect/ladspa_rdf.hpp"
#include "effect/search_path.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

class LadspaEffect : public Effect {
 public:
  LadspaEffect(const void* descriptor, LadspaModel model, const RenderSetup& setup)
      : plugin_{std::move(model), descriptor, setup} {
    for (Parameter& p : plugin_.model.parameters) p = p.at_rate(setup.sample_rate.hz);
  }

  const EffectInfo& info() const override { return plugin_.model.info; }
  std::span<const Parameter> parameters() const override { return plugin_.model.parameters; }
  const RenderSetup& setup() const override { return plugin_.setup; }

  std::unique_ptr<EffectRun> start(std::span<const float> settings) const override {
    const auto plain = plain_values(*this, settings);
    const EffectInfo& info = plugin_.model.info;
    return std::make_unique<ArrangedRun>(
        ArrangedRun::Shape{info.name, info.audio_inputs, info.audio_outputs, plugin_.setup},
        [&] { return std::make_unique<LadspaInstance>(plugin_, plain); });
  }

 private:
  LadspaPlugin plugin_;
};

/// Empty where no file tells it.
std::string class_of(const LadspaModel& model) {
  const auto& classes = installed_ladspa_rdf().classes;
  const std::string& id = model.info.id;
  for (const std::string& key : {std::to_string(model.number), id.substr(id.find('#') + 1)}) {
    if (const auto found = classes.find(key); found != classes.end()) return found->second;
  }
  return {};
}

void name_knobs_values(LadspaModel& model) {
  const auto& scales = installed_ladspa_rdf().scales;
  for (std::size_t i = 0; i < model.ports.size(); ++i) {
    const auto found = scales.find(fmt::format("{}.{}", model.number, i));
    if (found == scales.end() || model.ports[i] != LadspaPortRole::parameter) continue;
    name_values(model.parameters[model.port_knob[i]], found->second);
  }
}

}  // namespace

std::vector<std::filesystem::path> ladspa_files(const std::string& path) {
  std::vector<std::filesystem::path> files;
  std::set<std::string> names;
  for (const std::string& folder : folders_of(path)) {
    std::vector<std::filesystem::path> here;
    std::error_code error;  // a folder that is not there, or is not ours to read, holds no effects
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".so" && !entry.is_directory(error)) here.push_back(entry.path());
    }
    std::sort(here.begin(), here.end());
    std::erase_if(here, [&](const auto& file) { return !names.insert(file.filename().string()).second; });
    files.insert(files.end(), here.begin(), here.end());
  }
  return files;
}

std::uint64_t ladspa_fingerprint(const std::string&) { return fingerprint(ladspa_rdf_path(), ladspa_rdf_suffix); }

std::vector<EffectListing> scan_ladspa(const std::filesystem::path& file) {
  std::vector<EffectListing> listings;
  for (const void* descriptor : load_ladspa_library(file)) {
    LadspaModel model = ladspa_model(descriptor, file);
    model.info.klass = class_of(model);
    name_knobs_values(model);
    listings.push_back({.info = std::move(model.info),
                        .parameters = std::move(model.parameters),
                        .bundle = file,
                        .unusable = std::move(model.unusable)});
  }
  return listings;
}

std::unique_ptr<Effect> open_ladspa(const EffectListing& listing, const RenderSetup& setup) {
  if (!listing.unusable.empty()) {
    throw Error(ErrorCode::unsupported, fmt::format("cannot use '{}': {}", listing.info.name, listing.unusable));
  }
  check_setup(listing.info.name, setup);
  for (const void* descriptor : load_ladspa_library(listing.bundle)) {
    LadspaModel model = ladspa_model(descriptor, listing.bundle);
    if (model.info.id != listing.info.id) continue;
    model.info.klass = listing.info.klass;
    // With what other files say about them, as when they were listed.
    if (std::ranges::equal(model.parameters, listing.parameters, {}, &Parameter::id, &Parameter::id)) {
      model.parameters = listing.parameters;
    }
    return std::make_unique<LadspaEffect>(descriptor, std::move(model), setup);
  }
  throw Error(ErrorCode::not_found, fmt::format("cannot open '{}': the library {} holds no plugin {}",
                                                listing.info.name, listing.bundle.string(), listing.info.id));
}

}  // namespace soundalike
