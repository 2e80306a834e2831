// The program is a stand-in written here: the real one may not be shipped.
#include "soundalike/pesq_command.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

TEST_CASE("the_last_number_that_the_program_prints_is_the_score") {
  const AudioBuffer a = sine(440.0, 0.5, 24000.0);
  for (const auto& [print, score] :
       {std::pair("echo 3.25", 3.25), std::pair("echo 'P.862.2 Prediction (MOS-LQO):  = 4.101'", 4.101),
        std::pair("echo 'P.862 (Raw MOS, MOS-LQO): = 2.5 2.25 # '", 2.25), std::pair("echo -0.5", -0.5)}) {
    const MetricValue found = PesqCommand(std::string(print) + " #").measure(a, a);
    REQUIRE_MESSAGE(found.value, found.failure);
    CHECK(*found.value == score);
  }
}

TEST_CASE("the_program_gets_target_and_output_in_mono_at_16_kilohertz") {
  const TempFolder folder;
  const AudioBuffer output = sine(440.0, 0.5, 44100.0, 2, 0.25), target = sine(440.0, 0.5, 44100.0, 2, 2.0);
  const auto kept = [&](const std::string& name) { return (folder / name).string(); };
  for (const std::string words : {"", " {target} {output}"}) {
    const PesqCommand copy("f() { cp \"$1\" " + kept("first.wav") + "; cp \"$2\" " + kept("second.wav") +
                           "; echo 1; }; f" + words);
    REQUIRE(copy.measure(output, target).value);
    const AudioBuffer first = read_audio(kept("first.wav")), second = read_audio(kept("second.wav"));
    CHECK(first.channels() == 1);
    CHECK(first.sample_rate().hz == 16000.0);
    CHECK(first.frames() == 8000);
    CHECK(*std::ranges::max_element(first.samples()) == doctest::Approx(0.99).epsilon(0.01));  // 2.0 would clip
    CHECK(*std::ranges::max_element(second.samples()) == doctest::Approx(0.25).epsilon(0.01));
  }
}

TEST_CASE("a_program_that_gives_no_score_is_a_failure_with_its_reason") {
  const AudioBuffer a = sine(440.0, 0.5, 24000.0), silent(1, 12000, SampleRate{24000.0});
  CHECK(PesqCommand("echo 'no utterance' >&2; exit 1 #").measure(a, a).failure ==
        "the PESQ command failed with status 1: no utterance");
  CHECK(PesqCommand("echo nan; echo x7 #").measure(a, a).failure == "the PESQ command printed no number");
  CHECK(PesqCommand("sleep 1000 #", 0.2).measure(a, a).failure == "the PESQ command took over 0.2 s");
  CHECK(PesqCommand("no-such-program").measure(a, a).failure.find("status 127") != std::string::npos);
  CHECK(PesqCommand("echo 1").measure(a, silent).failure == "the target is silent");
  CHECK(PesqCommand("echo 1").measure(a, sine(440.0, 0.4, 24000.0)).failure.find("9600 frames") != std::string::npos);
}

TEST_CASE("a_program_that_is_not_there_is_told_from_one_that_fails") {
  CHECK(PesqCommand("no-such-program").missing().find("no-such-program") != std::string::npos);
  CHECK(PesqCommand("/dev/null").missing().find("denied") != std::string::npos);
  CHECK(PesqCommand("echo 1").missing().empty());
  CHECK(PesqCommand("echo 'no utterance' >&2; exit 1 #").missing().empty());
}

TEST_CASE("commands_that_cannot_work_are_refused") {
  CHECK_THROWS_AS(PesqCommand(""), Error);
  CHECK_THROWS_AS(PesqCommand("  "), Error);
  CHECK_THROWS_WITH_AS(PesqCommand("pesq {output}"), doctest::Contains("{target}"), Error);
}
