#include "soundalike/fft.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <thread>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;
using Spectrum = std::vector<std::complex<float>>;

namespace {

std::vector<float> noise(std::size_t size, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> out(size);
  for (float& x : out) x = static_cast<float>(rng.uniform(-1.0, 1.0));
  return out;
}

Spectrum transform(std::size_t size, std::span<const float> in) {
  const Fft fft(size);
  Spectrum out(fft.bins());
  fft.forward(in, out);
  return out;
}

}  // namespace

TEST_CASE("fft_equals_its_definition") {
  for (const std::size_t size : {2u, 6u, 32u, 90u, 128u, 250u}) {
    const auto x = noise(size, size);
    const Spectrum y = transform(size, x);
    for (std::size_t k = 0; k < y.size(); ++k) {
      std::complex<double> sum = 0.0;
      for (std::size_t n = 0; n < size; ++n) {
        sum += double{x[n]} * std::polar(1.0, -2.0 * std::numbers::pi * double(k * n % size) / double(size));
      }
      CHECK(std::abs(std::complex<double>(y[k]) - sum) < 2e-6 * std::sqrt(double(size)));
    }
  }
}

TEST_CASE("fft_keeps_energy") {  // Parseval
  const auto x = noise(2048, 3);
  const Spectrum y = transform(2048, x);
  double time = 0.0;
  for (const float v : x) time += double{v} * v;
  double frequency = std::norm(std::complex<double>(y.front())) + std::norm(std::complex<double>(y.back()));
  for (std::size_t k = 1; k + 1 < y.size(); ++k) frequency += 2.0 * std::norm(std::complex<double>(y[k]));
  CHECK(frequency / 2048.0 == doctest::Approx(time).epsilon(1e-6));
}

TEST_CASE("inverse_undoes_forward_and_forward_leaves_its_input_alone") {
  for (const std::size_t size : {2u, 480u, 4096u}) {
    const auto original = noise(size, 9);
    auto x = original;
    const Fft fft(size);
    Spectrum y(fft.bins());
    fft.forward(x, y);
    CHECK(x == original);
    std::vector<float> back(size);
    fft.inverse(y, back);
    for (std::size_t i = 0; i < size; ++i) CHECK(std::abs(back[i] - original[i]) < 1e-6f);
  }
}

TEST_CASE("result_does_not_depend_on_where_memory_lies") {
  const std::size_t size = 1024;
  const auto x = noise(size + 16, 4);
  const Fft fft(size);
  Spectrum expected(fft.bins());
  std::vector<float> copy(x.begin(), x.begin() + size);
  fft.forward(copy, expected);
  for (std::size_t offset = 0; offset < 16; ++offset) {
    std::vector<float> shifted(size + 16);
    std::copy(copy.begin(), copy.end(), shifted.begin() + std::ptrdiff_t(offset));
    Spectrum room(fft.bins() + 8);
    const auto out = std::span(room).subspan(offset / 2, fft.bins());
    fft.forward(std::span(shifted).subspan(offset, size), out);
    CHECK(std::equal(expected.begin(), expected.end(), out.begin()));
  }
}

TEST_CASE("threads_get_what_one_thread_gets") {
  const auto x = noise(1u << 14, 8);
  std::vector<Spectrum> results(8);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&] {
        for (std::size_t size = 64; size <= x.size(); size *= 2) result = transform(size, std::span(x).first(size));
      });
    }
  }
  for (const auto& result : results) CHECK(result == results.front());
}

TEST_CASE("wrong_sizes_are_refused") {
  CHECK_THROWS_AS(Fft(0), Error);
  CHECK_THROWS_AS(Fft(7), Error);
  Spectrum y(5);
  CHECK_THROWS_AS(Fft(8).forward(noise(7, 1), y), Error);
  Spectrum small(4);
  CHECK_THROWS_AS(Fft(8).forward(noise(8, 1), small), Error);
}

TEST_CASE("hann_window_is_periodic") {
  const auto window = hann_window(240);
  CHECK(window[0] == 0.0f);
  CHECK(window[120] == 1.0f);
  for (std::size_t i = 1; i < 120; ++i) {
    CHECK(window[i] == doctest::Approx(window[240 - i]));
    CHECK(window[i] + window[i + 120] == doctest::Approx(1.0));  // halves add up to 1 at half overlap
  }
}

TEST_CASE("fast_fft_size_is_the_smallest_even_product_of_2_3_5") {
  const auto smooth = [](std::size_t n) {
    for (const std::size_t p : {2u, 3u, 5u}) {
      while (n % p == 0) n /= p;
    }
    return n == 1;
  };
  for (std::size_t n = 1; n < 3000; ++n) {
    std::size_t expected = n + n % 2;
    while (!smooth(expected)) expected += 2;
    CHECK(fast_fft_size(n) == expected);
  }
}
