#include "soundalike/parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace soundalike {
namespace {

constexpr std::array<std::string_view, 4> kind_names{"continuous", "integer", "choice", "toggle"};

/// Where a logarithmic range that begins at zero begins to run: 80 dB below its maximum.
constexpr double floor_of_zero = 1e-4;

/// The ends between which the knob runs, the lower one lifted off zero.
struct Run {
  double low;
  double high;
  bool logarithmic;
};

Run run_of(const Parameter& p) {
  Run run{p.minimum, p.maximum, p.logarithmic};
  if (run.logarithmic && run.low == 0.0) run.low = floor_of_zero * run.high;
  if (run.low * run.high <= 0.0) run = {p.minimum, p.maximum, false};
  return run;
}

double interpolate(const Parameter& p, double x) {
  const auto [low, high, logarithmic] = run_of(p);
  if (x == 0.0) return p.minimum;
  return logarithmic ? low * std::pow(high / low, x) : low + (high - low) * x;
}

double position(const Parameter& p, double plain) {
  const auto [low, high, logarithmic] = run_of(p);
  if (low == high) return 0.0;
  if (!logarithmic) return (plain - low) / (high - low);
  return plain / low <= 0.0 ? 0.0 : std::log(plain / low) / std::log(high / low);
}

std::size_t nearest_choice(const std::vector<ChoiceValue>& choices, float plain) {
  const auto distance = [plain](const ChoiceValue& c) { return std::abs(c.plain - plain); };
  const auto nearest = std::min_element(choices.begin(), choices.end(),
                                        [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  return static_cast<std::size_t>(nearest - choices.begin());
}

float setting_of(const Parameter& p, float plain) {
  if (std::isnan(plain)) plain = p.default_plain;
  if (p.kind == ParameterKind::choice && !p.choices.empty()) {
    const auto i = static_cast<double>(nearest_choice(p.choices, plain));
    return static_cast<float>((i + 0.5) / static_cast<double>(p.choices.size()));
  }
  if (p.kind == ParameterKind::toggle) return plain > p.minimum ? 1.0f : 0.0f;
  plain = std::clamp(plain, p.minimum, p.maximum);
  return static_cast<float>(std::clamp(position(p, plain), 0.0, 1.0));
}

/// Three significant digits and no more zeros than needed; whole numbers whole.
std::string number(double value) {
  if (value == 0.0) return "0";
  const double size = std::abs(value);
  if (size >= 100.0) return fmt::format("{:.0f}", value);
  const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 6);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace

float Parameter::to_plain(float setting) const {
  const double x = std::isnan(setting) ? 0.0 : std::clamp(static_cast<double>(setting), 0.0, 1.0);
  if (kind == ParameterKind::choice && !choices.empty()) {
    const auto index = static_cast<std::size_t>(x * static_cast<double>(choices.size()));
    return choices[std::min(index, choices.size() - 1)].plain;
  }
  if (kind == ParameterKind::toggle) return x >= 0.5 ? maximum : minimum;
  // The default comes back exactly, not within a rounding: plugins test for 0 dB.
  if (setting == setting_of(*this, default_plain)) return default_plain;
  double plain = interpolate(*this, x);
  if (kind == ParameterKind::integer) plain = std::round(plain);
  return std::clamp(static_cast<float>(plain), minimum, maximum);
}

float Parameter::to_setting(float plain) const { return setting_of(*this, plain); }

std::string Parameter::text(float setting) const {
  const float plain = to_plain(setting);
  for (const ChoiceValue& choice : choices) {
    if (choice.plain == plain && !choice.label.empty()) return choice.label;
  }
  if (kind == ParameterKind::toggle) return plain > minimum ? "on" : "off";
  return unit.empty() ? number(plain) : number(plain) + ' ' + unit;
}

Parameter Parameter::at_rate(double hz) const {
  if (!scales_with_rate) return *this;
  Parameter resolved = *this;
  const auto scale = [hz](float& value) { value = static_cast<float>(static_cast<double>(value) * hz); };
  scale(resolved.minimum);
  scale(resolved.maximum);
  scale(resolved.default_plain);
  for (ChoiceValue& choice : resolved.choices) scale(choice.plain);
  resolved.scales_with_rate = false;
  return resolved;
}

std::string_view to_string(ParameterKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

}  // namespace soundalike
