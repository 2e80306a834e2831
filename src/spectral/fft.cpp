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

#include "soundalike/error.hpp"
#include "spectral/aligned.hpp"

namespace soundalike {
namespace {

using Complex = std::complex<float>;

fftwf_complex* fftw(Complex* p) { return reinterpret_cast<fftwf_complex*>(p); }

struct Plans {
  fftwf_plan forward;
  fftwf_plan inverse;
};

/// One pair of plans per size for the life of the process. FFTW's planner is not thread-safe, its executor is.
///
/// Only plans for aligned data: those for any data avoid SIMD and take 2.3 times as long, and using both would make
/// the rounding depend on where the caller's memory lies.
Plans plans_for(std::size_t size) {
  static std::mutex mutex;
  static std::map<std::size_t, Plans> made;
  const std::lock_guard lock(mutex);
  const auto found = made.find(size);
  if (found != made.end()) return found->second;
  AlignedVector<float> real(size);
  AlignedVector<Complex> spectrum(size / 2 + 1);
  const int n = static_cast<int>(size);
  const Plans plans{fftwf_plan_dft_r2c_1d(n, real.data(), fftw(spectrum.data()), FFTW_ESTIMATE),
                    fftwf_plan_dft_c2r_1d(n, fftw(spectrum.data()), real.data(), FFTW_ESTIMATE)};
  if (plans.forward == nullptr || plans.inverse == nullptr) {
    throw Error(ErrorCode::internal, fmt::format("cannot plan an FFT of size {}: FFTW has no plan for it", size));
  }
  return made.emplace(size, plans).first->second;
}

template <class T>
bool is_aligned(const T* p) {
  return reinterpret_cast<std::uintptr_t>(p) % static_cast<std::size_t>(AlignedAllocator<T>::alignment) == 0;
}

/// Aligned room for callers whose memory is not. One per thread, as large as its largest use.
template <class T>
T* scratch(std::size_t size) {
  thread_local AlignedVector<T> room;
  if (room.size() < size) room.resize(size);
  return room.data();
}

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
  const Plans plans = plans_for(size);
  forward_ = plans.forward;
  inverse_ = plans.inverse;
}

void Fft::forward(std::span<const float> in, std::span<Complex> out) const {
  check_lengths(size_, in.size(), out.size());
  float* from = const_cast<float*>(in.data());  // not written: an out-of-place r2c keeps its input
  if (!is_aligned(from)) {
    from = scratch<float>(size_);
    std::copy(in.begin(), in.end(), from);
  }
  Complex* to = is_aligned(out.data()) ? out.data() : scratch<Complex>(bins());
  fftwf_execute_dft_r2c(static_cast<fftwf_plan>(forward_), from, fftw(to));
  if (to != out.data()) std::copy(to, to + bins(), out.data());
}

void Fft::inverse(std::span<Complex> in, std::span<float> out) const {
  check_lengths(size_, out.size(), in.size());
  Complex* from = in.data();
  if (!is_aligned(from)) {
    from = scratch<Complex>(bins());
    std::copy(in.begin(), in.end(), from);
  }
  float* to = is_aligned(out.data()) ? out.data() : scratch<float>(size_);
  fftwf_execute_dft_c2r(static_cast<fftwf_plan>(inverse_), fftw(from), to);
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
