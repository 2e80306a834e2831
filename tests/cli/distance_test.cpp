// `soundalike distance`, end to end, on recordings that the test makes.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>

#include "cli/run_program.hpp"

namespace {

using program::Run;

// Plucked notes over a noise floor: enough of everything that the distances look at. `bright` keeps more harmonics.
std::vector<float> tune(unsigned rate, double seconds, int seed, bool bright, float gain = 0.3f) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * rate));
  unsigned noise = static_cast<unsigned>(seed) * 2654435761u + 1u;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / rate, beat = std::fmod(t, 0.25);
    const double pitch = 110.0 * std::pow(2.0, ((static_cast<int>(t / 0.25) * 5 + seed * 3) % 12) / 12.0);
    double sum = 0.0;
    for (int k = 1; k <= (bright ? 20 : 3); ++k) sum += std::sin(2.0 * M_PI * pitch * k * t) / k;
    noise = noise * 1664525u + 1013904223u;
    samples[i] = gain * static_cast<float>(sum * std::exp(-8.0 * beat) + (noise / 4294967296.0 - 0.5) * 0.01);
  }
  return samples;
}

double style(const Run& run) { return run.json()["distances"]["style"].get<double>(); }

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a_recording_is_at_no_distance_from_itself") {
  const program::TempFolder folder;
  const std::string path = (folder / "a.wav").string();
  program::write_wav(path, tune(24000, 2.0, 1, true), 24000);
  const Run run = program::soundalike({"distance", path, path, "--json"});
  CHECK(run.status == 0);
  const auto distances = run.json()["distances"];
  for (const auto& [name, value] : distances.items()) CHECK(value.get<double>() == 0.0);
  const auto differences = run.json()["level_difference"];
  for (const auto& [name, value] : differences.items()) CHECK(value.get<double>() == 0.0);
}

TEST_CASE("the_same_sound_is_nearer_than_another_sound_and_level_does_not_count") {
  const program::TempFolder folder;
  const std::string a = (folder / "a.wav").string(), b = (folder / "b.wav").string(), c = (folder / "c.wav").string(),
                    quiet = (folder / "quiet.wav").string();
  program::write_wav(a, tune(24000, 4.0, 1, true), 24000);
  program::write_wav(b, tune(24000, 4.0, 2, true), 24000);
  program::write_wav(c, tune(24000, 4.0, 2, false), 24000);
  program::write_wav(quiet, tune(24000, 4.0, 2, true, 0.03f), 24000);
  const double same = style(program::soundalike({"distance", a, b, "--json"}));
  CHECK(same < style(program::soundalike({"distance", a, c, "--json"})));
  const Run levels = program::soundalike({"distance", b, quiet, "--json"});
  CHECK(levels.json()["level_difference"]["rms_db"].get<double>() == doctest::Approx(-20.0).epsilon(0.005));
  CHECK(style(levels) < 0.5 * same);
}

TEST_CASE("rates_and_channels_may_differ") {
  const program::TempFolder folder;
  const std::string low = (folder / "low.wav").string(), high = (folder / "high.wav").string();
  program::write_wav(low, tune(16000, 3.0, 1, true), 16000);
  std::vector<float> stereo;
  for (float sample : tune(48000, 3.0, 1, true)) stereo.insert(stereo.end(), {sample, sample});
  program::write_wav(high, stereo, 48000, 2);
  const Run run = program::soundalike({"distance", low, high, "--json"});
  CHECK(run.json()["view"]["sample_rate"] == 16000.0);
  CHECK(run.json()["view"]["channels"] == 1);
  CHECK(style(run) < 1.0);
  CHECK(style(program::soundalike({"distance", high, low, "--json"})) == doctest::Approx(style(run)).epsilon(1e-4));
}

TEST_CASE("people_get_tables_and_a_remark_about_long_files") {
  const program::TempFolder folder;
  const std::string path = (folder / "long.wav").string(), other = (folder / "short.wav").string();
  program::write_wav(path, tune(8000, 5.0, 1, true), 8000);
  program::write_wav(other, tune(8000, 1.0, 1, true), 8000);
  const Run run = program::soundalike({"distance", path, other, "--seconds", "2"});
  CHECK(run.status == 0);
  CHECK(holds(run.out, "style"));
  CHECK(holds(run.out, "loudness, LUFS"));
  CHECK(holds(run.out, "long.wav"));
  CHECK(holds(run.err, "long.wav' is 5.0 s long"));
  CHECK_FALSE(holds(run.err, "short.wav"));
  CHECK(program::soundalike({"distance", path, other, "--seconds", "2", "--quiet"}).err.empty());
  const Run json = program::soundalike({"distance", path, other, "--seconds", "2 s", "--json"});
  CHECK(json.json()["recordings"][0]["compared_seconds"] == 2.0);
  CHECK(nlohmann::json::parse(json.err)["event"] == "warning");
}

TEST_CASE("silence_is_compared_without_infinities") {
  const program::TempFolder folder;
  const std::string silent = (folder / "silent.wav").string(), a = (folder / "a.wav").string();
  program::write_wav(silent, std::vector<float>(24000), 24000);
  program::write_wav(a, tune(24000, 1.0, 1, true), 24000);
  const Run run = program::soundalike({"distance", silent, a, "--json"});
  CHECK(run.status == 0);
  CHECK(run.json()["recordings"][0]["levels"]["lufs"].is_null());
  CHECK(std::isfinite(style(run)));
  CHECK(holds(program::soundalike({"distance", silent, a}).out, "-inf"));
}

TEST_CASE("files_that_cannot_be_compared_each_have_their_status") {
  const program::TempFolder folder;
  const std::string good = (folder / "good.wav").string(), text = (folder / "text.wav").string(),
                    one = (folder / "one.wav").string(), empty = (folder / "empty.wav").string(),
                    many = (folder / "many.wav").string();
  program::write_wav(good, tune(24000, 1.0, 1, true), 24000);
  program::write_wav(one, {0.5f}, 24000);
  program::write_wav(empty, {}, 24000);
  program::write_wav(many, std::vector<float>(8 * 24000, 0.1f), 24000, 8);
  std::ofstream(text) << "this is not a recording\n";
  const struct {
    std::string path;
    int status;
    std::string code;
  } rows[] = {{(folder / "missing.wav").string(), 3, "not_found"},
              {folder.path().string(), 2, "invalid_argument"},
              {text, 4, "bad_audio"},
              {empty, 4, "bad_audio"},
              {one, 2, "invalid_argument"},
              {many, 5, "unsupported"}};
  for (const auto& row : rows) {
    CAPTURE(row.path);
    const Run run = program::soundalike({"distance", good, row.path, "--json"});
    CAPTURE(run.err);
    CHECK(run.status == row.status);
    CHECK(run.json()["error"]["code"] == row.code);
    CHECK(run.err.starts_with("soundalike: "));
    CHECK(run.err.find('\n') == run.err.size() - 1);
    CHECK(holds(run.err, row.path));
  }
}
