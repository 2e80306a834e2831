#include "effect/ladspa_model.hpp"

#include <fmt/format.h>
#include <ladspa.h>

#include <algorithm>
#include <cctype>

#include "effect/ladspa_parameter.hpp"

namespace soundalike {
namespace {

std::string text_of(const char* text) { return text ? text : ""; }

/// "Tim Goetze <tim@quitte.de>" without the address; "None" is nobody.
std::string author_of(const char* maker) {
  std::string text = text_of(maker);
  text.resize(std::min(text.size(), text.find('<')));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text == "None" ? "" : text;
}

bool names_latency(const std::string& port_name) { return port_name == "latency" || port_name == "_latency"; }

/// LADSPA has no mark for side chains but their name.
bool names_side_chain(const std::string& port_name) {
  std::string letters;
  for (const char c : port_name) {
    if (std::isalpha(static_cast<unsigned char>(c))) letters += static_cast<char>(std::tolower(c));
  }
  return letters.find("sidechain") != std::string::npos;
}

/// The first two audio ports of a direction are the main ones, side chains left out.
std::size_t choose_main(LadspaModel& model, const std::vector<bool>& side_chain, LadspaPortRole from,
                        LadspaPortRole to) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < model.ports.size(); ++i) {
    if (model.ports[i] != from || side_chain[i] || count == 2) continue;
    model.ports[i] = to;
    ++count;
  }
  return count;
}

void make_unique(std::vector<Parameter>& parameters) {
  const auto taken = [&](const std::string& id, std::size_t before) {
    return std::any_of(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(before),
                       [&](const Parameter& p) { return p.id == id; });
  };
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string id = parameters[i].id;
    for (int number = 2; taken(parameters[i].id, i); ++number) parameters[i].id = fmt::format("{}_{}", id, number);
  }
}

}  // namespace

LadspaModel ladspa_model(const void* descriptor, const std::filesystem::path& file) {
  const auto& plugin = *static_cast<const LADSPA_Descriptor*>(descriptor);
  LadspaModel model;
  model.info.id = fmt::format("ladspa:{}#{}", file.stem().string(), text_of(plugin.Label));
  model.info.name = text_of(plugin.Name);
  if (model.info.name.empty()) model.info.name = text_of(plugin.Label);
  model.info.author = author_of(plugin.Maker);
  model.number = plugin.UniqueID;
  std::vector<bool> side_chain;
  for (unsigned long i = 0; i < plugin.PortCount; ++i) {
    const LADSPA_PortDescriptor port = plugin.PortDescriptors[i];
    const std::string name = text_of(plugin.PortNames ? plugin.PortNames[i] : nullptr);
    side_chain.push_back(LADSPA_IS_PORT_AUDIO(port) && names_side_chain(name));
    model.port_knob.push_back(model.parameters.size());
    if (LADSPA_IS_PORT_AUDIO(port)) {
      model.ports.push_back(LADSPA_IS_PORT_INPUT(port) ? LadspaPortRole::silent_input : LadspaPortRole::ignored_output);
    } else if (LADSPA_IS_PORT_INPUT(port)) {
      model.ports.push_back(LadspaPortRole::parameter);
      model.parameters.push_back(ladspa_parameter(name, &plugin.PortRangeHints[i]));
    } else {
      model.ports.push_back(names_latency(name) ? LadspaPortRole::latency : LadspaPortRole::meter);
    }
  }
  make_unique(model.parameters);
  model.info.audio_inputs = choose_main(model, side_chain, LadspaPortRole::silent_input, LadspaPortRole::audio_input);
  model.info.audio_outputs =
      choose_main(model, side_chain, LadspaPortRole::ignored_output, LadspaPortRole::audio_output);
  if (!plugin.instantiate || !plugin.connect_port || !plugin.run) {
    model.unusable = "its descriptor lacks a function that every plugin has";
  } else if (model.info.audio_inputs == 0) {
    model.unusable =
        model.info.audio_outputs == 0 ? "a tool for control signals: no audio" : "generator: no audio input";
  } else if (model.info.audio_outputs == 0) {
    model.unusable = "analyser: no audio output";
  }
  return model;
}

}  // namespace soundalike
