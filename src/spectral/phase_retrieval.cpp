#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "base/vectorised.hpp"
#include "soundalike/error.hpp"
#include "soundalike/phase.hpp"
#include "soundalike/rng.hpp"
#include "spectral/istft.hpp"

namespace soundalike {
namespace {

using Values = AlignedVector<std::complex<float>>;

float* parts(Values& values) { return reinterpret_cast<float*>(values.data()); }

/// Gives each value the magnitude wanted and leaves its phase; 0 gets phase 0. Real and imaginary parts in turns.
SOUNDALIKE_VECTORISED void impose(const float* magnitudes, float* values, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    const float re = values[2 * k];
    const float im = values[2 * k + 1];
    const float power = re * re + im * im;
    const bool has_phase = power > 1e-30f;
    const float factor = magnitudes[k] / std::sqrt(has_phase ? power : 1.0f);
    values[2 * k] = has_phase ? re * factor : magnitudes[k];
    values[2 * k + 1] = has_phase ? im * factor : 0.0f;
  }
}

/// What the methods share: the magnitudes, and the nearest spectra that belong to audio.
class Problem {
 public:
  Problem(const Magnitudes& magnitudes, const StftOptions& stft, std::size_t samples)
      : magnitudes_(magnitudes), pair_(stft, samples), audio_(samples) {
    pair_.check_size(magnitudes.frames, magnitudes.bins, magnitudes.values.size());
  }

  Values random_phases(std::uint64_t seed) const {
    Rng rng(seed);
    Values values(magnitudes_.values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = std::polar(magnitudes_.values[i], static_cast<float>(rng.uniform(0.0, 2.0 * std::numbers::pi)));
    }
    return values;
  }
  void impose_magnitudes(Values& values) const { impose(magnitudes_.values.data(), parts(values), values.size()); }
  void make_consistent(Values& values) {
    pair_.inverse(values, audio_);
    pair_.forward(audio_, values);
  }
  std::vector<float> audio(Values& values) {
    impose_magnitudes(values);
    pair_.inverse(values, audio_);
    return audio_;
  }

 private:
  const Magnitudes& magnitudes_;
  StftPair pair_;
  std::vector<float> audio_;
};

std::vector<float> alternate(const Magnitudes& magnitudes, const StftOptions& stft, std::size_t samples,
                             const PhaseOptions& options, float momentum) {
  Problem problem(magnitudes, stft, samples);
  Values at = problem.random_phases(options.seed);
  Values before;
  for (std::size_t i = 0; i < options.iterations; ++i) {
    problem.impose_magnitudes(at);
    problem.make_consistent(at);
    if (momentum == 0.0f) continue;
    const Values reached = at;
    for (std::size_t k = 0; k < at.size() && !before.empty(); ++k) at[k] += momentum * (reached[k] - before[k]);
    before = reached;
  }
  return problem.audio(at);
}

std::vector<float> griffin_lim(const Magnitudes& magnitudes, const StftOptions& stft, std::size_t samples,
                               const PhaseOptions& options) {
  return alternate(magnitudes, stft, samples, options, 0.0f);
}

std::vector<float> fast_griffin_lim(const Magnitudes& magnitudes, const StftOptions& stft, std::size_t samples,
                                    const PhaseOptions& options) {
  return alternate(magnitudes, stft, samples, options, 0.99f);
}

// With z the spectra, u the scaled dual variable, P the projection on consistent spectra and r the relaxation:
//   x = magnitudes imposed on z - u;  y = x + u;  z = (r y + P y) / (1 + r);  u = y - z
std::vector<float> admm(const Magnitudes& magnitudes, const StftOptions& stft, std::size_t samples,
                        const PhaseOptions& options) {
  constexpr float relaxation = 0.1f;
  Problem problem(magnitudes, stft, samples);
  Values difference = problem.random_phases(options.seed);  // z - u
  Values dual(difference.size());
  Values y(difference.size());
  Values consistent(difference.size());
  for (std::size_t i = 0; i < options.iterations; ++i) {
    problem.impose_magnitudes(difference);
    for (std::size_t k = 0; k < y.size(); ++k) y[k] = difference[k] + dual[k];
    consistent = y;
    problem.make_consistent(consistent);
    for (std::size_t k = 0; k < y.size(); ++k) {
      const std::complex<float> z = (relaxation * y[k] + consistent[k]) / (1.0f + relaxation);
      dual[k] = y[k] - z;
      difference[k] = z - dual[k];
    }
  }
  return problem.audio(difference);
}

constexpr std::array methods{
    PhaseMethod{"griffin-lim", "magnitudes and audio in turns", griffin_lim},
    PhaseMethod{"fast-griffin-lim", "the same with momentum", fast_griffin_lim},
    PhaseMethod{"admm", "alternating direction method of multipliers", admm},
};

}  // namespace

std::span<const PhaseMethod> phase_methods() { return methods; }

std::vector<float> retrieve_phase(std::string_view method, const Magnitudes& magnitudes, const StftOptions& stft,
                                  std::size_t samples, const PhaseOptions& options) {
  const auto* const row = std::ranges::find(methods, method, &PhaseMethod::name);
  if (row != methods.end()) return row->retrieve(magnitudes, stft, samples, options);
  std::string known;
  for (const PhaseMethod& candidate : methods) known += fmt::format("{}{}", known.empty() ? "" : ", ", candidate.name);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot find phases by '{}': no such method; known are {}", method, known));
}

double spectral_convergence(std::span<const float> audio, const Magnitudes& magnitudes, const StftOptions& options) {
  const Magnitudes found = stft_magnitudes(audio, options);
  StftPair(options, audio.size()).check_size(magnitudes.frames, magnitudes.bins, magnitudes.values.size());
  double difference = 0.0;
  double whole = 0.0;
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    const double wanted = magnitudes.values[i];
    difference += std::pow(double{found.values[i]} - wanted, 2);
    whole += wanted * wanted;
  }
  return whole > 0.0 ? std::sqrt(difference / whole) : 0.0;
}

}  // namespace soundalike
