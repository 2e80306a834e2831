#pragma once

#include <map>
#include <string>
#include <string_view>

namespace soundalike {

/// The classes of LADSPA plugins, which stand in no library but in RDF files beside them: by unique number ("1216") or
/// label ("Plate"), as the files name them, in the words of LV2 ("Reverb").
using LadspaClasses = std::map<std::string, std::string>;

/// Adds what one RDF/XML text says. Where a plugin has several classes the more specific one counts. Text that is no
/// XML adds what can be made out.
void read_ladspa_classes(std::string_view xml, LadspaClasses& classes);

/// Of all files in the folders of $LADSPA_RDF_PATH, else /usr/local/share/ladspa/rdf and /usr/share/ladspa/rdf; read
/// once.
const LadspaClasses& installed_ladspa_classes();

}  // namespace soundalike
