#include "soundalike/demo_recordings.hpp"

#include <doctest/doctest.h>

#include "fixtures/errors.hpp"
#include "soundalike/level.hpp"

using namespace soundalike;

TEST_CASE("recordings_come_with_the_program_and_sound") {
  REQUIRE(demo_recordings().size() >= 4);
  for (const EmbeddedFile& one : demo_recordings()) {
    CAPTURE(one.name);
    const AudioBuffer recording = read_demo_recording(one.name);
    CHECK(recording.seconds() > 2.0);
    CHECK(measure_lufs(recording) > -40.0);
  }
  const auto refused = thrown_by([] { read_demo_recording("nonesuch.flac"); });
  CHECK(refused.code == ErrorCode::not_found);
  CHECK(refused.says("band.flac"));
}
