#pragma once

#include <string>
#include <string_view>

namespace soundalike {

/// The symbol people read for a standard LV2 unit, by the fragment of its URI: "db" -> "dB"; the fragment itself when
/// it is not known.
std::string lv2_unit_symbol(std::string_view fragment);

/// The unit in a custom unit's printf-like render text: "%f dB" -> "dB".
std::string lv2_unit_of_render_text(std::string_view render);

/// The label of a plugin class, by the fragment of its URI: "ParaEQPlugin" -> "Parametric EQ".
std::string lv2_class_label(std::string_view fragment);

/// Whether a class is the parent of others in LV2's tree: of two classes, the other one says more.
bool lv2_class_is_general(std::string_view fragment);

}  // namespace soundalike
