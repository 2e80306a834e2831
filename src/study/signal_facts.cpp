#include "study/signal_facts.hpp"

#include <fmt/format.h>

#include "soundalike/level.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike {
namespace {

constexpr double silence_lufs = -70.0;  // BS.1770's absolute gate

std::string shape_of(const SignalFacts& s) {
  return fmt::format("{} Hz, {} channel{}, {} frames ({:.3f} s)", s.rate, s.channels, s.channels == 1 ? "" : "s",
                     s.frames, s.seconds());
}

}  // namespace

SignalFacts facts_of(AudioView audio, const std::string& name) {
  SignalFacts facts{name, audio.sample_rate().hz, audio.channels(), audio.frames(), 0.0, 0.0, ""};
  const Levels levels = measure_levels(audio);
  facts.lufs = levels.lufs;
  facts.true_peak_db = levels.true_peak_db;
  Sha256 sum;
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto samples = audio.channel(c);
    sum.add({reinterpret_cast<const char*>(samples.data()), samples.size_bytes()});
  }
  facts.digest = to_hex(sum.finish());
  return facts;
}

std::vector<std::string> mismatches(const std::vector<SignalFacts>& signals) {
  std::vector<std::string> reasons;
  for (const SignalFacts& s : signals) {
    const SignalFacts& first = signals.front();
    if (s.rate != first.rate || s.channels != first.channels || s.frames != first.frames) {
      reasons.push_back(fmt::format("'{}' has {}, but '{}' has {}; the signals of a trial must be alike", s.name,
                                    shape_of(s), first.name, shape_of(first)));
    } else if (s.seconds() < shortest_signal_seconds) {
      reasons.push_back(fmt::format("'{}' is {:.3f} s long; signals need at least {} s to be looped", s.name,
                                    s.seconds(), shortest_signal_seconds));
    } else if (!(s.lufs > silence_lufs)) {
      reasons.push_back(fmt::format("'{}' is silent: {:.1f} LUFS", s.name, s.lufs));
    }
  }
  return reasons;
}

}  // namespace soundalike
