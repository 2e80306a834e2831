#include <doctest/doctest.h>

#include <limits>

#include "base/run_command.hpp"
#include "fixtures/errors.hpp"
#include "soundalike/evaluation_report.hpp"
#include "soundalike/evaluation_summary.hpp"
#include "studio.hpp"

using namespace soundalike;

namespace {

std::string failure_of(Studio& studio, const std::string& command, double timeout = 20.0) {
  studio.protocol.outside = {{"theirs", command, {}, timeout}};
  return record_of(studio.evaluate(), 0, "theirs").failure;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a_program_that_copies_its_input_is_as_good_as_doing_nothing") {
  Studio studio;
  studio.protocol.outside = {{"theirs", "test -s {reference} && cp {input} {output}", {}, 20.0}};
  const Evaluation evaluation = studio.evaluate();
  for (std::size_t pair = 0; pair < 3; ++pair) {
    CHECK(record_of(evaluation, pair, "theirs").failure == "");
    CHECK(record_of(evaluation, pair, "theirs").matched[0].value ==
          record_of(evaluation, pair, "dry").matched[0].value);
  }
}

TEST_CASE("what_goes_wrong_with_an_outside_program_is_told_and_never_averaged_in") {
  Studio studio(1);
  const auto bad = studio.path("nan.wav");
  {
    AudioBuffer audio = noise(9600, 16000.0, 1, 0.1, 1);
    write_audio(bad, audio);
    std::string bytes = Studio::text_of(bad);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::copy_n(reinterpret_cast<const char*>(&nan), sizeof nan, bytes.end() - 400);
    write_file(bad, bytes);
  }
  CHECK(holds(failure_of(studio, "cp " + shell_quoted(bad.string()) + " {output}"), "NaN"));
  Studio::write_recording(studio.path("short.wav"), 1, 0.5);
  const std::string shorter = failure_of(studio, "cp " + shell_quoted(studio.path("short.wav").string()) + " {output}");
  CHECK(holds(shorter, "8000 frames"));
  CHECK(holds(shorter, "9600"));
  CHECK(holds(failure_of(studio, "echo no licence >&2; exit 3 # {output}"), "status 3: no licence"));
  CHECK(holds(failure_of(studio, "kill -SEGV $$ # {output}"), "status 139"));
  CHECK(holds(failure_of(studio, "true # {output}"), "wrote no output"));
  CHECK(holds(failure_of(studio, "echo text > {output}"), "output.wav"));
  CHECK(holds(failure_of(studio, "no-such-program {output}"), "status 127"));
  CHECK(holds(failure_of(studio, "sleep 60 & wait # {output}", 0.1), "longer than 0.1 s"));

  studio.protocol.outside = {{"theirs", "exit 1 # {output}", {}, 20.0}};
  const Evaluation evaluation = studio.evaluate();
  const auto summaries = summarise(evaluation);
  CHECK(summaries[0].find("theirs")->failed == 1);
  CHECK(summaries[0].find("theirs")->scored == 0);
  CHECK(!summaries[0].find("theirs")->mean);
  CHECK(summaries[0].find("dry", "theirs") == nullptr);
  CHECK(holds(to_csv(evaluation), "theirs,,,,it ended with status 1"));
}

TEST_CASE("outputs_made_elsewhere_are_read_from_a_folder_by_case_and_pair") {
  Studio studio;
  studio.protocol.examples = 3;
  studio.run("exported");
  for (const char* pair : {"000", "001"}) {
    std::filesystem::create_directories(studio.path("outputs/Saturator"));
    std::filesystem::copy(studio.path("exported/audio/Saturator") / pair / "target.wav",
                          studio.path("outputs/Saturator") / (std::string(pair) + ".wav"));
  }
  studio.protocol.outside = {{"perfect", "", studio.path("outputs"), 20.0}};
  const Evaluation evaluation = studio.evaluate();
  for (const std::size_t pair : {0, 1}) CHECK(*record_of(evaluation, pair, "perfect").raw[0].value == 0.0);
  CHECK(record_of(evaluation, 2, "perfect").failure == "there is no output 'Saturator/002.wav'");
}

TEST_CASE("pesq_is_measured_once_per_output_by_the_command_of_the_protocol") {
  Studio studio(2);
  studio.protocol.systems = {"dry", "random"};
  studio.protocol.metrics = {"mrstft", "pesq"};
  studio.protocol.pesq_command = "echo run >> " + studio.path("runs").string() + "; echo 2.5 #";
  const Evaluation evaluation = studio.evaluate();
  CHECK(evaluation.metrics == std::vector<std::string>{"mrstft", "pesq"});
  for (const PairRecord& record : evaluation.records) {
    for (const SystemRecord& system : record.systems) CHECK(system.raw.at(1).value == 2.5);
  }
  const std::string runs = Studio::text_of(studio.path("runs"));
  CHECK(std::ranges::count(runs, '\n') == 1 + 2 * 2);  // is it there? then two systems on two pairs
  CHECK(!lower_is_better(evaluation, "pesq"));
  const std::string csv = to_csv(evaluation);
  CHECK(csv.find("random,pesq,,2.5,\n") != std::string::npos);
  CHECK(csv.find("pesq,raw") == std::string::npos);
}

TEST_CASE("without_the_program_for_pesq_the_rest_is_measured_and_it_is_said_once") {
  Studio studio(2);
  studio.protocol.metrics = {"mrstft", "pesq"};
  studio.protocol.pesq_command = "no-such-pesq";
  std::vector<std::string> remarks;
  EvaluateOptions options;
  options.remark = [&](const std::string& remark) { remarks.push_back(remark); };
  const Evaluation evaluation = studio.run("run", {}, options);
  REQUIRE(remarks.size() == 1);
  CHECK(remarks.front().find("no-such-pesq") != std::string::npos);
  for (const PairRecord& record : evaluation.records) {
    CHECK(record.systems.at(0).raw.at(0).value);
    CHECK(!record.systems.at(0).raw.at(1).value);
  }
  for (const ViewSummary& summary : summarise_all(evaluation)) {
    if (summary.view.metric == "pesq") CHECK(summary.cases.front().systems.front().unmeasurable == 2);
  }
  CHECK(Studio::text_of(studio.path("run/report.html")).find("no value on any pair") != std::string::npos);
}
