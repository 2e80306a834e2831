#include "effect/clap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "effect/arranged_run.hpp"
#include "effect/clap_instance.hpp"
#include "effect/clap_parameters.hpp"
#include "effect/effect_class.hpp"
#include "effect/plugin_call.hpp"
#include "effect/search_path.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

using namespace clap;

constexpr std::string_view scheme = "clap:";
// Vendors put their plugins into a folder of their own; links may form a loop.
constexpr int deepest = 4;

/// Of the first feature that is neither a kind of plugin nor a layout of channels: "multi-effects" is "Multi-effects".
std::string class_of(const std::vector<std::string>& features) {
  static constexpr std::array<std::string_view, 10> others{"audio-effect", "instrument", "note-effect", "note-detector",
                                                           "analyzer",     "mono",       "stereo",      "surround",
                                                           "ambisonic",    "utility"};
  for (const std::string& feature : features) {
    if (feature.empty() || std::ranges::find(others, feature) != others.end()) continue;
    return effect_class(feature);
  }
  return "Plugin";
}

std::string unusable_ports(const Ports& ports) {
  if (ports.width_in() == 0) return "no audio input";
  if (ports.width_out() == 0) return "no audio output";
  return {};
}

/// Sets what only an instance tells.
void look_into(EffectListing& listing, const Library& library, const ClassInfo& info) {
  const Plugin plugin(library, info);
  call_plugin(info.name, [&] {
    const Ports ports = plugin.ports();
    listing.unusable = unusable_ports(ports);
    if (!listing.unusable.empty()) return;
    listing.info.audio_inputs = ports.width_in();
    listing.info.audio_outputs = ports.width_out();
    for (Knob& knob : read_knobs(plugin)) listing.parameters.push_back(std::move(knob.parameter));
  });
}

class ClapEffect : public Effect {
 public:
  ClapEffect(const Library& library, const ClassInfo& info, EffectInfo effect_info, const RenderSetup& setup)
      : library_(library), class_(info), setup_(setup), info_(std::move(effect_info)) {
    const Plugin plugin(library, info);
    call_plugin(info.name, [&] {
      ports_ = plugin.ports();
      for (Knob& knob : read_knobs(plugin)) {
        ids_.push_back(knob.id);
        parameters_.push_back(std::move(knob.parameter));
      }
    });
    if (const std::string problem = unusable_ports(ports_); !problem.empty()) {
      throw Error(ErrorCode::unsupported, fmt::format("cannot use '{}': {}", info.name, problem));
    }
  }

  const EffectInfo& info() const override { return info_; }
  std::span<const Parameter> parameters() const override { return parameters_; }
  const RenderSetup& setup() const override { return setup_; }

  std::unique_ptr<EffectRun> start(std::span<const float> settings) const override {
    const auto plain = plain_values(*this, settings);
    std::vector<ParameterValue> values;
    for (std::size_t i = 0; i < plain.size(); ++i) values.push_back({ids_[i], plain[i]});
    return std::make_unique<ArrangedRun>(
        ArrangedRun::Shape{info_.name, ports_.width_in(), ports_.width_out(), setup_},
        [&] { return std::make_unique<Instance>(library_, class_, setup_, ports_, values); });
  }

 private:
  const Library& library_;
  ClassInfo class_;
  RenderSetup setup_;
  EffectInfo info_;
  Ports ports_;
  std::vector<clap_id> ids_;  // by parameter
  std::vector<Parameter> parameters_;
};

void collect(const std::filesystem::path& folder, int depth, std::vector<std::filesystem::path>& files) {
  std::vector<std::filesystem::path> entries;
  std::error_code error;  // a folder that is not there, or is not ours to read, holds no effects
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) entries.push_back(entry.path());
  std::ranges::sort(entries);
  for (const auto& entry : entries) {
    const bool is_folder = std::filesystem::is_directory(entry, error);
    if (is_folder && depth < deepest) collect(entry, depth + 1, files);
    if (!is_folder && entry.extension() == ".clap") files.push_back(entry);
  }
}

}  // namespace

std::vector<std::filesystem::path> clap_files(const std::string& path) {
  std::vector<std::filesystem::path> files;
  for (const std::string& folder : folders_of(path)) collect(folder, 0, files);
  std::set<std::string> names;
  std::erase_if(files, [&](const auto& file) { return !names.insert(file.filename().string()).second; });
  return files;
}

std::vector<EffectListing> scan_clap(const std::filesystem::path& file) {
  const Library& library = Library::load(file);
  std::vector<EffectListing> listings;
  for (const ClassInfo& info : library.classes()) {
    EffectListing& listing = listings.emplace_back();
    listing.info = {.id = std::string(scheme) + info.id, .name = info.name};
    listing.info.klass = class_of(info.features);
    listing.info.author = info.vendor;
    listing.info.version = info.version;
    listing.bundle = file;
    try {
      look_into(listing, library, info);
    } catch (const Error& error) {
      listing.unusable = error.what();
    }
  }
  if (listings.empty()) {
    throw Error(ErrorCode::unsupported, fmt::format("'{}' holds no plugin", file.filename().string()));
  }
  return listings;
}

std::unique_ptr<Effect> open_clap(const EffectListing& listing, const RenderSetup& setup) {
  check_setup(listing.info.name, setup);
  const Library& library = Library::load(listing.bundle);
  const ClassInfo* info = library.find(std::string_view(listing.info.id).substr(scheme.size()));
  if (!info) {
    throw Error(ErrorCode::not_found, fmt::format("cannot open '{}': the file {} holds no plugin {}", listing.info.name,
                                                  listing.bundle.string(), listing.info.id));
  }
  return std::make_unique<ClapEffect>(library, *info, listing.info, setup);
}

}  // namespace soundalike
