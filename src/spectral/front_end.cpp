#include "soundalike/front_end.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "soundalike/error.hpp"
#include "soundalike/resample.hpp"

namespace soundalike {
namespace {

constexpr double compression_floor = 1e-8;
// Below this spread of the compressed spectrum a clip is silence or one constant: dividing would show rounding.
constexpr double least_deviation = 1e-5;

constexpr std::array kinds{std::pair{FrontEndKind::linear, std::string_view("linear")},
                           std::pair{FrontEndKind::mel, std::string_view("mel")}};

FrontEndOptions checked(const FrontEndOptions& options) {
  const std::size_t needed = options.stft.center ? options.stft.fft_size / 2 + 1 : options.stft.fft_size;
  if (!(options.sample_rate.hz > 0.0) || options.stft.fft_size == 0 || options.stft.fft_size % 2 != 0 ||
      options.stft.hop == 0 || options.stft.window_size > options.stft.fft_size || options.samples < needed) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot make a front end of {} samples at {} Hz with FFT {}, window {}, hop {}: the rate and "
                    "the hop must be > 0, the FFT even and > 0, the window no longer than it, the clip at least "
                    "{} samples",
                    options.samples, options.sample_rate.hz, options.stft.fft_size, options.stft.window_size,
                    options.stft.hop, needed));
  }
  if (!(options.exponent > 0.0 && options.exponent <= 2.0)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot compress with exponent {}: it must be in (0, 2]", options.exponent));
  }
  return options;
}

}  // namespace

std::string_view to_string(FrontEndKind kind) {
  return std::ranges::find(kinds, kind, [](const auto& row) { return row.first; })->second;
}

FrontEndKind parse_front_end_kind(std::string_view name) {
  const auto* const row = std::ranges::find(kinds, name, [](const auto& r) { return r.second; });
  if (row != kinds.end()) return row->first;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot use front end '{}': no such front end; known are linear, mel", name));
}

FrontEndOptions linear_front_end() { return {}; }

FrontEndOptions mel_front_end() {
  FrontEndOptions options;
  options.kind = FrontEndKind::mel;
  options.samples = 130560;
  options.stft = {.fft_size = 4096, .window_size = 1024, .hop = 512};
  return options;
}

FrontEnd::FrontEnd(const FrontEndOptions& options) : options_(checked(options)) {
  const StftOptions& stft = options_.stft;
  frames_ = (stft.center ? options_.samples : options_.samples - stft.fft_size) / stft.hop + 1;
  bins_ = stft.fft_size / 2 + 1;
  if (options_.kind == FrontEndKind::mel) {
    filterbank_.emplace_back(options_.bands, options_.low_hz, options_.high_hz, stft.fft_size, options_.sample_rate);
    bins_ = options_.bands;
  }
}

Magnitudes FrontEnd::spectrum(AudioView clip) const {
  if (clip.sample_rate() != options_.sample_rate || clip.frames() == 0 || clip.channels() == 0) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot look at {} samples in {} channels at {} Hz: this front end takes at least one of "
                            "each at {} Hz",
                            clip.frames(), clip.channels(), clip.sample_rate().hz, options_.sample_rate.hz));
  }
  const AudioBuffer mono = to_mono(clip.excerpt(0, options_.samples));
  std::vector<float> padded(options_.samples);
  std::ranges::copy(mono.channel(0), padded.begin());
  Magnitudes spectrum = stft_magnitudes(padded, options_.stft);
  if (filterbank_.empty()) return spectrum;
  Magnitudes bands{frames_, bins_, std::vector<float>(frames_ * bins_)};
  for (float& x : spectrum.values) x *= x;
  for (std::size_t i = 0; i < frames_; ++i) filterbank_[0].apply(spectrum.frame(i), bands.values.data() + i * bins_);
  return bands;
}

SpectrogramImage FrontEnd::image(AudioView clip) const {
  SpectrogramImage image{frames_, bins_, spectrum(clip).values};
  const auto exponent = static_cast<float>(options_.exponent);
  double sum = 0.0;
  for (float& x : image.values) {
    x = std::pow(x + static_cast<float>(compression_floor), exponent);
    sum += x;
  }
  const auto count = static_cast<double>(image.values.size());
  const double mean = sum / count;
  double square = 0.0;
  for (const float x : image.values) square += (x - mean) * (x - mean);
  const double deviation = std::sqrt(square / std::max(1.0, count - 1.0));
  image.mean = static_cast<float>(mean);
  if (!(deviation > least_deviation)) {
    std::ranges::fill(image.values, 0.0f);
    return image;
  }
  image.deviation = static_cast<float>(deviation);
  for (float& x : image.values) x = static_cast<float>((x - mean) / deviation);
  return image;
}

Magnitudes FrontEnd::spectrum(const SpectrogramImage& image) const {
  if (image.frames != frames_ || image.bins != bins_ || image.values.size() != frames_ * bins_) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot undo an image of {} x {}: this front end makes {} x {}", image.frames, image.bins,
                            frames_, bins_));
  }
  Magnitudes out{frames_, bins_, image.values};
  const auto exponent = static_cast<float>(1.0 / options_.exponent);
  for (float& x : out.values) {
    const float compressed = std::max(0.0f, x * image.deviation + image.mean);
    x = std::max(0.0f, std::pow(compressed, exponent) - static_cast<float>(compression_floor));
  }
  return out;
}

const MelFilterbank& FrontEnd::filterbank() const {
  if (filterbank_.empty()) {
    throw Error(ErrorCode::invalid_argument, "cannot give the mel bands of a linear front end: it has none");
  }
  return filterbank_[0];
}

}  // namespace soundalike
