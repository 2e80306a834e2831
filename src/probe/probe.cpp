#include "soundalike/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "probe/bands.hpp"
#include "probe/report.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike {
namespace {

using Settings = std::vector<float>;

constexpr float loud_peak = 10.0f;     // +20 dBFS
constexpr double dead_db = 0.25;       // less than this over the whole range is not heard
constexpr double gain_share = 0.1;     // a knob whose change is level but for this share is a gain
constexpr double alive_share = 0.1;    // of the largest change: less, and the knob is idle at that base setting
constexpr double rough_ratio = 0.12;   // 1 % of the range changes this share of what 25 % changes: three times linear,
constexpr double steady_share = 0.92;  // and not because the knob does all its work in one place: small and larger
                                       // changes then point the same way, with this cosine
constexpr double jump_share = 0.35;    // of the sweep's path in one place
constexpr std::size_t zoom = 16;       // parts in which a sweep step is looked at again
constexpr double neutral_db = -60.0;   // error energy against the dry signal
constexpr std::array step_candidates{0.001f, 0.003f, 0.01f, 0.03f};
constexpr float preferred_step = 0.01f;
constexpr float far_step = 0.05f;

// One render of the test signal, as far as the probe looks at it.
struct Look {
  RenderOutcome outcome;
  BandPicture picture;
  double dry_error_db = 400.0;  // error energy against the dry signal over its energy, after the start
  bool ok() const { return outcome.status == RenderStatus::ok && outcome.peak <= loud_peak; }
  bool bad() const { return !outcome.usable() || outcome.peak > loud_peak; }
  bool silent() const { return outcome.status == RenderStatus::silent; }
  double loudness() const { return std::accumulate(picture.begin(), picture.end(), 0.0); }
};

// Energy of the difference from frame `first` on, over that of the truth.
double error_db(AudioView a, AudioView truth, std::size_t first = 0) {
  double error = 0.0;
  double energy = 0.0;
  for (std::size_t c = 0; c < truth.channels(); ++c) {
    const auto x = a.channel(c);
    const auto y = truth.channel(c);
    for (std::size_t i = first; i < y.size(); ++i) {
      const double d = static_cast<double>(x[i]) - y[i];
      error += d * d;
      energy += static_cast<double>(y[i]) * y[i];
    }
  }
  if (error == 0.0) return -400.0;
  return energy > 0.0 ? 10.0 * std::log10(error / energy) : 400.0;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

class Prober {
 public:
  Prober(const EffectListing& listing, const ProbeOptions& options, const Progress& progress,
         const std::stop_token& stop)
      : listing_(listing),
        options_(options),
        progress_(progress),
        stop_(stop),
        signal_(probe_signal(options.setup.sample_rate, options.setup.channels)),
        analysis_(options.setup.sample_rate),
        renderer_({listing}, options.setup, options.renderer),
        clip_(renderer_.add_clip(signal_)) {}

  Probe run() {
    Profile& profile = probe_.profile;
    profile = Profile::from_metadata(listing_);
    profile.block_size = options_.setup.block_size;
    base_.clear();
    for (const auto& parameter : listing_.parameters) {
      const auto pin = options_.pinned.find(parameter.id);
      base_.push_back(pin == options_.pinned.end() ? parameter.default_setting() : pin->second);
    }
    if (const Look first = look({base_}).front(); first.bad() && first.outcome.status != RenderStatus::silent) {
      throw Error(ErrorCode::plugin_failed, fmt::format("cannot probe '{}': its default settings do not render: {}",
                                                        listing_.info.name, first.outcome.message));
    }
    std::size_t done = 0;
    const std::size_t stages = 2 * listing_.parameters.size() + 1;
    for (std::size_t p = 0; p < listing_.parameters.size(); ++p) {
      if (is_pinned(p)) {
        keep_pinned(p);
      } else if (is_category(p)) {
        probe_category(p);
      }
      tell(++done, stages);
    }
    bases_ = {base_};
    sweeps_.resize(listing_.parameters.size());
    for (std::size_t p = 0; p < listing_.parameters.size(); ++p) {
      if (!is_fixed(p)) sweep(p);
    }
    choose_bases();
    for (std::size_t p = 0; p < listing_.parameters.size(); ++p) {
      if (!is_fixed(p)) probe_knob(p);
      tell(++done, stages);
    }
    find_neutral();
    stress();
    check_determinism();
    check_block_size();
    measure_speed();
    profile.probe_json = probe_measurements(probe_, options_);
    tell(stages, stages);
    return std::move(probe_);
  }

 private:
  void tell(std::size_t done, std::size_t total) const {
    if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "stopped; no profile was written");
    if (progress_) progress_({"probing", done, total, listing_.info.name});
  }

  bool is_category(std::size_t p) const {
    const Parameter& parameter = listing_.parameters[p];
    return parameter.trigger || parameter.kind == ParameterKind::choice || parameter.kind == ParameterKind::toggle;
  }

  bool is_pinned(std::size_t p) const { return options_.pinned.contains(listing_.parameters[p].id); }
  bool is_fixed(std::size_t p) const { return is_pinned(p) || is_category(p); }

  void keep_pinned(std::size_t p) {
    const Parameter& parameter = listing_.parameters[p];
    Profile::Knob& knob = probe_.profile.knobs[parameter.id];
    const KnobClass klass = parameter.kind == ParameterKind::continuous ? KnobClass::smooth : KnobClass::stepped;
    knob = {.free = false, .setting = base_[p], .klass = klass, .reason = "fixed by hand, not probed"};
    probe_.knobs.push_back({.id = parameter.id});
  }

  std::vector<Look> look(const std::vector<Settings>& settings) {
    std::vector<BatchRenderer::Job> jobs;
    for (const auto& s : settings) jobs.push_back({clip_, s});
    std::vector<Look> looks(settings.size());
    renderer_.render(
        jobs,
        [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
          looks[job].outcome = outcome;
          if (!outcome.usable()) return;
          looks[job].picture = analysis_.picture(audio);
          // Not its first second: some plugins fade in, or glide from their defaults to their settings.
          looks[job].dry_error_db = error_db(audio, signal_, static_cast<std::size_t>(signal_.sample_rate().hz));
        },
        stop_);
    if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "stopped; no profile was written");
    return looks;
  }

  // Choices, switches and buttons: stay at their default, unless that silences the effect and another value does not.
  void probe_category(std::size_t p) {
    const Parameter& parameter = listing_.parameters[p];
    KnobProbe result{.id = parameter.id};
    Profile::Knob& knob = probe_.profile.knobs[parameter.id];
    knob = {.free = false, .setting = base_[p], .klass = KnobClass::stepped};
    if (parameter.trigger) {
      knob.reason = "a button";
      probe_.knobs.push_back(std::move(result));
      return;
    }
    const std::size_t count = parameter.kind == ParameterKind::toggle ? 2 : parameter.choices.size();
    std::vector<Settings> settings;
    for (std::size_t i = 0; i < count; ++i) {
      settings.push_back(base_);
      settings.back()[p] = (static_cast<float>(i) + 0.5f) / static_cast<float>(count);
    }
    const auto looks = look(settings);
    std::optional<float> first_sounding;
    const Look* reference = nullptr;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string label = parameter.text(settings[i][p]);
      if (looks[i].silent()) result.silent_values.push_back(label);
      if (looks[i].bad()) result.bad_values.push_back(label);
      if (!looks[i].ok()) continue;
      if (!first_sounding) first_sounding = settings[i][p];
      if (reference == nullptr) reference = &looks[i];
      result.change_db = std::max(result.change_db, band_change(reference->picture, looks[i].picture));
      result.level_free_db = std::max(result.level_free_db, level_free_change(reference->picture, looks[i].picture));
    }
    const std::string at_default = parameter.text(base_[p]);
    const bool silent_default = std::ranges::count(result.silent_values, at_default) > 0;
    if (silent_default && first_sounding) base_[p] = knob.setting = *first_sounding;
    knob.reason = fmt::format("{} at {}", parameter.kind == ParameterKind::choice ? "a choice" : "a switch",
                              parameter.text(base_[p]));
    if (!result.silent_values.empty()) {
      knob.reason += fmt::format("; silent at {}", fmt::join(result.silent_values, ", "));
    }
    if (result.change_db < dead_db) knob.klass = KnobClass::dead;
    probe_.knobs.push_back(std::move(result));
  }

  // Adds two random settings that sound to the default: a knob may do nothing at one of them. Knobs that only change
  // the level at the default stay there, or the others would be judged on a whisper or on overload.
  void choose_bases() {
    std::vector<bool> moves(base_.size());
    for (std::size_t p = 0; p < base_.size(); ++p) moves[p] = !is_fixed(p) && !level_only(sweeps_[p].looks.front());
    for (std::uint64_t attempt = 0; attempt < 32 && bases_.size() < 3; ++attempt) {
      Rng rng = Rng::derive(options_.seed, 1, attempt);
      Settings candidate = base_;
      for (std::size_t p = 0; p < candidate.size(); ++p) {
        const auto x = static_cast<float>(rng.uniform());
        if (moves[p]) candidate[p] = x;
      }
      if (look({candidate}).front().ok()) bases_.push_back(std::move(candidate));
    }
  }

  Settings at(const Settings& base, std::size_t p, float value) const {
    Settings result = base;
    result[p] = std::clamp(value, 0.0f, 1.0f);
    return result;
  }

  struct Sweep {
    std::vector<float> values;
    std::vector<std::vector<Look>> looks;  // [base][value]
  };

  // Over the whole range of a knob, from every base that has not been swept yet.
  void sweep(std::size_t p) {
    Sweep& result = sweeps_[p];
    const Parameter& parameter = listing_.parameters[p];
    const auto steps = static_cast<double>(options_.sweep_values - 1);
    for (std::size_t i = 0; result.looks.empty() && i < options_.sweep_values; ++i) {
      const float value = static_cast<float>(static_cast<double>(i) / steps);
      const bool repeats = parameter.kind == ParameterKind::integer && !result.values.empty() &&
                           parameter.to_plain(value) == parameter.to_plain(result.values.back());
      if (!repeats) result.values.push_back(value);
    }
    const std::size_t done = result.looks.size();
    std::vector<Settings> settings;
    for (std::size_t b = done; b < bases_.size(); ++b) {
      for (const float value : result.values) settings.push_back(at(bases_[b], p, value));
    }
    const auto looks = look(settings);
    const auto n = static_cast<std::ptrdiff_t>(result.values.size());
    for (auto begin = looks.begin(); begin != looks.end(); begin += n) result.looks.emplace_back(begin, begin + n);
    if (done > 0) return;
    for (std::size_t i = 0; i < result.values.size(); ++i) {
      keep_if_neutral(at(base_, p, result.values[i]), result.looks.front()[i]);
    }
  }

  // How much changes along looks at growing values of a knob.
  struct Path {
    double change_db = 0.0;      // largest, from the loudest of them
    double level_free_db = 0.0;  // the same, level-free
    double length = 0.0;         // sum of the steps
    double jump = 0.0;           // the largest of them
    std::size_t jump_end = 0;    // where that one ends
  };

  static Path follow(std::span<const Look> looks) {
    Path path;
    const Look* loudest = nullptr;
    for (const Look& l : looks) {
      if (l.ok() && (loudest == nullptr || l.loudness() > loudest->loudness())) loudest = &l;
    }
    for (std::size_t i = 0; i < looks.size(); ++i) {
      if (!looks[i].ok()) continue;
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

  static bool level_only(const Path& path) {
    return path.change_db >= dead_db && path.level_free_db < gain_share * path.change_db;
  }
  static bool level_only(std::span<const Look> looks) { return level_only(follow(looks)); }

  enum class Fault { none, silent, bad };

  // What is wrong with looks at one value of a knob from every base. NaN is wrong wherever it comes; silence and
  // overload may be another knob's fault, so they count at the default or at most bases.
  static Fault fault_of(std::span<const Look* const> looks) {
    const auto often = [&](auto is) {
      return is(*looks.front()) || 2 * std::ranges::count_if(looks, [&](const Look* l) { return is(*l); }) >
                                       static_cast<std::ptrdiff_t>(looks.size());
    };
    if (std::ranges::any_of(looks, [](const Look* l) { return !l->outcome.usable(); })) return Fault::bad;
    if (often([](const Look& l) { return l.bad(); })) return Fault::bad;
    return often([](const Look& l) { return l.silent(); }) ? Fault::silent : Fault::none;
  }

  // The largest run of sweep values that sound, the one around the default if there is a choice: [first, past).
  std::pair<std::size_t, std::size_t> good_run(std::size_t p, KnobProbe& result) const {
    const Sweep& swept = sweeps_[p];
    const std::size_t n = swept.values.size();
    std::vector<bool> good(n, true);
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<const Look*> looks;
      for (const auto& base : swept.looks) looks.push_back(&base[i]);
      const Fault fault = fault_of(looks);
      good[i] = fault == Fault::none;
      if (good[i]) continue;
      const std::string label = listing_.parameters[p].text(swept.values[i]);
      (fault == Fault::silent ? result.silent_values : result.bad_values).push_back(label);
    }
    std::pair<std::size_t, std::size_t> best{0, 0};
    double best_score = -1.0;
    for (std::size_t first = 0; first < n; ++first) {
      if (!good[first] || (first > 0 && good[first - 1])) continue;
      std::size_t past = first;
      while (past < n && good[past]) ++past;
      const bool has_default = base_[p] >= swept.values[first] - 1e-6f && base_[p] <= swept.values[past - 1] + 1e-6f;
      const double score = static_cast<double>(past - first) + (has_default ? static_cast<double>(n) : 0.0);
      if (past - first >= 2 && score > best_score) {
        best_score = score;
        best = {first, past};
      }
    }
    return best;
  }

  // Values between two of the sweep, both left out.
  static std::vector<float> between(float from, float to) {
    std::vector<float> values;
    for (std::size_t i = 1; i < zoom; ++i) {
      values.push_back(from + (to - from) * static_cast<float>(i) / static_cast<float>(zoom));
    }
    return values;
  }

  // How far the knob may go from a good value of the sweep towards the faulty one beside it.
  float last_good(std::size_t p, float good, float faulty) {
    const auto values = between(good, faulty);
    std::vector<Settings> settings;
    for (const float value : values) {
      for (const auto& base : bases_) settings.push_back(at(base, p, value));
    }
    const auto looks = look(settings);
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::vector<const Look*> group;
      for (std::size_t b = 0; b < bases_.size(); ++b) group.push_back(&looks[i * bases_.size() + b]);
      if (fault_of(group) != Fault::none) return i == 0 ? good : values[i - 1];
    }
    return values.back();
  }

  // Whether the largest step of a sweep stays a step however closely one looks.
  bool is_jump(std::size_t p, const Settings& base, std::span<const Look> looks, const Path& path) {
    const auto values = between(sweeps_[p].values[path.jump_end - 1], sweeps_[p].values[path.jump_end]);
    std::vector<Settings> settings;
    for (const float value : values) settings.push_back(at(base, p, value));
    auto closer = look(settings);
    closer.insert(closer.begin(), looks[path.jump_end - 1]);
    closer.push_back(looks[path.jump_end]);
    return follow(closer).jump > 0.7 * path.jump;
  }

  void probe_knob(std::size_t p) {
    const Parameter& parameter = listing_.parameters[p];
    KnobProbe result{.id = parameter.id};
    Profile::Knob& knob = probe_.profile.knobs[parameter.id];
    knob = {.free = true, .setting = base_[p]};
    sweep(p);
    const Sweep& swept = sweeps_[p];
    const auto [first, past] = good_run(p, result);
    if (past == first) {
      knob.free = false;
      knob.klass = KnobClass::stepped;
      knob.reason = "silent or broken nearly everywhere";
      probe_.knobs.push_back(std::move(result));
      return;
    }
    std::vector<Path> paths;
    for (const auto& looks : swept.looks) {
      paths.push_back(follow(std::span(looks).subspan(0, past).subspan(first)));
      paths.back().jump_end += first;
      result.change_db = std::max(result.change_db, paths.back().change_db);
      result.level_free_db = std::max(result.level_free_db, paths.back().level_free_db);
    }
    if (result.change_db < dead_db) {
      knob.klass = KnobClass::dead;
      knob.free = false;
      knob.reason = fmt::format("no audible change over its range ({:.2f} dB)", result.change_db);
    } else if (result.level_free_db < std::max(dead_db, gain_share * result.change_db) ||
               (level_only(paths.front()) && paths.front().change_db > 0.5 * result.change_db)) {
      knob.klass = KnobClass::gain;
      knob.free = false;
      knob.reason = "level only, and the output is matched in loudness";
    } else {
      if (first > 0) knob.low = last_good(p, swept.values[first], swept.values[first - 1]);
      if (past < swept.values.size()) knob.high = last_good(p, swept.values[past - 1], swept.values[past]);
      knob.setting = std::clamp(knob.setting, knob.low, knob.high);
      if (first > 0 || past < swept.values.size()) {
        std::vector<std::string> why;
        if (!result.silent_values.empty()) why.push_back("silent");
        if (!result.bad_values.empty()) why.push_back("broken or over +20 dBFS");
        knob.reason = fmt::format("range cut: {} outside", fmt::join(why, " or "));
      }
      std::vector<std::size_t> alive;
      for (std::size_t b = 0; b < paths.size(); ++b) {
        if (paths[b].change_db >= std::max(dead_db, alive_share * result.change_db)) alive.push_back(b);
      }
      const double local_change = look_closely(p, alive, knob, result);
      bool jumps = false;
      for (const std::size_t b : alive) {
        const double share = paths[b].jump / paths[b].length;
        result.largest_jump = std::max(result.largest_jump, share);
        jumps = jumps || (share > jump_share && is_jump(p, bases_[b], swept.looks[b], paths[b]));
      }
      if (result.roughness > rough_ratio && result.step_agreement < steady_share) {
        knob.klass = KnobClass::rough;
      } else if (parameter.kind == ParameterKind::integer || jumps || local_change < 1e-3 * result.change_db) {
        knob.klass = KnobClass::stepped;
      }
    }
    probe_.knobs.push_back(std::move(result));
    sweeps_[p] = {};
  }

  // Roughness and the gradient step, at random places of the range; returns the median change for 1 % of the range.
  double look_closely(std::size_t p, const std::vector<std::size_t>& alive, Profile::Knob& knob, KnobProbe& result) {
    constexpr std::size_t places = 6;
    const float width = knob.high - knob.low;
    std::vector<Settings> settings;
    Rng rng = Rng::derive(options_.seed, 2, p);
    for (const std::size_t b : alive) {
      const Settings& base = bases_[b];
      for (std::size_t k = 0; k < places; ++k) {
        const auto x = knob.low + width * static_cast<float>(rng.uniform(0.05, 0.70));
        settings.push_back(at(base, p, x));
        settings.push_back(at(base, p, x + 0.01f * width));
        settings.push_back(at(base, p, x + 0.25f * width));
        for (const float step : step_candidates) {
          settings.push_back(at(base, p, x - step));
          settings.push_back(at(base, p, x + step));
        }
        settings.push_back(at(base, p, x - far_step));
        settings.push_back(at(base, p, x + far_step));
      }
    }
    const auto looks = look(settings);
    constexpr std::size_t stride = 3 + 2 * step_candidates.size() + 2;
    std::vector<double> near;
    std::vector<double> far;
    std::array<std::vector<double>, step_candidates.size()> agreement;
    for (std::size_t i = 0; i < looks.size(); i += stride) {
      const std::span<const Look> group(&looks[i], stride);
      if (!std::ranges::all_of(group, &Look::ok)) continue;
      near.push_back(band_change(group[0].picture, group[1].picture));
      far.push_back(band_change(group[0].picture, group[2].picture));
      const BandPicture& low = group[stride - 2].picture;
      const BandPicture& high = group[stride - 1].picture;
      for (std::size_t s = 0; s < step_candidates.size(); ++s) {
        // Both differences, carried to one origin.
        BandPicture moved = low;
        for (std::size_t k = 0; k < moved.size(); ++k)
          moved[k] += group[4 + 2 * s].picture[k] - group[3 + 2 * s].picture[k];
        agreement[s].push_back(change_agreement(low, moved, high));
      }
    }
    const double local = median(near);
    const double wide = median(far);
    result.roughness = wide > 0.0 ? local / wide : 0.0;
    std::array<double, step_candidates.size()> means{};
    for (std::size_t s = 0; s < means.size(); ++s) means[s] = median(agreement[s]);
    const double best = *std::ranges::max_element(means);
    for (std::size_t s = 0; s < means.size(); ++s) {
      const bool preferred = step_candidates[s] == preferred_step;
      if (means[s] == best || (preferred && means[s] > best - 0.02)) {
        knob.step = result.step = step_candidates[s];
        result.step_agreement = means[s];
        if (preferred) break;
      }
    }
    return local;
  }

  void keep_if_neutral(const Settings& settings, const Look& l) {
    if (l.ok() && l.dry_error_db < nearest_dry_db_) {
      nearest_dry_db_ = l.dry_error_db;
      nearest_dry_ = settings;
    }
  }

  void try_for_neutral(const std::vector<Settings>& settings) {
    const auto looks = look(settings);
    for (std::size_t i = 0; i < looks.size(); ++i) keep_if_neutral(settings[i], looks[i]);
  }

  // Settings that pass the sound unchanged: the nearest to dry found by moving one knob at a time, up to four of them,
  // each to where it is best.
  void find_neutral() {
    keep_if_neutral(base_, look({base_}).front());
    for (int round = 0; round < 4 && nearest_dry_db_ > neutral_db && !nearest_dry_.empty(); ++round) {
      if (listing_.parameters.size() > 40) break;
      const double before = nearest_dry_db_;
      const Settings start = nearest_dry_;
      std::vector<Settings> settings;
      for (std::size_t p = 0; p < start.size(); ++p) {
        for (std::size_t i = 0; !is_fixed(p) && i < options_.sweep_values; ++i) {
          settings.push_back(at(start, p, static_cast<float>(i) / static_cast<float>(options_.sweep_values - 1)));
        }
      }
      try_for_neutral(settings);
      // The best place of the knob that helped most is between the values of the sweep.
      for (std::size_t p = 0; p < start.size(); ++p) {
        float reach = 1.0f / static_cast<float>(options_.sweep_values - 1);
        for (; nearest_dry_[p] != start[p] && reach > 1e-5f && nearest_dry_db_ > neutral_db; reach /= 8.0f) {
          settings.clear();
          for (const float x : between(nearest_dry_[p] - reach, nearest_dry_[p] + reach)) {
            settings.push_back(at(nearest_dry_, p, x));
          }
          try_for_neutral(settings);
        }
      }
      if (nearest_dry_db_ > before - 1.0) break;
    }
    if (nearest_dry_db_ > neutral_db) return;
    probe_.profile.neutral.emplace();
    for (std::size_t p = 0; p < nearest_dry_.size(); ++p) {
      (*probe_.profile.neutral)[listing_.parameters[p].id] = nearest_dry_[p];
    }
  }

  std::vector<Settings> random_free(std::size_t count, std::uint64_t stream) const {
    const SettingsSpace space(std::span(&listing_, 1), std::span(&probe_.profile, 1));
    std::vector<Settings> settings;
    Rng rng = Rng::derive(options_.seed, stream);
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<double> point(space.free().size());
      for (double& x : point) x = rng.uniform();
      settings.push_back(space.expand(point));
    }
    return settings;
  }

  void stress() {
    const auto looks = look(random_free(options_.stress_renders, 3));
    probe_.stress_renders = looks.size();
    float peak = 0.0f;
    for (const Look& l : looks) {
      probe_.stress_failed += !l.outcome.usable();
      probe_.stress_silent += l.silent();
      probe_.stress_loud += l.outcome.usable() && l.outcome.peak > loud_peak;
      if (l.outcome.usable()) peak = std::max(peak, l.outcome.peak);
    }
    probe_.stress_peak_db = to_db(std::max(peak, 1e-9f));
  }

  std::vector<RenderResult> render_on(BatchRenderer& renderer, AudioView signal,
                                      const std::vector<Settings>& settings) const {
    const auto clip = renderer.add_clip(signal);
    std::vector<BatchRenderer::Job> jobs;
    for (const auto& s : settings) jobs.push_back({clip, s});
    auto results = renderer.render(jobs, stop_);
    renderer.remove_clip(clip);
    if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "stopped; no profile was written");
    return results;
  }

  void check_determinism() {
    auto settings = random_free(7, 4);
    settings.push_back(base_);
    const auto first = render_on(renderer_, signal_, settings);
    std::ranges::reverse(settings);
    RendererOptions single = options_.renderer;
    single.workers = 1;
    BatchRenderer other({listing_}, options_.setup, single);
    auto second = render_on(other, signal_, settings);
    std::ranges::reverse(second);
    for (std::size_t i = 0; i < first.size(); ++i) {
      probe_.deterministic = probe_.deterministic && first[i].outcome.status == second[i].outcome.status &&
                             first[i].audio == second[i].audio;
    }
  }

  void check_block_size() {
    auto settings = random_free(3, 5);
    settings.push_back(base_);
    const auto reference = render_on(renderer_, signal_, settings);
    for (const std::size_t block : {std::size_t{64}, std::size_t{4096}}) {
      RenderSetup setup = options_.setup;
      setup.block_size = block;
      BatchRenderer other({listing_}, setup, options_.renderer);
      const auto results = render_on(other, signal_, settings);
      for (std::size_t i = 0; i < results.size(); ++i) {
        if (!results[i].outcome.usable() || reference[i].outcome.status != RenderStatus::ok) continue;
        probe_.block_difference_db =
            std::max(probe_.block_difference_db, error_db(results[i].audio, reference[i].audio));
      }
    }
    probe_.block_dependent = probe_.block_difference_db > -90.0;
  }

  void measure_speed() {
    // The shortest of several short renders, one at a time: what else the machine does can only add, and rarely hits
    // all of them. Two lengths tell the time to make an instance from the time that grows with the audio.
    constexpr double short_seconds = 0.15;
    constexpr double long_seconds = 0.45;
    const auto fastest = [&](double length) {
      AudioBuffer part(signal_.channels(), static_cast<std::size_t>(length * signal_.sample_rate().hz),
                       signal_.sample_rate());
      for (std::size_t c = 0; c < part.channels(); ++c) {
        std::ranges::copy(signal_.channel(c).first(part.frames()), part.channel(c).begin());
      }
      double seconds = 1e9;
      for (std::size_t i = 0; i < options_.timing_repeats; ++i) {
        const auto results = render_on(renderer_, part, {base_});
        seconds = std::min(seconds, static_cast<double>(results.front().outcome.plugin_seconds));
      }
      return seconds;
    };
    const double once = fastest(short_seconds);
    const double more = std::max(0.0, fastest(long_seconds) - once) / (long_seconds - short_seconds);
    probe_.speed = signal_.seconds() / std::max(1e-9, once + more * (signal_.seconds() - short_seconds));
  }

  const EffectListing& listing_;
  const ProbeOptions& options_;
  const Progress& progress_;
  std::stop_token stop_;
  AudioBuffer signal_;
  BandAnalysis analysis_;
  BatchRenderer renderer_;
  BatchRenderer::ClipId clip_;
  Settings base_;
  std::vector<Settings> bases_;
  std::vector<Sweep> sweeps_;  // [parameter]
  Settings nearest_dry_;
  double nearest_dry_db_ = 1e9;
  Probe probe_;
};

}  // namespace

Probe probe_effect(const EffectListing& listing, const ProbeOptions& options, const Progress& progress,
                   const std::stop_token& stop) {
  return Prober(listing, options, progress, stop).run();
}

}  // namespace soundalike
