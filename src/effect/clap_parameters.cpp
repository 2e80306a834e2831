#include "effect/clap_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "effect/knob_text.hpp"

namespace soundalike::clap {
namespace {

constexpr std::uint32_t most_parameters = 20000;
constexpr double most_choices = 128;

class Reader {
 public:
  explicit Reader(const Plugin& plugin)
      : plugin_(plugin.get()), params_(plugin.extension<clap_plugin_params>(CLAP_EXT_PARAMS)) {}

  std::vector<Knob> read() const {
    std::vector<Knob> knobs;
    std::vector<std::string> modules;
    const std::uint32_t count = params_ ? std::min(params_->count(&plugin_), most_parameters) : 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      clap_param_info info{};
      if (!params_->get_info(&plugin_, i, &info)) continue;
      if ((info.flags & (CLAP_PARAM_IS_HIDDEN | CLAP_PARAM_IS_READONLY)) != 0) continue;
      if (!(std::isfinite(info.min_value) && std::isfinite(info.max_value) && info.max_value > info.min_value))
        continue;
      knobs.push_back(knob(info));
      modules.emplace_back(info.module, strnlen(info.module, sizeof info.module));
    }
    name_apart(knobs, modules);
    return knobs;
  }

 private:
  std::string printed(clap_id id, double value) const {
    std::array<char, 256> text{};
    if (!params_->value_to_text || !params_->value_to_text(&plugin_, id, value, text.data(), text.size() - 1))
      return {};
    return text.data();
  }

  Knob knob(const clap_param_info& info) const {
    Knob knob{.parameter = {}, .id = info.id, .cookie = info.cookie};
    Parameter& p = knob.parameter;
    p.name.assign(info.name, strnlen(info.name, sizeof info.name));
    if (p.name.empty()) p.name = fmt::format("Parameter {}", info.id);
    p.minimum = static_cast<float>(info.min_value);
    p.maximum = static_cast<float>(info.max_value);
    p.default_plain = static_cast<float>(std::clamp(info.default_value, info.min_value, info.max_value));
    if (!(info.default_value == info.default_value)) p.default_plain = p.minimum;
    const bool bypass = (info.flags & CLAP_PARAM_IS_BYPASS) != 0;
    p.id = bypass ? "bypass" : slug(p.name);
    if (bypass) {
      p.kind = ParameterKind::toggle;
    } else if ((info.flags & CLAP_PARAM_IS_STEPPED) != 0) {
      make_stepped(knob);
    } else {
      make_continuous(knob);
    }
    return knob;
  }

  void make_stepped(Knob& knob) const {
    Parameter& p = knob.parameter;
    p.kind = ParameterKind::integer;
    p.minimum = std::round(p.minimum);
    p.maximum = std::round(p.maximum);
    p.default_plain = std::clamp(std::round(p.default_plain), p.minimum, p.maximum);
    if (p.maximum - p.minimum >= most_choices) return;
    std::vector<std::string> texts;
    const int count = static_cast<int>(p.maximum - p.minimum) + 1;
    for (int i = 0; i < count; ++i) texts.push_back(printed(knob.id, static_cast<double>(p.minimum) + i));
    if (p.minimum == 0.0f && p.maximum == 1.0f && is_switch(texts.front(), texts.back())) {
      p.kind = ParameterKind::toggle;
    } else if (are_labels(texts, unit_of(knob, p.maximum))) {
      p.kind = ParameterKind::choice;
      for (std::size_t i = 0; i < texts.size(); ++i) {
        p.choices.push_back({p.minimum + static_cast<float>(i), std::move(texts[i])});
      }
    } else {
      p.unit = unit_of(knob, p.maximum);
    }
  }

  /// What stands behind the number in what the plugin prints: "dB".
  std::string unit_of(const Knob& knob, double value) const {
    std::string_view rest;
    const std::string text = printed(knob.id, value);
    return leading_number(text, &rest) && rest.size() < 6 ? std::string(rest) : std::string();
  }

  void make_continuous(Knob& knob) const {
    Parameter& p = knob.parameter;
    const double span = static_cast<double>(p.maximum) - p.minimum;
    const auto at = [&](double share) { return p.minimum + span * share; };
    constexpr std::array shares{0.0, 0.25, 0.5, 0.75, 1.0};
    const bool prints_its_value = std::ranges::all_of(shares, [&](double share) {
      const auto number = leading_number(printed(knob.id, at(share)));
      return number && std::abs(*number - at(share)) <= 6e-3 * std::max(span, std::abs(at(share)));
    });
    if (prints_its_value) {
      p.unit = unit_of(knob, p.maximum);
      return;
    }
    for (const double share : shares) {
      std::string text = printed(knob.id, at(share));
      if (!text.empty()) p.choices.push_back({static_cast<float>(at(share)), std::move(text)});
    }
  }

  static void name_apart(std::vector<Knob>& knobs, const std::vector<std::string>& modules) {
    const auto uses = [&] {
      std::map<std::string, int> counts;
      for (const Knob& knob : knobs) ++counts[knob.parameter.id];
      return counts;
    };
    auto counts = uses();
    for (std::size_t i = 0; i < knobs.size(); ++i) {
      Parameter& p = knobs[i].parameter;
      if (counts[p.id] == 1 || p.id == "bypass" || modules[i].empty()) continue;
      p.id = slug(modules[i] + " " + p.name);
    }
    counts = uses();
    for (Knob& knob : knobs) {
      Parameter& p = knob.parameter;
      if (counts[p.id] > 1 || p.id.empty()) p.id += fmt::format("{}{}", p.id.empty() ? "p" : "_", knob.id);
    }
  }

  const clap_plugin& plugin_;
  const clap_plugin_params* params_;
};

}  // namespace

std::vector<Knob> read_knobs(const Plugin& plugin) { return Reader(plugin).read(); }

}  // namespace soundalike::clap
