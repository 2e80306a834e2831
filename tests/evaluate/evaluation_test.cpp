#include "soundalike/evaluation.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "evaluate/record_log.hpp"
#include "fixtures/errors.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/evaluation_report.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/manifest.hpp"
#include "soundalike/predictor.hpp"
#include "studio.hpp"

using namespace soundalike;

TEST_CASE("numbers_depend_neither_on_threads_nor_on_the_other_systems") {
  Studio studio;
  studio.protocol.systems = {};
  const Evaluation one = studio.evaluate(1);
  const Evaluation three = studio.evaluate(3);
  REQUIRE(one.records.size() == 3);
  CHECK(to_csv(one) == to_csv(three));
  CHECK(to_json(one, summarise_all(one, 1)) == to_json(three, summarise_all(three, 3)));
  studio.protocol.systems = {"rule", "search"};
  const Evaluation few = studio.evaluate();
  for (std::size_t pair = 0; pair < 3; ++pair) {
    for (const char* system : {"rule", "search"}) {
      CHECK(record_of(few, pair, system).matched[0].value == record_of(one, pair, system).matched[0].value);
      CHECK(record_of(few, pair, system).distance == record_of(one, pair, system).distance);
    }
  }
}

TEST_CASE("the_parts_of_a_runs_time_are_all_that_its_threads_had") {
  Studio studio(2);
  studio.protocol.systems = {"dry", "preset", "soundalike"};
  const Evaluation evaluation = studio.run("run", {}, {.threads = 3});  // a thread more than there are pairs
  const EvaluationTimes& times = evaluation.times;
  CHECK(times.threads == 3);
  double sum = 0.0;
  for (const double seconds : times.seconds) {
    CHECK(seconds >= 0.0);
    sum += seconds;
  }
  CHECK(sum == doctest::Approx(3.0 * times.wall_seconds).epsilon(0.05));
  CHECK(times.seconds[EvaluationTimes::idle] > 0.0);
  CHECK(times.seconds[EvaluationTimes::planning] > 0.0);
  CHECK(times.seconds[EvaluationTimes::report] > 0.0);
  CHECK(times.useful_share() > 0.0);
  CHECK(times.useful_share() < 1.0);
}

TEST_CASE("doing_nothing_is_measured_against_the_target_and_the_truth_would_be_perfect") {
  Studio studio;
  studio.protocol.cases = {{"", {"builtin:gain"}, {}}};
  studio.protocol.systems = {"dry", "random", "middle"};
  const Evaluation evaluation = studio.evaluate();
  for (std::size_t pair = 0; pair < 3; ++pair) {
    const SystemRecord& dry = record_of(evaluation, pair, "dry");
    CHECK(dry.kept_dry);
    CHECK(*dry.matched[0].value < 1e-3);  // a gain is undone by matching levels
    CHECK(*dry.raw[1].value == doctest::Approx(0.0).epsilon(40.0));
    CHECK(dry.knobs.empty());
  }
}

TEST_CASE("knobs_are_compared_where_the_maker_is_the_effect_itself_only") {
  Studio studio;
  studio.protocol.systems = {"middle"};
  studio.protocol.cases.push_back({"other", {"builtin:saturator"}, {"builtin:filter"}});
  const Evaluation evaluation = studio.evaluate();
  const auto found = recoveries(evaluation, 0);
  REQUIRE(found.size() == evaluation.cases[0].knobs.size());
  for (const Recovery& recovery : found)
    CHECK(recovery.error.mean == doctest::Approx(recovery.middle_error).epsilon(1e-3));
  CHECK(recoveries(evaluation, 1).empty());
  CHECK(evaluation.cases[1].made_with() != "the same");
}

TEST_CASE("a_stopped_run_goes_on_and_ends_with_the_same_bytes") {
  Studio studio;
  studio.protocol.systems = {"dry", "random", "search"};
  studio.protocol.examples = 1;
  REQUIRE(!studio.run("whole").stopped);
  std::stop_source source;
  EvaluateOptions options{.threads = 1};
  options.keep = [&](const EvaluationCase&, const PairRecord&, const PairAudio&) { source.request_stop(); };
  const Evaluation part = studio.run("parts", source.get_token(), options);
  CHECK(part.stopped);
  CHECK(part.records.size() == 1);
  CHECK(!std::filesystem::exists(studio.path("parts/results.csv")));
  const Evaluation rest = studio.run("parts");
  CHECK(rest.records.size() == 3);
  for (const char* file : {"results.csv", "knobs.csv", "results.json"}) {
    CHECK(Studio::text_of(studio.path("parts") / file) == Studio::text_of(studio.path("whole") / file));
  }
  for (const char* name : {"input", "reference", "target", "random"}) {
    CHECK(std::filesystem::exists(studio.path("parts/audio/Saturator/000") / (std::string(name) + ".wav")));
  }
}

TEST_CASE("a_run_folder_of_another_protocol_or_edited_by_hand_is_refused") {
  Studio studio;
  studio.run("run");
  studio.protocol.pairs = 2;
  const Thrown other = thrown_by([&] { studio.run("run"); });
  CHECK(other.code == ErrorCode::invalid_argument);
  CHECK(other.says("'pairs' was 3 and is now 2"));
  studio.protocol.pairs = 3;
  const auto file = studio.path("run/records.jsonl");
  const std::string text = Studio::text_of(file);
  write_file(file, text + text.substr(0, text.find('\n') + 1));
  CHECK(thrown_by([&] { studio.run("run"); }).says("stands there twice"));
  write_file(file, "0000000000000000 {}\n");
  CHECK(thrown_by([&] { studio.run("run"); }).says("line 1"));
}

TEST_CASE("pairs_judged_with_a_model_that_was_exchanged_are_done_again") {
  Studio studio;
  const std::filesystem::path models = std::filesystem::path(std::getenv("SOUNDALIKE_SOURCE")) / "models";
  const auto put = [&](const char* model) {
    std::filesystem::copy_file(models / model, studio.path("encoder.salmodel"),
                               std::filesystem::copy_options::overwrite_existing);
  };
  studio.protocol.encoder = studio.path("encoder.salmodel").string();
  put("style-features.salmodel");
  REQUIRE(studio.run("run").records.front().embedding.size() == 920);
  std::size_t done = 0;
  std::string remark;
  const auto again = [&] {
    return studio.run("run", {},
                      {.threads = 2,
                       .keep = [&](const auto&, const auto&, const auto&) { ++done; },
                       .remark = [&](const std::string& what) { remark = what; }});
  };
  again();
  CHECK(done == 0);
  CHECK(remark.empty());
  put("style-axes.salmodel");
  CHECK(again().records.front().embedding.size() == 64);
  CHECK(done == studio.names.size());
  CHECK(remark.find("3 finished pairs are done again") != std::string::npos);
  again();
  CHECK(done == studio.names.size());
}

TEST_CASE("the_other_recording_of_a_pair_is_of_another_song") {
  Studio studio;
  const Evaluation halves = studio.evaluate();
  studio.protocol.pairing = Pairing::other;
  const Evaluation other = studio.evaluate();
  for (std::size_t pair = 0; pair < 3; ++pair) {
    CHECK(other.records[pair].recording == halves.records[pair].recording);
    // The target comes from the input's recording as before; only the reference is another.
    CHECK(record_of(other, pair, "dry").matched[0].value == record_of(halves, pair, "dry").matched[0].value);
    CHECK(record_of(other, pair, "dry").distance != record_of(halves, pair, "dry").distance);
  }
  Studio single(1);
  single.protocol.pairing = Pairing::other;
  CHECK(thrown_by([&] { single.evaluate(); }).says("no other recording"));
}

TEST_CASE("processed_recordings_take_the_makers_place") {
  Studio studio;
  std::filesystem::create_directory(studio.path("wet"));
  for (const auto& name : studio.names) {
    AudioBuffer audio = read_audio(studio.path("recordings/" + name));
    for (float& x : audio.samples()) x *= 0.5f;
    write_audio(studio.path("wet/" + name), audio);
  }
  studio.protocol.processed = studio.path("wet");
  const Evaluation evaluation = studio.evaluate();
  CHECK(evaluation.cases[0].made_with() == "real");
  for (std::size_t pair = 0; pair < 3; ++pair) {
    CHECK(*record_of(evaluation, pair, "dry").matched[0].value < 1e-3);
    CHECK(*record_of(evaluation, pair, "dry").raw[1].value == doctest::Approx(6.02).epsilon(0.01));
  }
  Studio::write_recording(studio.path("wet/" + studio.names[1]), 1, 1.0);
  const Thrown shorter = thrown_by([&] { studio.evaluate(); });
  CHECK(shorter.says("16000 frames"));
  CHECK(shorter.says("19200 frames"));
  std::filesystem::remove(studio.path("wet/" + studio.names[1]));
  CHECK(thrown_by([&] { studio.evaluate(); }).code == ErrorCode::not_found);
}

TEST_CASE("recordings_that_were_heard_are_refused_by_name") {
  Studio studio;
  Manifest trained = make_manifest(Corpus(studio.path("recordings")));
  for (auto& entry : trained.entries) entry.split = Split::test;
  write_manifest(studio.path("trained.json"), trained);
  studio.protocol.trained_on = {studio.path("trained.json")};
  CHECK_NOTHROW(studio.evaluate());
  trained.entries[1].split = Split::train;
  write_manifest(studio.path("trained.json"), trained);
  const Thrown heard = thrown_by([&] { studio.evaluate(); });
  CHECK(heard.code == ErrorCode::invalid_argument);
  CHECK(heard.says(trained.entries[1].file));
  studio.protocol.trained_on.clear();
  studio.protocol.split = Split::train;
  CHECK(thrown_by([&] { studio.evaluate(); }).says("held_out = false"));
}

TEST_CASE("what_a_controller_says_it_heard_is_refused_too") {
  Studio studio;
  Manifest heard = make_manifest(Corpus(studio.path("recordings")));
  for (auto& entry : heard.entries) entry.split = Split::test;
  heard.entries[2].split = Split::validation;
  Checkpoint controller{.kind = "controller", .name = "eager"};
  controller.metadata = "{\"heard\": " + heard_json(std::array{heard}) + "}";
  write_checkpoint(studio.path("eager.salmodel"), controller);
  studio.protocol.match.controller = studio.path("eager.salmodel");
  const Thrown refused = thrown_by([&] { studio.evaluate(); });
  CHECK(refused.code == ErrorCode::invalid_argument);
  CHECK(refused.says("controller 'eager'"));
  CHECK(refused.says(heard.entries[2].file));
}

TEST_CASE("every_model_that_ships_says_what_it_heard") {
  std::size_t trained = 0;
  for (const ModelListing& model : list_models()) {
    if (!model.file.empty() || load_model(model).tensors.empty()) continue;  // a user's, or nothing was learnt
    CAPTURE(model.outline.name);
    ++trained;
    std::size_t recordings = 0;
    for (const Manifest& heard : heard_by(model.outline.metadata)) recordings += heard.entries.size();
    CHECK(recordings > 100);
  }
  CHECK(trained >= 17);
}

TEST_CASE("folders_without_anything_to_use_are_refused") {
  Studio studio;
  std::filesystem::create_directory(studio.path("empty"));
  studio.protocol.data = {studio.path("empty")};
  CHECK(thrown_by([&] { studio.evaluate(); }).code == ErrorCode::invalid_argument);
  studio.protocol.data = {studio.path("nowhere")};
  CHECK(thrown_by([&] { studio.evaluate(); }).code == ErrorCode::not_found);
  studio.protocol.data = {studio.path("recordings")};
  studio.protocol.minimum_seconds = 10.0;
  CHECK(thrown_by([&] { studio.evaluate(); }).says("two halves of 10 s"));
  studio.protocol.minimum_seconds = 0.4;
  studio.protocol.cases = {{"", {"builtin:saturatr"}, {}}};
  CHECK(thrown_by([&] { studio.evaluate(); }).code == ErrorCode::not_found);
  studio.protocol.encoder = "nobody";
  studio.protocol.cases = {{"", {"builtin:saturator"}, {}}};
  CHECK(thrown_by([&] { studio.evaluate(); }).says("no encoder 'nobody'"));
}
