#include "style/kernels.hpp"

#include <algorithm>

#include "base/vectorised.hpp"
#include "style/fast_log.hpp"

namespace soundalike::style {
namespace {

constexpr std::size_t lanes = 16;
using Lanes = std::array<float, lanes>;

float total(const Lanes& lane) {
  float out = 0.0f;
  for (const float x : lane) out += x;
  return out;
}

}  // namespace

SOUNDALIKE_VECTORISED
float sum(const float* x, std::size_t n) {
  Lanes lane{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) lane[j] += x[i + j];
  }
  for (std::size_t j = 0; i < n; ++i, ++j) lane[j] += x[i];
  return total(lane);
}

SOUNDALIKE_VECTORISED
float dot(const float* x, const float* y, std::size_t n) {
  Lanes lane{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) lane[j] += x[i + j] * y[i + j];
  }
  for (std::size_t j = 0; i < n; ++i, ++j) lane[j] += x[i] * y[i];
  return total(lane);
}

SOUNDALIKE_VECTORISED
std::uint64_t absolute_difference(const std::uint8_t* x, const std::uint8_t* y, std::size_t n) {
  constexpr std::size_t block = std::size_t{1} << 20;  // sums of a block fit 32 bits, which vectorises best
  std::uint64_t out = 0;
  for (std::size_t start = 0; start < n; start += block) {
    const std::size_t last = std::min(n, start + block);
    std::uint32_t sum = 0;
    for (std::size_t i = start; i < last; ++i) {
      const int d = static_cast<int>(x[i]) - static_cast<int>(y[i]);
      sum += static_cast<std::uint32_t>(d < 0 ? -d : d);
    }
    out += sum;
  }
  return out;
}

SOUNDALIKE_VECTORISED
void multiply(const float* x, const float* y, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = x[i] * y[i];
}

SOUNDALIKE_VECTORISED
void accumulate(const float* x, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] += x[i];
}

SOUNDALIKE_VECTORISED
void squared_magnitudes(const std::complex<float>* x, float* out, std::size_t n) {
  const auto* parts = reinterpret_cast<const float*>(x);
  for (std::size_t i = 0; i < n; ++i) out[i] = parts[2 * i] * parts[2 * i] + parts[2 * i + 1] * parts[2 * i + 1];
}

SOUNDALIKE_VECTORISED
void to_decibels(float* x, std::size_t n, float floor) {
  for (std::size_t i = 0; i < n; ++i) x[i] = fast_decibels(x[i] + floor);
}

SOUNDALIKE_VECTORISED
Moments moments(const float* x, std::size_t n) {
  constexpr std::size_t block = 1024;  // short single-precision sums, long double ones
  Moments out;
  for (std::size_t start = 0; start < n; start += block) {
    const std::size_t last = std::min(n, start + block);
    Lanes second{};
    Lanes third{};
    Lanes fourth{};
    std::size_t i = start;
    for (; i + lanes <= last; i += lanes) {
      for (std::size_t j = 0; j < lanes; ++j) {
        const float square = x[i + j] * x[i + j];
        second[j] += square;
        third[j] += square * x[i + j];
        fourth[j] += square * square;
      }
    }
    for (std::size_t j = 0; i < last; ++i, ++j) {
      const float square = x[i] * x[i];
      second[j] += square;
      third[j] += square * x[i];
      fourth[j] += square * square;
    }
    out.second += total(second);
    out.third += total(third);
    out.fourth += total(fourth);
  }
  return out;
}

SOUNDALIKE_VECTORISED
Extent extent(const float* x, std::size_t n) {
  Lanes low{};
  Lanes high{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) {
      low[j] = x[i + j] < low[j] ? x[i + j] : low[j];
      high[j] = x[i + j] > high[j] ? x[i + j] : high[j];
    }
  }
  Extent out{*std::min_element(low.begin(), low.end()), *std::max_element(high.begin(), high.end())};
  for (; i < n; ++i) {
    out.low = std::min(out.low, x[i]);
    out.high = std::max(out.high, x[i]);
  }
  return out;
}

}  // namespace soundalike::style
