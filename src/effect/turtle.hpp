#pragma once

#include <string>
#include <string_view>

namespace soundalike {

/// A string literal of Turtle, quotes included; invalid UTF-8 becomes U+FFFD.
std::string turtle_string(std::string_view text);

/// <uri>, with the characters that an IRI may not hold escaped.
std::string turtle_uri(std::string_view uri);

/// A decimal that reads back as exactly this float: a point, no exponent. Hosts take it for a float; an integer
/// literal some ignore (Ardour), an exponent others do not read.
std::string turtle_decimal(float value);

}  // namespace soundalike
