// `soundalike metric`, end to end, on recordings that the test makes.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "cli/recordings.hpp"
#include "cli/run_program.hpp"
#include "soundalike/metric.hpp"

namespace {

using program::Run;

constexpr unsigned rate = 24000;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Two folders: outputs half as loud as their targets.
class Folders {
 public:
  Folders() {
    std::filesystem::create_directories(folder / "outputs/deep");
    std::filesystem::create_directories(folder / "targets/deep");
    for (int i = 1; i <= 3; ++i) write(i == 3 ? "deep/3.wav" : std::to_string(i) + ".wav", i, 2.0);
  }
  void write(const std::string& name, int seed, double seconds) const {
    program::write_wav(folder / ("targets/" + name), recordings::tune(rate, seconds, seed), rate);
    program::write_wav(folder / ("outputs/" + name), recordings::tune(rate, seconds, seed, 0.15f), rate);
  }
  Run metric(std::vector<std::string> words) const {
    words.insert(words.begin(), "metric");
    words.insert(words.end(), {"--no-progress"});
    return program::soundalike(words, {.folder = folder.path()});
  }
  program::TempFolder folder;
};

nlohmann::ordered_json row(const Run& run, const std::string& name) {
  const auto document = run.json();
  for (const auto& metric : document["metrics"]) {
    if (metric["name"] == name) return metric;
  }
  FAIL("no " << name);
  return {};
}

}  // namespace

TEST_CASE("half_as_loud_is_six_decibels_of_error") {
  const Folders at;
  const Run run = at.metric({"outputs/1.wav", "targets/1.wav", "--all", "--json"});
  REQUIRE_MESSAGE(run.status == 0, run.err);
  const auto pair = run.json()["pairs"][0];
  CHECK(pair["values"]["rms-error"].get<double>() == doctest::Approx(6.02).epsilon(0.01));
  CHECK(pair["values"]["lufs-error"].get<double>() == doctest::Approx(6.02).epsilon(0.01));
  CHECK(pair["values"]["crest-error"].get<double>() < 0.1);
  CHECK(pair["values"]["si-sdr"].get<double>() > 25.0);
  CHECK(pair["values"]["stoi"].get<double>() > 0.9);
  CHECK(pair["values"]["stereo-width-error"].is_null());
  CHECK(pair["failures"]["stereo-width-error"] == "it takes 2 channels, and these recordings have 1");
  CHECK(row(run, "rms-error")["unit"] == "dB");
  CHECK(row(run, "si-sdr")["better"] == "higher");
}

TEST_CASE("every_metric_of_the_list_is_measured_by_all") {
  const Folders at;
  const Run run = at.metric({"outputs", "targets", "--all", "--json"});
  REQUIRE_MESSAGE(run.status == 0, run.err);
  const auto list = program::soundalike({"metric", "list", "--json"}).json();
  std::size_t measured = 0;
  for (const auto& metric : list["metrics"]) {
    if (metric["of"] == "settings") continue;
    CAPTURE(metric["name"].get<std::string>());
    CHECK(row(run, metric["name"])["better"] == metric["better"]);
    ++measured;
  }
  CHECK(run.json()["metrics"].size() == measured);
  CHECK(measured >= soundalike::metrics().size());
}

TEST_CASE("folders_pair_by_name_and_failures_are_counted_and_not_averaged") {
  const Folders at;
  at.write("short.wav", 4, 0.1);
  std::ofstream(at.folder / "outputs/broken.wav") << "no audio";
  program::write_wav(at.folder / "targets/broken.wav", recordings::tune(rate, 2.0, 5), rate);
  program::write_wav(at.folder / "outputs/alone.wav", recordings::tune(rate, 2.0, 6), rate);
  const std::vector<std::string> words{"outputs", "targets", "-m", "rms-error", "-m", "msd", "-m", "frechet-distance"};
  const Run run = at.metric(words);
  REQUIRE_MESSAGE(run.status == 0, run.err);
  CHECK(holds(run.err, "1 files have no partner of their name, the first 'outputs/alone.wav'"));
  CHECK(holds(run.out, "5 pairs"));
  CHECK(
      holds(run.out, "msd: 1 without a value, the first 'short': it needs at least 32769 frames, got 2400 (100.0 ms)"));
  CHECK(holds(run.out, "rms-error: 1 without a value, the first 'broken'"));
  auto as_json = words;
  as_json.emplace_back("--json");
  const Run document = at.metric(as_json);
  CHECK(row(document, "msd")["values"] == 3);
  CHECK(row(document, "msd")["failures"] == 2);
  CHECK(row(document, "rms-error")["mean"].get<double>() == doctest::Approx(6.02).epsilon(0.01));
  CHECK(row(document, "frechet-distance")["mean"].get<double>() > 0.0);
  auto serial = as_json, parallel = as_json;
  serial.insert(serial.end(), {"-j", "1"});
  parallel.insert(parallel.end(), {"-j", "4"});
  CHECK(at.metric(serial).out == at.metric(parallel).out);
}

TEST_CASE("pesq_comes_from_a_program_that_the_user_has") {
  const Folders at;
  at.write("short.wav", 4, 0.1);
  const std::string command = "test $(wc -c < {output}) -gt 9000 || { echo too short >&2; exit 1; }; echo 'MOS = 3.5'";
  const Run run =
      at.metric({"outputs", "targets", "-m", "rms-error", "--json", "--pesq-command", command + " # {target}"});
  REQUIRE_MESSAGE(run.status == 0, run.err);
  CHECK(row(run, "pesq")["mean"] == 3.5);
  CHECK(row(run, "pesq")["values"] == 3);
  CHECK(row(run, "pesq")["better"] == "higher");
  const auto document = run.json();
  for (const auto& pair : document["pairs"]) {
    if (pair["name"] == "short") CHECK(pair["failures"]["pesq"] == "the PESQ command failed with status 1: too short");
  }
}

TEST_CASE("other_lengths_are_refused_with_the_numbers_unless_trimmed") {
  const Folders at;
  program::write_wav(at.folder / "long.wav", recordings::tune(rate, 2.5, 1), rate);
  const Run run = at.metric({"long.wav", "targets/1.wav"});
  CHECK(run.status == 2);
  CHECK(holds(run.err, "60000 frames"));
  CHECK(holds(run.err, "48000 frames"));
  CHECK(holds(run.err, "--trim"));
  const Run trimmed = at.metric({"long.wav", "targets/1.wav", "--trim", "-m", "rms-error", "--json"});
  REQUIRE_MESSAGE(trimmed.status == 0, trimmed.err);
  CHECK(trimmed.json()["pairs"][0]["values"]["rms-error"] == 0.0);
}

TEST_CASE("mistakes_are_told") {
  const Folders at;
  const std::string file = "targets/1.wav";
  program::write_wav(at.folder / "stereo.wav", recordings::stereo(recordings::tune(rate, 2.0, 1)), rate, 2);
  program::write_wav(at.folder / "fast.wav", recordings::tune(48000, 1.0, 1), 48000);
  for (const auto& [words, status, said] :
       {std::tuple(std::vector<std::string>{file, "nothing.wav"}, 3, "nothing.wav"),
        std::tuple(std::vector<std::string>{file, "outputs"}, 2, "one is a folder and the other is not"),
        std::tuple(std::vector<std::string>{file, "stereo.wav"}, 2, "2 channels"),
        std::tuple(std::vector<std::string>{file, "fast.wav"}, 2, "48000 Hz"),
        std::tuple(std::vector<std::string>{file, file, "-m", "mrstf"}, 2, "did you mean 'mrstft'?"),
        std::tuple(std::vector<std::string>{file, file, "-m", "embedding-distance", "--encoder", "stile-encoder"}, 3,
                   "did you mean 'style-encoder'?"),
        std::tuple(std::vector<std::string>{"outputs/deep", "targets"}, 2, "has the name of one below")}) {
    const Run run = at.metric(words);
    CAPTURE(run.err);
    CHECK(run.status == status);
    CHECK(holds(run.err, said));
    CHECK(run.out.empty());
  }
}
