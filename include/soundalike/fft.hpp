#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace soundalike {

/// Real FFT of a fixed size (FFTW, single precision, FFTW_ESTIMATE so that every run rounds alike).
///
/// Plans are made once per size under a lock and shared; execution is safe from many threads on separate data.
class Fft {
 public:
  /// @param size even, > 0; powers of two and products of small primes are fast.
  explicit Fft(std::size_t size);
  std::size_t size() const { return size_; }
  std::size_t bins() const { return size_ / 2 + 1; }
  /// Forward, unnormalised. `in` [size], `out` [bins]; `in` is left alone.
  void forward(std::span<const float> in, std::span<std::complex<float>> out) const;
  /// Inverse of forward, divided by size. `in` [bins] may be overwritten, `out` [size].
  void inverse(std::span<std::complex<float>> in, std::span<float> out) const;

 private:
  std::size_t size_;
  const void* plans_ = nullptr;
};

/// Periodic Hann window.
std::vector<float> hann_window(std::size_t size);

/// The smallest even product of 2, 3 and 5 that is >= n.
std::size_t fast_fft_size(std::size_t n);

}  // namespace soundalike
