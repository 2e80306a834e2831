#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// What plugins write of their knobs for people, read.

/// ASCII lower case; other bytes stay.
std::string lower(std::string_view text);

/// A name as an id: "Attack Time (ms)" is "attack_time_ms". Bytes beyond ASCII stay.
std::string slug(std::string_view name);

/// The number that a text begins with: "-12.5 dB"; "1,5 kHz" is none. @param rest what follows it, trimmed.
std::optional<double> leading_number(std::string_view text, std::string_view* rest = nullptr);

/// Whether a knob of two values with these texts is a switch: "Off" and "On", "0" and "1", no texts at all.
bool is_switch(std::string_view low, std::string_view high);

/// Whether the texts name values instead of numbering them: "1/4" and "2x" do, "0", "1" and "2 st" do not.
/// They must differ. @param unit of the knob, where it is known.
bool are_labels(const std::vector<std::string>& texts, std::string_view unit);

}  // namespace soundalike
