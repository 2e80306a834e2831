#include <array>

#include "model/spectrogram_vae.hpp"
#include "soundalike/encoder.hpp"

namespace soundalike::model {
namespace {

constexpr std::array<std::size_t, 5> channels{16, 32, 32, 64, 64};

}  // namespace

FrontEndChoice digits_front_end() {
  FrontEndOptions options;
  options.sample_rate = {8000.0};
  options.samples = 8192;
  options.stft = {.fft_size = 512, .window_size = 512, .hop = 128};
  return to_choice(options);
}

VariationalPlan digits_vae() { return halving_vae({1, 65, 257}, channels, 32); }

}  // namespace soundalike::model
