#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace soundalike::cli {

/// "-12.3", with `sign` "+4.0"; "-inf" for silence, "n/a" for NaN: the difference of two silences.
std::string decibel_text(double db, bool sign = false);

/// "0.25 s", "12.3 s", "3:25", "1:02:03".
std::string duration_text(double seconds);

/// JSON has no infinity and no NaN: null stands for them.
nlohmann::ordered_json number_or_null(double value);

/// A plain value of a knob, six digits at most: "0.25", "20000".
std::string plain_text(double value);

}  // namespace soundalike::cli
