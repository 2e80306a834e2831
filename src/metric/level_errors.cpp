#include <algorithm>
#include <cmath>

#include "metric/rows.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/level.hpp"

namespace soundalike::metric {
namespace {

/// Over all channels; both above 0, as silence is refused before.
struct SampleLevels {
  explicit SampleLevels(AudioView audio) : rms_db(to_db(rms(audio))) {
    float peak = 0.0f;
    for (std::size_t c = 0; c < audio.channels(); ++c) peak = std::max(peak, peak_of(audio.channel(c)));
    peak_db = to_db(peak);
  }
  double rms_db, peak_db = 0.0;
  double crest_db() const { return peak_db - rms_db; }
};

struct Loudness {
  explicit Loudness(AudioView audio) : lufs(measure_lufs(audio)) {}
  double lufs;
};

}  // namespace

constexpr Metric rms_error{
    .name = "rms-error",
    .unit = "dB",
    .summary = "absolute difference of the RMS levels, over all channels",
    .source = "DeepAFx-ST's and the original's RMS error, with 20 log10 in place of their 20 ln: theirs / 2.302585",
    .compute = [](const MetricAudio& output, const MetricAudio& target) {
      return std::abs(output.feature<SampleLevels>().rms_db - target.feature<SampleLevels>().rms_db);
    }};

constexpr Metric crest_error{
    .name = "crest-error",
    .unit = "dB",
    .summary = "absolute difference of the crest factors: largest sample over RMS, over all channels",
    .source = "DeepAFx-ST's and the original's crest factor error, with 20 log10 in place of their 20 ln",
    .compute = [](const MetricAudio& output, const MetricAudio& target) {
      return std::abs(output.feature<SampleLevels>().crest_db() - target.feature<SampleLevels>().crest_db());
    }};

constexpr Metric lufs_error{
    .name = "lufs-error",
    .unit = "LU",
    .summary = "absolute difference of the integrated loudness; below 400 ms and where all is gated away, ungated",
    .source = "ITU-R BS.1770-4, EBU R 128",
    .compute = [](const MetricAudio& output, const MetricAudio& target) {
      return std::abs(output.feature<Loudness>().lufs - target.feature<Loudness>().lufs);
    }};

}  // namespace soundalike::metric
