#pragma once

#include <algorithm>
#include <complex>
#include <span>
#include <vector>

#include "soundalike/fft.hpp"
#include "spectral/framing.hpp"
#include "spectral/magnitudes.hpp"

namespace soundalike::metric {

/// Magnitudes of one channel's STFT, their power floored, a block of frames at a time: memory does not grow with the
/// recording.
class MagnitudeReader {
 public:
  /// @param audio must outlive the reader. @throws Error as Framing.
  MagnitudeReader(std::span<const float> audio, const StftOptions& options, float power_floor)
      : framing_(audio, options),
        fft_(options.fft_size),
        power_floor_(power_floor),
        frame_(fft_.size()),
        // Short frames come many at once: a loop over 17 bins costs more to enter than to run.
        block_(std::max<std::size_t>(1, 2048 / fft_.bins())),
        spectra_(block_ * fft_.bins()) {}

  std::size_t frames() const { return framing_.frames(); }
  std::size_t bins() const { return fft_.bins(); }
  /// Largest number of magnitudes that read() gives.
  std::size_t block_size() const { return spectra_.size(); }

  /// Writes the next frames, [count x bins]. @return the number of magnitudes; 0 at the end.
  std::size_t read(float* out) {
    const std::size_t count = std::min(block_, frames() - next_);
    for (std::size_t i = 0; i < count; ++i, ++next_) {
      framing_.frame(next_, frame_.data());
      fft_.forward(frame_, std::span(spectra_).subspan(i * bins(), bins()));
    }
    magnitudes(std::span(spectra_).first(count * bins()), power_floor_, out);
    return count * bins();
  }

 private:
  Framing framing_;
  Fft fft_;
  float power_floor_;
  AlignedVector<float> frame_;
  std::size_t block_;
  std::vector<std::complex<float>> spectra_;
  std::size_t next_ = 0;
};

/// Calls hear(magnitudes [bins]) for each frame of one channel.
template <typename Hear>
void for_each_frame(std::span<const float> audio, const StftOptions& options, float power_floor, Hear hear) {
  MagnitudeReader reader(audio, options, power_floor);
  std::vector<float> block(reader.block_size());
  while (const std::size_t n = reader.read(block.data())) {
    for (std::size_t i = 0; i < n; i += reader.bins()) hear(block.data() + i);
  }
}

}  // namespace soundalike::metric
