// The fuzzer's target with damage of a seeded kind, so that every test run tries some of it.
#include <doctest/doctest.h>

#include <array>

#include "audio/fuzz_upload.hpp"
#include "audio/sound_fixture.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

TEST_CASE("damaged_recordings_are_refused_or_read_and_nothing_worse") {
  const TempFolder folder;
  Rng rng(1);
  AudioBuffer noise(1, 600, {8000.0});
  for (float& x : noise.samples()) x = static_cast<float>(0.2 * rng.normal());
  int read = 0;
  for (const int format :
       {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_AIFF | SF_FORMAT_PCM_24,
        SF_FORMAT_RF64 | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS}) {
    CAPTURE(format);
    write_with_libsndfile(folder / "seed", format, noise);
    const std::string whole = bytes_of(folder / "seed");
    REQUIRE(fuzz_upload(whole));
    for (int round = 0; round < 120; ++round) {
      std::string damaged = whole;
      for (std::uint64_t hit = 0; hit <= rng.below(4); ++hit) {
        // Headers decide what is done with the rest.
        const std::size_t at =
            rng.below(rng.below(2) == 0 ? std::min<std::size_t>(damaged.size(), 80) : damaged.size());
        switch (rng.below(3)) {
          case 0:
            damaged[at] = static_cast<char>(rng.below(256));
            break;
          case 1:
            damaged.erase(at, 1 + rng.below(8));
            break;
          default:
            damaged.insert(at, damaged.substr(rng.below(damaged.size()), rng.below(16)));
        }
        if (damaged.empty()) damaged = "x";
      }
      read += fuzz_upload(damaged) ? 1 : 0;
    }
  }
  CHECK(read > 20);  // some of it gets past the header
  CHECK_FALSE(fuzz_upload(""));
}
