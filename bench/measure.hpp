#pragma once

#include <pmmintrin.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/cpu_time.hpp"
#include "soundalike/audio_buffer.hpp"
#include "soundalike/rng.hpp"

/// What all benchmarks measure with.
///
/// Machines are shared and change their speed. So what is compared is run in turns within one program, and the figure
/// is the ratio of medians; where only the work counts, CPU time is taken instead of the clock on the wall.
namespace soundalike::bench {

inline double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// @param who RUSAGE_SELF: all threads of this process; RUSAGE_CHILDREN: processes it has waited for.
inline double cpu_seconds(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// As render workers run: without it denormals would make decaying sound many times slower.
inline void flush_to_zero() {
  _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);
  _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_ON);
}

/// Something like music: three decaying partials and noise, a note every quarter of a second. Never silent.
inline AudioBuffer make_music(std::size_t channels, double seconds, SampleRate rate, std::uint64_t seed) {
  AudioBuffer audio(channels, static_cast<std::size_t>(seconds * rate.hz), rate);
  for (std::size_t c = 0; c < channels; ++c) {
    Rng rng(seed + 1000 * c);
    const auto note = static_cast<std::size_t>(rate.hz / 4.0);
    double phase = 0.0;
    double pitch = 0.0;
    const auto samples = audio.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (i % note == 0) pitch = 110.0 * std::exp2(rng.uniform() * 2.0) / rate.hz;
      phase = std::fmod(phase + 6.283185307 * pitch, 6.283185307);
      const double fade = std::exp(-6.0 * static_cast<double>(i % note) / static_cast<double>(note));
      const double tone = std::sin(phase) + 0.5 * std::sin(2.0 * phase) + 0.25 * std::sin(3.0 * phase);
      samples[i] = static_cast<float>(0.15 * fade * tone + 0.02 * (fade + 0.05) * rng.normal());
    }
  }
  return audio;
}

inline int rounds_from(int argc, char** argv, int position, int fallback) {
  return argc > position ? std::max(1, std::stoi(argv[position])) : fallback;
}

/// Prints what `measure` returns as JSON; an exception becomes one line and exit status 1.
inline int run_bench(const char* name, const std::function<nlohmann::ordered_json()>& measure) {
  try {
    std::puts(measure().dump(2).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 1;
  }
}

}  // namespace soundalike::bench
