// Matching by rule, without learning or search: spectrum by an equaliser, then the spread of levels by a compressor.
// After the rule-based baseline of Steinmetz, Bryan and Reiss, "Style transfer of audio effects with differentiable
// signal processing", JAES 70(9), 2022, which designs an FIR filter from average spectra and lowers a compressor's
// threshold until loudness agrees; here with a parametric equaliser of four bands, as a user would.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "evaluate/systems.hpp"
#include "evaluate/workbench.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/stft.hpp"

namespace soundalike::evaluate {
namespace {

// The equaliser's bands stay at their default frequencies; a unit of gain in decibels does about this, in decibels, at
// a frequency of hz (shelves as if of first order, peaks of Q 1).
struct Band {
  const char* gain;
  double at_hz;
  double (*shape)(double ratio);  // of frequency / at_hz
};
double peak_shape(double ratio) { return 1.0 / (1.0 + (ratio - 1.0 / ratio) * (ratio - 1.0 / ratio)); }
constexpr std::array bands{Band{"low_gain", 120.0, [](double ratio) { return 1.0 / (1.0 + ratio * ratio); }},
                           Band{"mid1_gain", 600.0, peak_shape}, Band{"mid2_gain", 2500.0, peak_shape},
                           Band{"high_gain", 6000.0, [](double ratio) { return 1.0 / (1.0 + 1.0 / (ratio * ratio)); }}};
constexpr std::size_t mel_bands = 28;
constexpr double lowest_hz = 60.0;
constexpr double highest_share = 0.45;  // of the sample rate
constexpr double silent_db = 50.0;      // bands this far below the loudest say nothing
constexpr double ridge = 3.0;           // what content may do to the spectrum is no reason for large gains
constexpr double largest_gain_db = 15.0;
constexpr int threshold_steps = 10;
constexpr double threshold_step_db = 4.0;
constexpr double ratio = 2.0;
constexpr double content_spread_db = 3.0;
constexpr double block_seconds = 0.05;
constexpr double range_db = 40.0;  // blocks below this under the loudest are pauses

// Mean spectrum in mel bands, in dB.
std::vector<double> spectrum_of(AudioView audio, const MelFilterbank& bank, const StftOptions& stft) {
  const AudioBuffer mono = to_mono(audio);
  const Magnitudes magnitudes = stft_magnitudes(mono.view().channel(0), stft);
  std::vector<float> power(magnitudes.bins);
  for (std::size_t i = 0; i < magnitudes.frames; ++i) {
    for (std::size_t k = 0; k < magnitudes.bins; ++k) {
      power[k] += magnitudes.frame(i)[k] * magnitudes.frame(i)[k] / static_cast<float>(magnitudes.frames);
    }
  }
  std::vector<float> sums(bank.bands());
  bank.apply(power.data(), sums.data());
  std::vector<double> levels;
  levels.reserve(sums.size());
  for (const float sum : sums) levels.push_back(10.0 * std::log10(static_cast<double>(sum) + 1e-12));
  return levels;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Gains in dB whose response comes nearest, but for a constant, to the difference of the spectra: least squares with a
// penalty, one gain after another until nothing moves.
std::array<double, bands.size()> gains_between(AudioView from, AudioView to) {
  const double rate = from.sample_rate().hz;
  const StftOptions stft{.fft_size = 2048, .hop = 1024};
  const MelFilterbank bank(mel_bands, lowest_hz, highest_share * rate, stft.fft_size, from.sample_rate());
  const auto is = spectrum_of(from, bank, stft);
  const auto wanted = spectrum_of(to, bank, stft);
  const double quiet = std::ranges::max(is) - silent_db;
  std::vector<double> missing;
  std::array<std::vector<double>, bands.size()> shapes;
  for (std::size_t m = 0; m < is.size(); ++m) {
    if (is[m] < quiet) continue;
    missing.push_back(wanted[m] - is[m]);
    for (std::size_t b = 0; b < bands.size(); ++b) {
      shapes[b].push_back(bands[b].shape(bank.center_hz(m) / bands[b].at_hz));
    }
  }
  const auto center = [](std::vector<double>& values) {
    const double mean = mean_of(values);
    for (double& value : values) value -= mean;
  };
  center(missing);
  for (auto& shape : shapes) center(shape);
  std::array<double, bands.size()> gains{};
  for (int sweep = 0; sweep < 100; ++sweep) {
    for (std::size_t b = 0; b < bands.size(); ++b) {
      double product = 0.0;
      double square = ridge;
      for (std::size_t m = 0; m < missing.size(); ++m) {
        product += shapes[b][m] * (missing[m] + gains[b] * shapes[b][m]);
        square += shapes[b][m] * shapes[b][m];
      }
      const double next = std::clamp(product / square, -largest_gain_db, largest_gain_db);
      for (std::size_t m = 0; m < missing.size(); ++m) missing[m] += (gains[b] - next) * shapes[b][m];
      gains[b] = next;
    }
  }
  return gains;
}

// Standard deviation of the levels of blocks, in dB: what a compressor makes smaller.
double spread_of(AudioView audio) {
  const auto block = static_cast<std::size_t>(block_seconds * audio.sample_rate().hz);
  std::vector<double> levels;
  for (std::size_t first = 0; first + block <= audio.frames(); first += block) {
    levels.push_back(to_db(rms(audio.excerpt(first, block))));
  }
  if (levels.empty()) return 0.0;
  const double floor = std::ranges::max(levels) - range_db;
  std::erase_if(levels, [&](double level) { return !(level > floor); });
  const auto count = static_cast<double>(levels.size());
  const double mean = mean_of(levels);
  double sum = 0.0;
  for (const double level : levels) sum += (level - mean) * (level - mean);
  return std::sqrt(sum / count);
}

class RuleMatch {
 public:
  RuleMatch(Workbench& bench, const Trial& trial) : bench_(bench), trial_(trial) {
    for (const auto& effect : bench.rule_chain()) {
      for (const auto& parameter : effect.parameters) {
        parameters_.push_back(parameter.at_rate(trial.input.sample_rate().hz));
        settings_.push_back(parameters_.back().default_setting());
      }
    }
  }

  Answer run() {
    set("threshold", 0.0);
    set("ratio", ratio);
    AudioBuffer output = equalise();
    output = compress(std::move(output));
    const double quieter = measure_lufs(trial_.reference) - measure_lufs(output);
    if (quieter > 0.0) {
      set("makeup", quieter);
      output = render();
    }
    return {std::move(output), {}, false, "", false};
  }

 private:
  void set(std::string_view id, double plain) {
    const auto at = std::ranges::find(parameters_, id, &Parameter::id) - parameters_.begin();
    settings_[static_cast<std::size_t>(at)] =
        parameters_[static_cast<std::size_t>(at)].to_setting(static_cast<float>(plain));
  }

  AudioBuffer render() {
    RenderResult made = bench_.rule_rendering().render(trial_.input, settings_, bench_.times());
    if (!made.outcome.usable()) throw Error(ErrorCode::plugin_failed, made.outcome.message);
    return std::move(made.audio);
  }

  AudioBuffer equalise() {
    const auto gains = gains_between(trial_.input, trial_.reference);
    for (std::size_t b = 0; b < bands.size(); ++b) set(bands[b].gain, gains[b]);
    return render();
  }

  // The threshold is lowered step by step until levels spread no more than the reference's do, but for what content
  // alone makes.
  AudioBuffer compress(AudioBuffer output) {
    const double wanted = spread_of(trial_.reference) + content_spread_db;
    for (int step = 1; step <= threshold_steps && spread_of(output) > wanted; ++step) {
      set("threshold", -threshold_step_db * step);
      output = render();
    }
    return output;
  }

  Workbench& bench_;
  const Trial& trial_;
  std::vector<Parameter> parameters_;
  std::vector<float> settings_;
};

Answer rule(Workbench& bench, const Trial& trial, const std::stop_token&) { return RuleMatch(bench, trial).run(); }

}  // namespace

constexpr System rule_system{
    "rule", "spectrum by a four-band equaliser, then spread of levels by a compressor, by fixed rules", rule};

}  // namespace soundalike::evaluate
