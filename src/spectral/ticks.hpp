#pragma once

#include <string>
#include <vector>

namespace soundalike {

struct Tick {
  double value = 0.0;
  std::string label;
};

/// Round times from 0 to `seconds`, at most `most` of them after 0: "0.5" up to two minutes, "1:30" and "1:00:00"
/// above.
std::vector<Tick> time_ticks(double seconds, int most);

/// What the labels of time_ticks count: "seconds", "min:s" or "h:min:s".
const char* time_unit(double seconds);

/// Round frequencies in [low, high] in kHz, the most telling first.
std::vector<Tick> frequency_ticks(double low_hz, double high_hz);

/// Every 20 dB in [low, high].
std::vector<Tick> level_ticks(double low_db, double high_db);

}  // namespace soundalike
