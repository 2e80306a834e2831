#include "probe/sweep.hpp"

#include <algorithm>
#include <string>

namespace soundalike {
namespace {

constexpr std::size_t zoom = 16;  // parts in which a sweep step is looked at again

enum class Fault { none, silent, bad };

// What is wrong with looks at one value of a knob from every base. NaN is wrong wherever it comes; silence and
// overload may be another knob's fault, so they count at the default or at most bases.
Fault fault_of(std::span<const Look* const> looks) {
  const auto often = [&](auto is) {
    return is(*looks.front()) || 2 * std::ranges::count_if(looks, [&](const Look* l) { return is(*l); }) >
                                     static_cast<std::ptrdiff_t>(looks.size());
  };
  if (std::ranges::any_of(looks, [](const Look* l) { return !l->outcome.usable(); })) return Fault::bad;
  if (often([](const Look& l) { return l.bad(); })) return Fault::bad;
  return often([](const Look& l) { return l.silent(); }) ? Fault::silent : Fault::none;
}

}  // namespace

void extend(Sweep& sweep, Bench& bench, std::size_t p, const std::vector<Settings>& bases) {
  const Parameter& parameter = bench.parameter(p);
  const auto steps = static_cast<double>(bench.options().sweep_values - 1);
  for (std::size_t i = 0; sweep.looks.empty() && i < bench.options().sweep_values; ++i) {
    const float value = static_cast<float>(static_cast<double>(i) / steps);
    const bool repeats = parameter.kind == ParameterKind::integer && !sweep.values.empty() &&
                         parameter.to_plain(value) == parameter.to_plain(sweep.values.back());
    if (!repeats) sweep.values.push_back(value);
  }
  const std::size_t done = sweep.looks.size();
  std::vector<Settings> settings;
  for (std::size_t b = done; b < bases.size(); ++b) {
    for (const float value : sweep.values) settings.push_back(with_knob(bases[b], p, value));
  }
  const auto looks = bench.look(settings);
  const auto n = static_cast<std::ptrdiff_t>(sweep.values.size());
  for (auto begin = looks.begin(); begin != looks.end(); begin += n) sweep.looks.emplace_back(begin, begin + n);
}

std::vector<float> between(float from, float to) {
  std::vector<float> values;
  for (std::size_t i = 1; i < zoom; ++i) {
    values.push_back(from + (to - from) * static_cast<float>(i) / static_cast<float>(zoom));
  }
  return values;
}

Path Path::along(std::span<const Look> looks) {
  Path path;
  const Look* loudest = nullptr;
  for (const Look& l : looks) {
    if (l.ok() && (loudest == nullptr || l.loudness() > loudest->loudness())) loudest = &l;
  }
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (!looks[i].ok() || loudest == nullptr) continue;
    path.change_db = std::max(path.change_db, band_change(loudest->picture, looks[i].picture));
    path.level_free_db = std::max(path.level_free_db, level_free_change(loudest->picture, looks[i].picture));
    if (i == 0 || !looks[i - 1].ok()) continue;
    const double step = band_change(looks[i - 1].picture, looks[i].picture);
    path.length += step;
    if (step > path.jump) {
      path.jump = step;
      path.jump_end = i;
    }
  }
  return path;
}

std::pair<std::size_t, std::size_t> good_run(const Sweep& sweep, const Parameter& parameter, float at_default,
                                             KnobProbe& result) {
  const std::size_t n = sweep.values.size();
  std::vector<bool> good(n, true);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<const Look*> looks;
    for (const auto& base : sweep.looks) looks.push_back(&base[i]);
    const Fault fault = fault_of(looks);
    good[i] = fault == Fault::none;
    if (good[i]) continue;
    const std::string label = parameter.text(sweep.values[i]);
    (fault == Fault::silent ? result.silent_values : result.bad_values).push_back(label);
  }
  std::pair<std::size_t, std::size_t> best{0, 0};
  double best_score = -1.0;
  for (std::size_t first = 0; first < n; ++first) {
    if (!good[first] || (first > 0 && good[first - 1])) continue;
    std::size_t past = first;
    while (past < n && good[past]) ++past;
    const bool has_default = at_default >= sweep.values[first] - 1e-6f && at_default <= sweep.values[past - 1] + 1e-6f;
    const double score = static_cast<double>(past - first) + (has_default ? static_cast<double>(n) : 0.0);
    if (past - first >= 2 && score > best_score) {
      best_score = score;
      best = {first, past};
    }
  }
  return best;
}

float last_good(Bench& bench, std::size_t p, const std::vector<Settings>& bases, float good, float faulty) {
  const auto values = between(good, faulty);
  std::vector<Settings> settings;
  for (const float value : values) {
    for (const auto& base : bases) settings.push_back(with_knob(base, p, value));
  }
  const auto looks = bench.look(settings);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::vector<const Look*> group;
    for (std::size_t b = 0; b < bases.size(); ++b) group.push_back(&looks[i * bases.size() + b]);
    if (fault_of(group) != Fault::none) return i == 0 ? good : values[i - 1];
  }
  return values.back();
}

bool is_jump(Bench& bench, std::size_t p, const Settings& base, const std::vector<float>& values,
             std::span<const Look> looks, const Path& path) {
  const auto zoomed = between(values[path.jump_end - 1], values[path.jump_end]);
  std::vector<Settings> settings;
  settings.reserve(zoomed.size());
  for (const float value : zoomed) settings.push_back(with_knob(base, p, value));
  auto closer = bench.look(settings);
  closer.insert(closer.begin(), looks[path.jump_end - 1]);
  closer.push_back(looks[path.jump_end]);
  return Path::along(closer).jump > 0.7 * path.jump;
}

}  // namespace soundalike
