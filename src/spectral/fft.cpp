#include "soundalike/fft.hpp"

#include <fftw3.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <numbers>

#include "base/vectorised.hpp"
#include "soundalike/error.hpp"
#include "spectral/aligned.hpp"

namespace soundalike {
namespace {

using Complex = std::complex<float>;

fftwf_complex* fftw(Complex* p) { return reinterpret_cast<fftwf_complex*>(p); }

/// FFTW's plans and the twiddles that make a complex transform of half the size a real one.
struct Plans {
  fftwf_plan forward;             // complex, size / 2
  fftwf_plan inverse;             // complex to real, size
  std::vector<Complex> twiddles;  // exp(-2 pi i k / size) / 2i, k < size / 2
};

/// One set per size for the life of the process. FFTW's planner is not thread-safe, its executor is.
///
/// Only plans for aligned data: those for any data avoid SIMD and take 2.3 times as long, and using both would make
/// the rounding depend on where the caller's memory lies.
const Plans& plans_for(std::size_t size) {
  static auto& mutex = *new std::mutex;
  static auto& made = *new std::map<std::size_t, Plans>;  // never destroyed: threads may outlive main
  const std::lock_guard lock(mutex);
  const auto found = made.find(size);
  if (found != made.end()) return found->second;
  AlignedVector<float> real(size);
  AlignedVector<Complex> spectrum(size / 2 + 1);
  const int n = static_cast<int>(size);
  Plans plans{fftwf_plan_dft_1d(n / 2, fftw(reinterpret_cast<Complex*>(real.data())), fftw(spectrum.data()),
                                FFTW_FORWARD, FFTW_ESTIMATE),
              fftwf_plan_dft_c2r_1d(n, fftw(spectrum.data()), real.data(), FFTW_ESTIMATE),
              {}};
  if (plans.forward == nullptr || plans.inverse == nullptr) {
    throw Error(ErrorCode::internal, fmt::format("cannot plan an FFT of size {}: FFTW has no plan for it", size));
  }
  for (std::size_t k = 0; k < size / 2; ++k) {
    const double angle = -2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
    plans.twiddles.emplace_back(std::polar(1.0, angle) / std::complex<double>(0.0, 2.0));
  }
  return made.emplace(size, std::move(plans)).first->second;
}

/// A complex number as one element, so that a loop which only moves them is vectorised.
using Element [[gnu::may_alias]] = double;

/// to[k] = from[n - k].
SOUNDALIKE_VECTORISED void reverse_copy(const Element* from, Element* to, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) to[k] = from[n - k];
}

/// The spectrum of a real signal from z, the transform of its even samples + i times its odd samples:
/// X[k] = (z[k] + conj z[n-k]) / 2 + exp(-pi i k / n) (z[k] - conj z[n-k]) / 2i, here for 0 < k < n.
/// All arrays hold real and imaginary parts, one after the other; `reversed`[k] is z[n-k].
SOUNDALIKE_VECTORISED void untangle(const float* z, const float* reversed, const float* twiddles, float* out,
                                    std::size_t n) {
  for (std::size_t k = 1; k < n; ++k) {
    const float sum_re = z[2 * k] + reversed[2 * k];
    const float sum_im = z[2 * k + 1] - reversed[2 * k + 1];
    const float difference_re = z[2 * k] - reversed[2 * k];
    const float difference_im = z[2 * k + 1] + reversed[2 * k + 1];
    const float w_re = twiddles[2 * k];
    const float w_im = twiddles[2 * k + 1];
    out[2 * k] = 0.5f * sum_re + (w_re * difference_re - w_im * difference_im);
    out[2 * k + 1] = 0.5f * sum_im + (w_re * difference_im + w_im * difference_re);
  }
}

template <class T>
bool is_aligned(const T* p) {
  return reinterpret_cast<std::uintptr_t>(p) % static_cast<std::size_t>(AlignedAllocator<T>::alignment) == 0;
}

/// Aligned room of the calling thread, as large as its largest use. Each Slot is another room.
template <class T, int Slot = 0>
T* scratch(std::size_t size) {
  thread_local AlignedVector<T> room;
  if (room.size() < size) room.resize(size);
  return room.data();
}

float* parts(Complex* p) { return reinterpret_cast<float*>(p); }
const float* parts(const Complex* p) { return reinterpret_cast<const float*>(p); }

void check_lengths(std::size_t size, std::size_t frames, std::size_t bins) {
  if (frames == size && bins == size / 2 + 1) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot transform {} frames and {} bins with an FFT of size {}: it takes {} and {}", frames,
                          bins, size, size, size / 2 + 1));
}

}  // namespace

Fft::Fft(std::size_t size) : size_(size) {
  if (size == 0 || size % 2 != 0 || size > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot make an FFT of size {}: it must be even and > 0", size));
  }
  plans_ = &plans_for(size);
}

void Fft::forward(std::span<const float> in, std::span<Complex> out) const {
  check_lengths(size_, in.size(), out.size());
  const auto& plans = *static_cast<const Plans*>(plans_);
  float* from = const_cast<float*>(in.data());  // not written: an out-of-place complex transform keeps its input
  if (!is_aligned(from)) {
    from = scratch<float>(size_);
    std::copy(in.begin(), in.end(), from);
  }
  const std::size_t half = size_ / 2;
  Complex* z = scratch<Complex>(half + 1);
  fftwf_execute_dft(plans.forward, fftw(reinterpret_cast<Complex*>(from)), fftw(z));
  z[half] = z[0];
  Complex* reversed = scratch<Complex, 1>(half);
  reverse_copy(reinterpret_cast<const Element*>(z), reinterpret_cast<Element*>(reversed), half);
  untangle(parts(z), parts(reversed), parts(plans.twiddles.data()), parts(out.data()), half);
  out[0] = z[0].real() + z[0].imag();
  out[half] = z[0].real() - z[0].imag();
}

void Fft::inverse(std::span<Complex> in, std::span<float> out) const {
  check_lengths(size_, out.size(), in.size());
  Complex* from = in.data();
  if (!is_aligned(from)) {
    from = scratch<Complex>(bins());
    std::copy(in.begin(), in.end(), from);
  }
  float* to = is_aligned(out.data()) ? out.data() : scratch<float>(size_);
  fftwf_execute_dft_c2r(static_cast<const Plans*>(plans_)->inverse, fftw(from), to);
  const float scale = 1.0f / static_cast<float>(size_);
  std::transform(to, to + size_, out.data(), [scale](float x) { return x * scale; });
}

std::vector<float> hann_window(std::size_t size) {
  std::vector<float> window(size);
  const double step = 2.0 * std::numbers::pi / static_cast<double>(size);
  for (std::size_t i = 0; i < size; ++i) {
    window[i] = static_cast<float>(0.5 - 0.5 * std::cos(step * static_cast<double>(i)));
  }
  return window;
}

std::size_t fast_fft_size(std::size_t n) {
  std::size_t best = 2;
  while (best < n) best *= 2;
  for (std::size_t fives = 1; fives < best; fives *= 5) {
    for (std::size_t odd = fives; odd < best; odd *= 3) {
      std::size_t size = odd * 2;
      while (size < n) size *= 2;
      best = std::min(best, size);
    }
  }
  return best;
}

}  // namespace soundalike
