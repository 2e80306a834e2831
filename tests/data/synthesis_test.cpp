#include "soundalike/synthesis.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "data/child_program.hpp"
#include "data/formant_voice.hpp"
#include "data/instruments.hpp"
#include "data/midi_file.hpp"
#include "data/texture.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/level.hpp"

using namespace soundalike;

namespace {

constexpr SampleRate rate{16000.0};

// Of 40 ms blocks that repeat themselves: one over the first lag from 60 to 400 Hz at which they do so best, nearly.
std::vector<double> pitches_of(const AudioBuffer& audio) {
  std::vector<double> out;
  const auto x = audio.channel(0);
  const std::size_t block = 640;
  for (std::size_t at = 0; at + 2 * block < x.size(); at += block) {
    double energy = 1e-9;
    for (std::size_t i = 0; i < block; ++i) energy += static_cast<double>(x[at + i]) * x[at + i];
    if (energy < 0.01) continue;
    std::vector<double> like(268);
    for (std::size_t lag = 39; lag <= 267; ++lag) {
      double sum = 0.0, other = 1e-9;
      for (std::size_t i = 0; i < block; ++i) {
        sum += static_cast<double>(x[at + i]) * x[at + i + lag];
        other += static_cast<double>(x[at + i + lag]) * x[at + i + lag];
      }
      like[lag] = sum / std::sqrt(energy * other);
    }
    const double best = *std::ranges::max_element(like);
    for (std::size_t lag = 40; lag < 267 && best > 0.5; ++lag) {
      if (like[lag] < 0.93 * best || like[lag] < like[lag - 1] || like[lag] < like[lag + 1]) continue;
      out.push_back(rate.hz / static_cast<double>(lag));
      break;
    }
  }
  return out;
}

double median(std::vector<double> values) {
  REQUIRE(!values.empty());
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

// Levels of 50 ms blocks in dB, ascending.
std::vector<double> levels_of(const AudioBuffer& audio) {
  std::vector<double> out;
  const auto block = static_cast<std::size_t>(0.05 * audio.sample_rate().hz);
  for (std::size_t at = 0; at + block <= audio.frames(); at += block) {
    out.push_back(to_db(rms(audio.view().excerpt(at, block)) + 1e-6));
  }
  std::ranges::sort(out);
  return out;
}

SynthesisOptions small() {
  return {.minutes = 4.0, .rate_hz = 8000.0, .voices = 4, .seed = 3, .other_programs = false};
}

}  // namespace

TEST_CASE("a_voice_speaks_at_its_pitch_with_pauses_and_never_twice_the_same") {
  for (const double pitch : {100.0, 200.0}) {
    Rng rng(1), other(2);
    const Voice voice{.pitch_hz = pitch, .tract = pitch > 150.0 ? 1.15 : 1.0};
    const AudioBuffer speech = speak(voice, 8.0, rate, rng);
    CHECK(speech.frames() == 128000);
    CHECK(peak_of(speech.samples()) == doctest::Approx(0.5));
    const auto pitches = pitches_of(speech);
    CHECK(pitches.size() > 30);
    CHECK(std::abs(std::log2(median(pitches) / pitch)) < 0.35);
    const auto levels = levels_of(speech);
    CHECK(levels[levels.size() * 9 / 10] - levels[levels.size() / 20] > 25.0);  // pauses between phrases
    CHECK(levels[levels.size() / 2] > -45.0);                                   // and speech most of the time
    CHECK_FALSE(speak(voice, 8.0, rate, other) == speech);
  }
}

TEST_CASE("vowels_and_fricatives_fill_the_spectrum_as_speech_does") {
  Rng rng(5);
  const AudioBuffer speech = speak({}, 10.0, rate, rng);
  // The energy of the first difference to that of the signal: most of speech is below 1 kHz, and some is far above.
  std::vector<double> brightness;
  for (std::size_t at = 0; at + 800 <= speech.frames(); at += 800) {
    const auto x = speech.channel(0).subspan(at, 800);
    double energy = 1e-12, difference = 0.0;
    for (std::size_t i = 1; i < x.size(); ++i) {
      energy += static_cast<double>(x[i]) * x[i];
      difference += std::pow(static_cast<double>(x[i]) - x[i - 1], 2.0);
    }
    if (energy > 0.01) brightness.push_back(difference / energy);
  }
  std::ranges::sort(brightness);
  CHECK(brightness[brightness.size() / 4] < 0.3);
  CHECK(brightness[brightness.size() * 97 / 100] > 1.0);
}

TEST_CASE("textures_last_as_long_as_asked_and_are_noise_or_tones_or_single_hits") {
  std::vector<double> brightness, evenness;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    Rng rng(seed), same(seed);
    const AudioBuffer audio = texture(4.0, rate, rng);
    REQUIRE(audio.channels() == 2);
    REQUIRE(audio.frames() == 64000);
    CHECK(peak_of(audio.samples()) == doctest::Approx(0.5));
    if (seed == 0) CHECK(texture(4.0, rate, same) == audio);
    const auto x = audio.channel(0);
    double energy = 1e-12, difference = 0.0;
    for (std::size_t i = 1; i < x.size(); ++i) {
      energy += static_cast<double>(x[i]) * x[i];
      difference += std::pow(static_cast<double>(x[i]) - x[i - 1], 2.0);
    }
    brightness.push_back(difference / energy);  // 2 of white noise
    const auto levels = levels_of(audio);
    evenness.push_back(levels[levels.size() * 9 / 10] - levels[levels.size() / 10]);
  }
  std::ranges::sort(brightness);
  std::ranges::sort(evenness);
  CHECK(brightness[4] < 0.1);
  CHECK(brightness[35] > 0.5);
  CHECK(evenness[4] < 4.0);
  CHECK(evenness[35] > 15.0);
}

TEST_CASE("scores_keep_their_time_and_differ_and_every_player_plays_somewhere") {
  std::set<Role> heard;
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Rng rng(seed);
    const Score score = compose(10.0, rng);
    REQUIRE(!score.notes.empty());
    lengths.insert(score.notes.size());
    for (const Note& note : score.notes) {
      CHECK(note.start >= 0.0);
      CHECK(note.start < 10.0);
      CHECK(note.length > 0.0);
      CHECK(note.pitch > 20);
      CHECK(note.pitch < 110);
      heard.insert(note.role);
    }
  }
  CHECK(heard.size() == role_count);
  CHECK(lengths.size() > 20);
}

TEST_CASE("pieces_are_finite_stereo_and_not_silent") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    Rng rng(seed);
    const AudioBuffer music = play(compose(6.0, rng), rate, rng);
    CHECK(music.channels() == 2);
    CHECK(music.frames() == 96000);
    CHECK(peak_of(music.samples()) == doctest::Approx(0.5));  // NaN would count as infinite
    CHECK(to_db(rms(music)) > -40.0);
  }
}

TEST_CASE("plucked_and_electric_notes_are_in_tune") {
  for (const int pitch : {45, 57, 64}) {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      CAPTURE(pitch);
      CAPTURE(seed);
      Score score{.seconds = 1.0, .notes = {{0.0, 0.9, pitch, 0.8, Role::chords}}};
      Rng rng(seed);
      const AudioBuffer note = play(score, rate, rng);
      const double hz = 440.0 * std::exp2((pitch - 69) / 12.0);
      const double octaves = std::log2(median(pitches_of(note)) / hz);
      CHECK(std::abs(octaves - std::round(octaves)) < 0.03);  // a third of a semitone; the lag may be a multiple
    }
  }
}

TEST_CASE("a_midi_file_says_how_long_its_parts_are") {
  const Score score{.seconds = 1.0,
                    .notes = {{0.0, 0.5, 60, 1.0, Role::melody}, {0.25, 0.1, drum::kick, 0.5, Role::drums}},
                    .programs = {0, 33, 0, 5, 48}};
  const std::string file = midi_file(score);
  CHECK(file.substr(0, 4) == "MThd");
  CHECK(file.substr(14, 4) == "MTrk");
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(file[i]); };
  const std::size_t length = byte(18) << 24 | byte(19) << 16 | byte(20) << 8 | byte(21);
  CHECK(file.size() == 22 + length);
  CHECK(file.substr(file.size() - 3) == std::string("\xff\x2f\x00", 3));
  CHECK(file.find(std::string("\xc3\x05", 2)) != std::string::npos);              // the melody's program
  CHECK(file.find(std::string("\x93\x3c\x7f", 3)) != std::string::npos);          // its note
  CHECK(file.find(std::string("\x81\x7a\x99\x24\x3f", 5)) != std::string::npos);  // 250 ms later the kick, channel 10
}

TEST_CASE("a_synthetic_corpus_has_speech_music_and_textures_in_every_split") {
  const TempFolder folder;
  SynthesisOptions options = small();
  options.minutes = 5.0;
  options.speech_share = 0.4;
  options.texture_share = 0.2;
  const Synthesised made = synthesise_corpus(folder / "corpus", options);
  CHECK(made.by_ourselves == 15);
  CHECK(made.manifest.entries.size() == 15);
  std::map<Split, std::set<std::string>> kinds;
  for (const ManifestEntry& entry : read_manifest(folder / "corpus" / std::string(manifest_file_name)).entries) {
    kinds[entry.split].insert(entry.file.substr(0, entry.file.find('/')));
    const AudioBuffer audio = read_audio(folder / "corpus" / entry.file);
    CHECK(audio.seconds() == 20.0);
    CHECK(audio.channels() == (entry.file.starts_with("speech/") ? 1 : 2));
    CHECK(to_db(rms(audio)) > -45.0);
  }
  for (const Split split : splits) CHECK(kinds[split] == std::set<std::string>{"music", "speech", "textures"});
}

TEST_CASE("our_own_material_depends_on_the_seed_and_not_on_the_workers") {
  const TempFolder folder;
  SynthesisOptions options = small();
  options.minutes = 2.0;
  const auto digest = [&](const char* name, std::size_t workers, std::uint64_t seed) {
    options.workers = workers;
    options.seed = seed;
    Manifest manifest = synthesise_corpus(folder / name, options).manifest;
    manifest.name = "x";
    return manifest.digest();
  };
  const std::string once = digest("a", 1, 3);
  CHECK(digest("b", 4, 3) == once);
  CHECK(digest("c", 2, 4) != once);
}

TEST_CASE("other_programs_take_half_where_they_are_installed") {
  const bool espeak = find_program("espeak-ng").has_value();
  const bool fluidsynth = find_program("fluidsynth") && std::filesystem::exists("/usr/share/sounds/sf2");
  if (!espeak) MESSAGE("espeak-ng is not installed");
  if (!fluidsynth) MESSAGE("fluidsynth or a sound font is not installed");
  const TempFolder folder;
  SynthesisOptions options = small();
  options.minutes = 2.0;
  options.voices = 2;
  options.other_programs = true;
  const Synthesised made = synthesise_corpus(folder / "corpus", options);
  CHECK(made.by_espeak == (espeak ? 1u : 0u));
  CHECK(made.by_fluidsynth == (fluidsynth ? 1u : 0u));
  CHECK(made.by_espeak + made.by_fluidsynth + made.by_ourselves == 6);
  for (const ManifestEntry& entry : made.manifest.entries) {
    const AudioBuffer audio = read_audio(folder / "corpus" / entry.file);
    CHECK(audio.seconds() == doctest::Approx(20.0).epsilon(0.1));
    CHECK(peak_of(audio.samples()) == doctest::Approx(0.5).epsilon(0.01));
  }
}

TEST_CASE("a_folder_in_use_and_impossible_options_are_refused") {
  const TempFolder folder;
  folder.touch("used/a.txt");
  CHECK(thrown_by([&] { synthesise_corpus(folder / "used", small()); }).says("not an empty folder"));
  const auto refused = [&](auto change) {
    SynthesisOptions options = small();
    change(options);
    const Thrown thrown = thrown_by([&] { synthesise_corpus(folder / "new", options); });
    CHECK_FALSE(std::filesystem::exists(folder / "new"));
    return thrown.code;
  };
  CHECK(refused([](auto& o) { o.minutes = 0.0; }) == ErrorCode::invalid_argument);
  CHECK(refused([](auto& o) { o.speech_share = 1.5; }) == ErrorCode::invalid_argument);
  CHECK(refused([](auto& o) { o.texture_share = 0.6; }) == ErrorCode::invalid_argument);
  CHECK(refused([](auto& o) { o.rate_hz = 100.0; }) == ErrorCode::invalid_argument);
  CHECK(refused([](auto& o) { o.voices = 0; }) == ErrorCode::invalid_argument);
  CHECK(refused([](auto& o) { o.sound_font = "/none.sf2"; }) == ErrorCode::not_found);
}

TEST_CASE("programs_are_run_to_their_end_and_their_status_told") {
  const auto sh = find_program("sh");
  REQUIRE(sh);
  CHECK(run_program(*sh, {"-c", "exit 7"}) == 7);
  CHECK(run_program(*sh, {"-c", "kill -9 $$"}) == 137);
  CHECK_FALSE(find_program("no-program-has-this-name"));
  CHECK(thrown_by([] { run_program("/nonexistent/program", {}); }).code == ErrorCode::io);
}
