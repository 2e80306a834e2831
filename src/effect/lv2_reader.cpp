#include "effect/lv2_reader.hpp"

#include <fmt/format.h>
#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/event/event.h>
#include <lv2/state/state.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "effect/lv2_features.hpp"
#include "effect/lv2_units.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::size_t default_sequence_bytes = 64 * 1024;

using Node = LilvNodePointer;

struct NodesFree {
  void operator()(LilvNodes* nodes) const { lilv_nodes_free(nodes); }
};

/// What follows the last '#' or '/': vocabularies moved between URIs over the years and kept the names.
std::string fragment_of(const std::string& uri) { return uri.substr(uri.find_last_of("#/") + 1); }

/// All values as text, sorted: lilv's own order may differ between runs.
std::vector<std::string> sorted_texts(LilvNodes* owned) {
  const std::unique_ptr<LilvNodes, NodesFree> nodes(owned);
  std::vector<std::string> texts;
  LILV_FOREACH(nodes, i, owned) { texts.push_back(text_of(lilv_nodes_get(owned, i))); }
  std::sort(texts.begin(), texts.end());
  return texts;
}

float number_of(const LilvNode* node) {
  if (!node) return NAN;
  if (lilv_node_is_bool(node)) return lilv_node_as_bool(node) ? 1.0f : 0.0f;
  return lilv_node_is_int(node) || lilv_node_is_float(node) ? lilv_node_as_float(node) : NAN;
}

/// Reads one plugin.
class Reader {
 public:
  Reader(LilvWorld* world, const Lv2Vocabulary& words, const LilvPlugin* plugin)
      : world_(world), words_(words), plugin_(plugin) {}

  Lv2Model read() {
    read_identity();
    read_features();
    main_input_group_ = first_text(words_.main_input);
    main_output_group_ = first_text(words_.main_output);
    const std::uint32_t count = lilv_plugin_get_num_ports(plugin_);
    for (std::uint32_t i = 0; i < count; ++i) read_port(lilv_plugin_get_port_by_index(plugin_, i), i);
    choose_main(inputs_, main_input_group_, Lv2PortRole::audio_input);
    choose_main(outputs_, main_output_group_, Lv2PortRole::audio_output);
    model_.info.audio_inputs = std::min<std::size_t>(2, count_of(Lv2PortRole::audio_input));
    model_.info.audio_outputs = std::min<std::size_t>(2, count_of(Lv2PortRole::audio_output));
    judge();
    return std::move(model_);
  }

 private:
  struct AudioPort {
    std::size_t port;  // index in model_.ports
    std::string group;
    bool side_chain;
  };

  std::vector<std::string> values(const Node& predicate) const {
    return sorted_texts(lilv_plugin_get_value(plugin_, predicate.get()));
  }
  std::string first_text(const Node& predicate) const {
    const auto all = values(predicate);
    return all.empty() ? "" : all.front();
  }
  std::set<std::string> port_fragments(const LilvPort* port, const Node& predicate) const {
    std::set<std::string> fragments;
    for (const auto& text : sorted_texts(lilv_port_get_value(plugin_, port, predicate.get()))) {
      fragments.insert(fragment_of(text));
    }
    return fragments;
  }

  void read_identity() {
    model_.uri = text_of(lilv_plugin_get_uri(plugin_));
    model_.info.id = "lv2:" + model_.uri;
    model_.info.name = text_of(Node(lilv_plugin_get_name(plugin_)).get());
    if (model_.info.name.empty()) model_.info.name = fragment_of(model_.uri);
    model_.info.author = text_of(Node(lilv_plugin_get_author_name(plugin_)).get());
    const std::string minor = first_text(words_.minor_version);
    if (!minor.empty()) model_.info.version = minor + '.' + first_text(words_.micro_version);
    model_.bundle = path_of(lilv_plugin_get_bundle_uri(plugin_));
    model_.library = path_of(lilv_plugin_get_library_uri(plugin_));
    std::string klass;
    for (const auto& type : values(words_.type)) {
      const std::string fragment = fragment_of(type);
      if (!type.starts_with(LV2_CORE_PREFIX) || fragment == "Plugin") continue;
      if (klass.empty() || (lv2_class_is_general(klass) && !lv2_class_is_general(fragment))) klass = fragment;
    }
    model_.info.klass = lv2_class_label(klass);
  }

  /// A description that the manifest names and that is not there; empty when all are. lilv then stops reading.
  std::filesystem::path missing_file() const {
    const LilvNodes* files = lilv_plugin_get_data_uris(plugin_);
    LILV_FOREACH(nodes, i, files) {
      std::error_code error;
      auto file = path_of(lilv_nodes_get(files, i));
      if (!file.empty() && !std::filesystem::exists(file, error)) return file;
    }
    return {};
  }

  static std::filesystem::path path_of(const LilvNode* uri) {
    if (!uri) return {};
    const std::unique_ptr<char, void (*)(void*)> path(lilv_node_get_path(uri, nullptr), lilv_free);
    return path ? std::filesystem::path(path.get()) : std::filesystem::path();
  }

  void read_features() {
    const auto note = [this](const std::string& uri) {
      if (uri == LV2_BUF_SIZE__fixedBlockLength || uri == LV2_BUF_SIZE__powerOf2BlockLength) model_.whole_blocks = true;
      if (uri == LV2_STATE__loadDefaultState) model_.default_state = true;
    };
    for (const auto& uri : sorted_texts(lilv_plugin_get_required_features(plugin_))) {
      note(uri);
      if (!lv2_offers(uri)) model_.missing_features.push_back(uri);
    }
    for (const auto& uri : values(words_.optional_feature)) note(uri);
  }

  void read_port(const LilvPort* port, std::uint32_t index) {
    Lv2Port& made = model_.ports.emplace_back();
    made.index = index;
    const auto types = port_fragments(port, words_.type);
    const bool output = types.contains("OutputPort");
    if (types.contains("AudioPort")) {
      made.role = output ? Lv2PortRole::ignored_output : Lv2PortRole::silent_input;
      auto group = sorted_texts(lilv_port_get_value(plugin_, port, words_.group.get()));
      AudioPort audio{model_.ports.size() - 1, group.empty() ? "" : group.front(), false};
      if (!output) audio.side_chain = is_side_chain(port);
      (output ? outputs_ : inputs_).push_back(std::move(audio));
    } else if (types.contains("CVPort")) {
      made.role = output ? Lv2PortRole::ignored_output : Lv2PortRole::silent_input;
    } else if (types.contains("AtomPort")) {
      made.role = output ? Lv2PortRole::sequence_output : Lv2PortRole::sequence_input;
      made.buffer_bytes = buffer_bytes(port);
      takes_events_ |= !output;
    } else if (types.contains("EventPort")) {
      made.role = output ? Lv2PortRole::event_output : Lv2PortRole::event_input;
      made.buffer_bytes = buffer_bytes(port);
      takes_events_ |= !output;
    } else if (types.contains("ControlPort")) {
      read_control(port, made, output);
    } else if (!port_fragments(port, words_.property).contains("connectionOptional")) {
      unknown_port_ = text_of(lilv_port_get_symbol(plugin_, port));
    }
  }

  std::size_t buffer_bytes(const LilvPort* port) const {
    const Node size(lilv_port_get(plugin_, port, words_.minimum_size.get()));
    const float asked = number_of(size.get());
    return std::max(default_sequence_bytes, asked > 0.0f ? static_cast<std::size_t>(asked) : 0);
  }

  bool is_side_chain(const LilvPort* port) const {
    if (port_fragments(port, words_.property).contains("isSideChain")) return true;
    if (port_fragments(port, words_.designation).contains("isSideChain")) return true;
    const Node group(lilv_port_get(plugin_, port, words_.group.get()));
    if (group && lilv_world_ask(world_, group.get(), words_.side_chain_of.get(), nullptr)) return true;
    // Some packs mark theirs in the name only.
    std::string name = text_of(Node(lilv_port_get_name(plugin_, port)).get());
    std::erase_if(name, [](unsigned char c) { return !std::isalpha(c); });
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name.find("sidechain") != std::string::npos || name.starts_with("keyin");
  }

  void read_control(const LilvPort* port, Lv2Port& made, bool output) {
    const auto designations = port_fragments(port, words_.designation);
    const auto properties = port_fragments(port, words_.property);
    if (output) {
      const bool latency = designations.contains("latency") || properties.contains("reportsLatency");
      made.role = latency ? Lv2PortRole::latency : Lv2PortRole::control_output;
      return;
    }
    Parameter parameter = read_parameter(port, properties);
    made.role = Lv2PortRole::fixed;
    made.value = parameter.default_plain;
    if (designations.contains("enabled") || designations.contains("freeWheeling")) {
      made.value = 1.0f;
    } else if (!is_transport(port)) {
      made.role = Lv2PortRole::parameter;
      made.parameter = model_.parameters.size();
      model_.parameters.push_back(std::move(parameter));
    }
  }

  bool is_transport(const LilvPort* port) const {
    const auto all = sorted_texts(lilv_port_get_value(plugin_, port, words_.designation.get()));
    return std::any_of(all.begin(), all.end(),
                       [](const std::string& uri) { return uri.starts_with("http://lv2plug.in/ns/ext/time#"); });
  }

  float port_number(const LilvPort* port, const Node& predicate) const {
    const float value = number_of(Node(lilv_port_get(plugin_, port, predicate.get())).get());
    return std::isfinite(value) ? value : NAN;
  }

  Parameter read_parameter(const LilvPort* port, const std::set<std::string>& properties) const {
    Parameter p;
    p.id = text_of(lilv_port_get_symbol(plugin_, port));
    p.name = text_of(Node(lilv_port_get_name(plugin_, port)).get());
    if (p.name.empty()) p.name = p.id;
    p.trigger = properties.contains("trigger");
    p.scales_with_rate = properties.contains("sampleRate");
    p.unit = read_unit(port);
    p.minimum = port_number(port, words_.minimum);
    p.maximum = port_number(port, words_.maximum);
    p.default_plain = port_number(port, words_.default_value);
    p.choices = read_scale_points(port);
    settle_range(p);
    std::erase_if(p.choices, [&p](const ChoiceValue& c) { return c.plain < p.minimum || c.plain > p.maximum; });
    if (properties.contains("toggled")) {
      p.kind = ParameterKind::toggle;
    } else if (properties.contains("enumeration") && p.choices.size() > 1) {
      p.kind = ParameterKind::choice;
    } else if (properties.contains("integer") || properties.contains("enumeration")) {
      p.kind = ParameterKind::integer;
    }
    p.logarithmic = properties.contains("logarithmic") && (p.minimum * p.maximum > 0.0f || p.minimum == 0.0f);
    if (p.kind == ParameterKind::choice) p.default_plain = p.to_plain(p.to_setting(p.default_plain));
    if (p.kind == ParameterKind::integer) p.default_plain = std::round(p.default_plain);
    if (p.kind == ParameterKind::toggle) p.default_plain = p.default_plain > p.minimum ? p.maximum : p.minimum;
    return p;
  }

  /// A range with two finite ends in order, and a default inside it, whatever the plugin left out or got wrong.
  static void settle_range(Parameter& p) {
    if (std::isnan(p.minimum) && std::isnan(p.maximum) && !p.choices.empty()) {
      p.minimum = p.choices.front().plain;
      p.maximum = p.choices.back().plain;
    }
    const float known = std::isnan(p.default_plain) ? 0.0f : p.default_plain;
    if (std::isnan(p.minimum)) p.minimum = std::min({0.0f, known, std::isnan(p.maximum) ? 0.0f : p.maximum});
    if (std::isnan(p.maximum)) p.maximum = std::max({1.0f, known, p.minimum});
    if (p.minimum > p.maximum) std::swap(p.minimum, p.maximum);
    p.default_plain = std::clamp(known, p.minimum, p.maximum);
  }

  std::vector<ChoiceValue> read_scale_points(const LilvPort* port) const {
    std::vector<ChoiceValue> choices;
    LilvScalePoints* points = lilv_port_get_scale_points(plugin_, port);
    LILV_FOREACH(scale_points, i, points) {
      const LilvScalePoint* point = lilv_scale_points_get(points, i);
      const float value = number_of(lilv_scale_point_get_value(point));
      if (std::isfinite(value)) choices.push_back({value, text_of(lilv_scale_point_get_label(point))});
    }
    lilv_scale_points_free(points);
    std::sort(choices.begin(), choices.end(), [](const ChoiceValue& a, const ChoiceValue& b) {
      return a.plain != b.plain ? a.plain < b.plain : a.label < b.label;
    });
    const auto same = [](const ChoiceValue& a, const ChoiceValue& b) { return a.plain == b.plain; };
    choices.erase(std::unique(choices.begin(), choices.end(), same), choices.end());
    return choices;
  }

  std::string read_unit(const LilvPort* port) const {
    const Node unit(lilv_port_get(plugin_, port, words_.unit.get()));
    if (!unit) return {};
    if (lilv_node_is_uri(unit.get())) {
      const std::string uri = lilv_node_as_uri(unit.get());
      if (uri.starts_with("http://lv2plug.in/ns/extension")) return lv2_unit_symbol(fragment_of(uri));
    }
    const Node symbol(lilv_world_get(world_, unit.get(), words_.unit_symbol.get(), nullptr));
    if (symbol) return text_of(symbol.get());
    const Node render(lilv_world_get(world_, unit.get(), words_.unit_render.get(), nullptr));
    return lv2_unit_of_render_text(text_of(render.get()));
  }

  /// Gives the main role to the first two ports of the main group, or that are no side chain.
  void choose_main(const std::vector<AudioPort>& ports, const std::string& main_group, Lv2PortRole role) {
    const auto in_group = [&](const AudioPort& p) { return !main_group.empty() && p.group == main_group; };
    const bool grouped = std::any_of(ports.begin(), ports.end(), in_group);
    const bool all_side = std::all_of(ports.begin(), ports.end(), [](const AudioPort& p) { return p.side_chain; });
    std::size_t chosen = 0;
    for (const AudioPort& p : ports) {
      if (chosen == 2) break;
      if (grouped ? !in_group(p) : p.side_chain && !all_side) continue;
      model_.ports[p.port].role = role;
      ++chosen;
    }
  }

  std::size_t count_of(Lv2PortRole role) const {
    return static_cast<std::size_t>(
        std::count_if(model_.ports.begin(), model_.ports.end(), [role](const Lv2Port& p) { return p.role == role; }));
  }

  void judge() {
    const bool hears = model_.info.audio_inputs > 0;
    const bool sounds = model_.info.audio_outputs > 0;
    std::error_code ignored;
    if (const auto missing = missing_file(); !missing.empty() && !(hears && sounds)) {
      model_.unusable = "its bundle names a file that is missing: " + missing.string();
    } else if (!hears && !sounds) {
      model_.unusable = takes_events_ ? "MIDI or event processor: no audio" : "no audio ports";
    } else if (!hears) {
      model_.unusable = takes_events_ ? "instrument: no audio input" : "generator: no audio input";
    } else if (!sounds) {
      model_.unusable = "analyser: no audio output";
    } else if (!unknown_port_.empty()) {
      model_.unusable = fmt::format("port '{}' is of a type that is not supported", unknown_port_);
    } else if (!model_.missing_features.empty()) {
      model_.unusable =
          fmt::format("needs {} not offered here: {}", model_.missing_features.size() == 1 ? "a feature" : "features",
                      fmt::join(model_.missing_features, ", "));
    } else if (model_.library.empty()) {
      model_.unusable = "its bundle names no library";
    } else if (!std::filesystem::exists(model_.library, ignored)) {
      model_.unusable = fmt::format("its library is missing: {}", model_.library.string());
    }
  }

  LilvWorld* world_;
  const Lv2Vocabulary& words_;
  const LilvPlugin* plugin_;
  Lv2Model model_;
  std::string main_input_group_, main_output_group_, unknown_port_;
  std::vector<AudioPort> inputs_, outputs_;
  bool takes_events_ = false;
};

}  // namespace

Lv2Model read_lv2_model(LilvWorld* world, const Lv2Vocabulary& words, const LilvPlugin* plugin) {
  return Reader(world, words, plugin).read();
}

}  // namespace soundalike
