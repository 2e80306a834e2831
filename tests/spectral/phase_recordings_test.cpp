#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "soundalike/corpus.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/phase.hpp"

// Phases found for real speech and music. Set SOUNDALIKE_CORPUS to a folder with speech/ and music/.

using namespace soundalike;

TEST_CASE("of_real_recordings_every_method_finds_sound_with_nearly_their_magnitudes") {
  const char* corpus = std::getenv("SOUNDALIKE_CORPUS");
  if (corpus == nullptr) {
    MESSAGE("skipped: SOUNDALIKE_CORPUS is not set");
    return;
  }
  for (const char* kind : {"speech", "music"}) {
    const auto files = Corpus(std::filesystem::path(corpus) / kind).files(Split::validation);
    REQUIRE(!files.empty());
    CAPTURE(files[0].string());
    const FrontEnd front_end(linear_front_end());
    const AudioBuffer recording = load_recording(
        files[0], {.sample_rate = front_end.options().sample_rate, .channels = 1, .maximum_seconds = 10.0});
    const Magnitudes magnitudes = front_end.spectrum(recording);
    const auto convergence_db = [&](std::string_view method) {
      const auto found =
          retrieve_phase(method, magnitudes, front_end.options().stft, front_end.options().samples, {.iterations = 60});
      const double db = to_db(spectral_convergence(found, magnitudes, front_end.options().stft));
      MESSAGE(std::string(kind), ", ", std::string(method), ": ", db, " dB");
      return db;
    };
    const double plain = convergence_db("griffin-lim");
    CHECK(plain < -12.0);
    CHECK(convergence_db("fast-griffin-lim") < plain - 2.0);
    CHECK(convergence_db("admm") < plain - 2.0);
  }
}
