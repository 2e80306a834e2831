#include "soundalike/resample.hpp"

#include <fmt/format.h>
#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::size_t block_frames = 16384;  // soxr copies its input: small blocks keep the copy small

struct DeleteSoxr {
  void operator()(soxr_t resampler) const { soxr_delete(resampler); }
};

}  // namespace

AudioBuffer resample(AudioView audio, SampleRate to) {
  const double from_hz = audio.sample_rate().hz;
  if (!(from_hz > 0.0 && to.hz > 0.0 && std::isfinite(from_hz) && std::isfinite(to.hz))) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot resample from {} Hz to {} Hz: rates are positive numbers", from_hz, to.hz));
  }
  if (to == audio.sample_rate()) return AudioBuffer(audio);
  const auto length = static_cast<std::size_t>(std::llround(static_cast<double>(audio.frames()) * (to.hz / from_hz)));
  AudioBuffer result(audio.channels(), length, to);
  if (length == 0 || audio.channels() == 0) return result;

  const soxr_io_spec_t planar = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  const std::unique_ptr<soxr, DeleteSoxr> resampler(
      soxr_create(from_hz, to.hz, static_cast<unsigned>(audio.channels()), &error, &planar, &quality, &one_thread));
  const auto check = [&] {
    if (error) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot resample from {} Hz to {} Hz: {}", from_hz, to.hz, error));
    }
  };
  check();

  std::vector<soxr_cbuf_t> in(audio.channels());
  std::vector<soxr_buf_t> out(audio.channels());
  std::size_t read = 0;
  std::size_t written = 0;  // less than `length` by a frame at most when soxr is done: the rest stays zero
  while (written < length) {
    const std::size_t count = std::min(block_frames, audio.frames() - read);
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      in[c] = audio.channel(c).data() + read;
      out[c] = result.channel(c).data() + written;
    }
    std::size_t used = 0;
    std::size_t made = 0;
    // No input tells soxr that the end has come: it then gives what it held back.
    error = soxr_process(resampler.get(), count > 0 ? in.data() : nullptr, count, &used, out.data(), length - written,
                         &made);
    check();
    read += used;
    written += made;
    if (count == 0 && made == 0) break;
  }
  return result;
}

AudioBuffer to_mono(AudioView audio) {
  AudioBuffer mono(1, audio.frames(), audio.sample_rate());
  const auto sum = mono.channel(0);
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto samples = audio.channel(c);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += samples[i];
  }
  if (audio.channels() > 1) {
    const auto count = static_cast<float>(audio.channels());
    for (float& x : sum) x /= count;
  }
  return mono;
}

}  // namespace soundalike
