#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fixtures/temp_folder.hpp"
#include "soundalike/effect_library.hpp"

namespace soundalike::test {

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw std::runtime_error("cannot write " + file.string());
}

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A library of these LV2 bundles and nothing else; without a cache file, without a cache.
inline EffectLibrary::Options lv2_only(const std::filesystem::path& path,
                                       const std::optional<std::filesystem::path>& cache = {}) {
  return {.cache_file = cache,
          .use_cache = cache.has_value(),
          .lv2_path = path.string(),
          .vst3_path = "",
          .clap_path = "",
          .ladspa_path = "",
          .built_in = false};
}

/// One plugin, as Turtle. Its library is an empty file: enough to be listed, not to be opened.
struct TurtlePlugin {
  std::string uri;
  std::string name;
  std::string knobs{};  ///< more ports, each "[ ... ] ," with its own index from 2 up
  bool audio_input = true;
};

/// A control input port; `details` is Turtle such as "lv2:default 0.5 ; lv2:minimum 0 ; lv2:maximum 1".
inline std::string knob(int index, const std::string& symbol, const std::string& details) {
  return ", [ a lv2:InputPort, lv2:ControlPort ; lv2:index " + std::to_string(index) + " ; lv2:symbol \"" + symbol +
         "\" ; lv2:name \"" + symbol + "\" ; " + details + " ]\n";
}

inline void write_bundle(const std::filesystem::path& bundle, const std::vector<TurtlePlugin>& plugins) {
  std::filesystem::create_directories(bundle);
  const std::string prefixes =
      "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
      "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
      "@prefix units: <http://lv2plug.in/ns/extensions/units#> .\n"
      "@prefix pprops: <http://lv2plug.in/ns/ext/port-props#> .\n"
      "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
      "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n";
  std::string manifest = prefixes;
  std::string data = prefixes;
  for (const TurtlePlugin& plugin : plugins) {
    manifest += "<" + plugin.uri + "> a lv2:Plugin ; lv2:binary <plugin.so> ; rdfs:seeAlso <plugin.ttl> .\n";
    data += "<" + plugin.uri + "> a lv2:Plugin, lv2:DistortionPlugin ; doap:name \"" + plugin.name + "\" ;\n";
    data += "  lv2:port [ a lv2:OutputPort, lv2:AudioPort ; lv2:index 0 ; lv2:symbol \"out\" ; lv2:name \"out\" ]\n";
    if (plugin.audio_input) {
      data += ", [ a lv2:InputPort, lv2:AudioPort ; lv2:index 1 ; lv2:symbol \"in\" ; lv2:name \"in\" ]\n";
    }
    data += plugin.knobs + " .\n";
  }
  write_text(bundle / "plugin.so", "");
  write_text(bundle / "plugin.ttl", data);
  write_text(bundle / "manifest.ttl", manifest);
}

}  // namespace soundalike::test
