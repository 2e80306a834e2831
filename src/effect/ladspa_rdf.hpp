#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/parameter.hpp"

namespace soundalike {

/// What stands about LADSPA plugins in no library but in RDF files beside them.
struct LadspaRdf {
  /// Their classes, by unique number ("1216") or label ("Plate"), as the files name them, in the words of LV2
  /// ("Reverb").
  std::map<std::string, std::string> classes;
  /// Names of single values of control ports ("sine" for 1), by the plugin's number and the port's index ("1416.0"); in
  /// ascending order, each value once.
  std::map<std::string, std::vector<ChoiceValue>> scales;
};

/// Adds what one RDF/XML text says. Where a plugin has several classes the more specific one counts. Text that is no
/// XML adds what can be made out.
void read_ladspa_rdf(std::string_view xml, LadspaRdf& rdf);

/// The folders of these files, colon-separated: those of $LADSPA_RDF_PATH, else /usr/local/share/ladspa/rdf and
/// /usr/share/ladspa/rdf.
std::string ladspa_rdf_path();
inline constexpr std::string_view ladspa_rdf_suffix = ".rdf";
/// What all of them say; read once.
const LadspaRdf& installed_ladspa_rdf();

}  // namespace soundalike
