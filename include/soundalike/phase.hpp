#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/front_end.hpp"
#include "soundalike/stft.hpp"

namespace soundalike {

/// A spectrum with phases, [frames x bins], row after row.
struct Spectra {
  std::size_t frames = 0;
  std::size_t bins = 0;
  std::vector<std::complex<float>> values;
};

/// The STFT of one channel with a periodic Hann window, unnormalised: what stft_magnitudes() takes the magnitudes of.
/// @throws Error as stft_magnitudes().
Spectra stft(std::span<const float> audio, const StftOptions& options);

/// The audio whose STFT is nearest to `spectra` in the least squares sense (Griffin and Lim 1984, eq. 6); the audio
/// itself where they are its STFT. Samples that no frame hears become 0.
/// @throws Error invalid_argument unless `spectra` has the size of the STFT of that many samples.
std::vector<float> istft(const Spectra& spectra, const StftOptions& options, std::size_t samples);

struct PhaseOptions {
  std::size_t iterations = 100;  ///< more: nearer, slower; little changes after 200
  std::uint64_t seed = 0;        ///< of the phases it begins with
};

struct PhaseMethod {
  std::string_view name;
  std::string_view summary;
  std::vector<float> (*retrieve)(const Magnitudes& magnitudes, const StftOptions& stft, std::size_t samples,
                                 const PhaseOptions& options);
};
/// One row per method that finds audio for magnitudes without phases, the same for the same seed:
///
/// "griffin-lim": the magnitudes imposed and the nearest audio taken in turns (Griffin and Lim 1984).
/// "fast-griffin-lim": the same with momentum 0.99 (Perraudin, Balazs and Sondergaard 2013).
/// "admm": by the alternating direction method of multipliers, relaxed by 0.1 (Masuyama, Yatabe and Oikawa 2019).
std::span<const PhaseMethod> phase_methods();

/// @throws Error invalid_argument for an unknown method, naming all, or another size than an STFT of `samples` has.
std::vector<float> retrieve_phase(std::string_view method, const Magnitudes& magnitudes, const StftOptions& stft,
                                  std::size_t samples, const PhaseOptions& options = {});

/// || |STFT of audio| - magnitudes || / || magnitudes ||: 0 when the audio has them. 0 for magnitudes of silence.
double spectral_convergence(std::span<const float> audio, const Magnitudes& magnitudes, const StftOptions& options);

/// Magnitudes of the bins from the powers of mel bands, [frames x bands] -> [frames x bins]: non-negative least squares
/// by multiplicative updates (Lee and Seung 2001) from an even spread over each band. Bins that no band hears are 0.
/// @throws Error invalid_argument for another number of bands.
Magnitudes invert_mel(const Magnitudes& powers, const MelFilterbank& filterbank, std::size_t iterations = 200);

/// Back from what a network sees to sound: a decoder's idea of a recording, say.
///
///   AudioBuffer heard = reconstruct(front_end, decoder.image(embedding), "fast-griffin-lim");
///
/// @param method of phase_methods(). @throws Error as FrontEnd::spectrum() and retrieve_phase().
AudioBuffer reconstruct(const FrontEnd& front_end, const SpectrogramImage& image, std::string_view method,
                        const PhaseOptions& options = {});
/// The same with the phases of a recording, of which the first samples are taken that the front end looks at.
/// @throws Error invalid_argument for another rate or no samples.
AudioBuffer reconstruct(const FrontEnd& front_end, const SpectrogramImage& image, AudioView phases);

}  // namespace soundalike
