#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>

/// The inner loops of the features. Sums are kept in 16 lanes, so that they vectorise and still round alike everywhere.
namespace soundalike::style {

float sum(const float* x, std::size_t n);
float dot(const float* x, const float* y, std::size_t n);
/// Sum of |x[i] - y[i]|.
std::uint64_t absolute_difference(const std::uint8_t* x, const std::uint8_t* y, std::size_t n);
/// out[i] = x[i] * y[i]
void multiply(const float* x, const float* y, float* out, std::size_t n);
/// out[i] += x[i]
void accumulate(const float* x, float* out, std::size_t n);
/// out[i] = |x[i]|^2
void squared_magnitudes(const std::complex<float>* x, float* out, std::size_t n);
/// In place: 10 log10(x + floor).
void to_decibels(float* x, std::size_t n, float floor);

struct Moments {
  double second = 0.0;  ///< sums of powers
  double third = 0.0;
  double fourth = 0.0;
};
Moments moments(const float* x, std::size_t n);

struct Extent {
  float low = 0.0f;   ///< at most 0
  float high = 0.0f;  ///< at least 0
};
Extent extent(const float* x, std::size_t n);

}  // namespace soundalike::style
