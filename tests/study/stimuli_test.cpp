// Building a study from recordings, and lint.
#include "soundalike/study_stimuli.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "fixtures/errors.hpp"
#include "soundalike/level.hpp"
#include "study/example_study.hpp"

using namespace soundalike;
namespace fs = std::filesystem;

namespace {

constexpr double rate = 24000.0;

// A reference and two systems of three recordings.
struct Sources {
  TempFolder folder;
  Sources() {
    for (const char* condition : {"ref", "one", "two"}) {
      fs::create_directories(folder / condition);
      for (int i = 0; i < 3; ++i) put(condition, i, noise(16000, rate, 1, 0.05 * (i + 1 + condition[0] % 3), i + 1));
    }
  }
  void put(const std::string& condition, int i, AudioView audio) const {
    write_audio(folder / condition / ("clip " + std::to_string(i) + ".wav"), audio);
  }
  std::vector<StudyItem> items() const {
    return items_of_folders(folder / "ref", {{"one", folder / "one"}, {"two", folder / "two"}});
  }
  Thrown build(const StimuliOptions& options = {}) const {
    return thrown_by([&] { build_study(folder / "study", {.name = "s"}, items(), options); });
  }
};

bool finds(const std::vector<LintFinding>& findings, bool error, const std::string& text) {
  return std::ranges::any_of(
      findings, [&](const LintFinding& f) { return f.error == error && f.message.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("a_built_study_has_reference_and_anchors_aligned_and_of_one_length") {
  const Sources sources;
  CHECK(!sources.build().code);
  const StudyDefinition study = read_study(sources.folder / "study");
  CHECK(study.trials.size() == 3);
  CHECK(study.trials[0].id == "clip_0");
  CHECK(study.conditions.size() == 5);
  for (const StudyTrial& trial : study.trials) {
    CHECK(trial.signals.size() == 5);
    std::uintmax_t bytes = 0;
    for (const TrialSignal& signal : trial.signals) {
      const AudioBuffer audio = read_audio(sources.folder / "study" / signal.file);
      CHECK(audio.frames() == 16000);
      const auto size = fs::file_size(sources.folder / "study" / signal.file);
      CHECK((bytes == 0 || bytes == size));  // sizes tell nothing apart
      bytes = size;
      const auto role = study.role(signal.condition);
      if (role == ConditionRole::system || role == ConditionRole::reference) {
        CHECK(measure_lufs(audio) == doctest::Approx(-23.0).epsilon(0.001));
      }
    }
  }
  for (const LintFinding& f : lint(study, sources.folder / "study")) {
    CAPTURE(f.message);
    CHECK(!f.error);
  }
  CHECK(Study(sources.folder / "study").create_session().size() == 20);
}

TEST_CASE("a_trial_that_would_clip_is_quieter_as_a_whole") {
  const Sources sources;
  AudioBuffer click(1, 16000, {rate});
  for (std::size_t i = 0; i < click.frames(); ++i) click.channel(0)[i] = i % 4000 == 0 ? 0.5f : 0.001f;
  sources.put("two", 1, click);
  CHECK(!sources.build({.lufs = -14.0}).code);
  std::vector<double> loud;
  for (const char* name : {"reference", "one", "two"}) {
    const auto levels =
        measure_levels(read_audio(sources.folder / "study/stimuli/clip_1" / (std::string(name) + ".wav")));
    CHECK(levels.true_peak_db < -0.99);
    loud.push_back(levels.lufs);
  }
  CHECK(loud[0] < -20.0);
  CHECK(loud[1] == doctest::Approx(loud[0]).epsilon(0.001));
  CHECK(loud[2] == doctest::Approx(loud[0]).epsilon(0.001));
}

TEST_CASE("signals_that_do_not_fit_each_other_are_refused_with_the_numbers") {
  const auto refused = [](AudioView audio, const std::vector<std::string>& texts) {
    const Sources sources;
    sources.put("two", 1, audio);
    const Thrown thrown = sources.build();
    CAPTURE(thrown.message);
    CHECK(thrown.code == ErrorCode::bad_audio);
    CHECK(thrown.says("trial 'clip_1'"));
    CHECK(thrown.says("clip 1.wav"));
    for (const std::string& text : texts) CHECK(thrown.says(text));
    CHECK(!fs::exists(sources.folder / "study"));  // nothing half done
  };
  refused(noise(16000, 48000.0), {"48000 Hz", "24000 Hz"});
  refused(noise(15999, rate), {"15999 frames", "16000 frames"});
  refused(noise(16000, rate, 2), {"2 channels", "1 channel"});
  refused(AudioBuffer(1, 16000, {rate}), {"silent"});
}

TEST_CASE("clips_of_100_ms_and_nan_are_refused") {
  const Sources sources;
  for (const char* condition : {"ref", "one", "two"}) sources.put(condition, 2, noise(2400, rate));
  CHECK(sources.build().says("0.100 s long; signals need at least 0.5 s"));
  Sources bad;
  fs::copy_file(bad.folder / "ref/clip 0.wav", bad.folder / "one/clip 0.wav", fs::copy_options::overwrite_existing);
  {
    std::fstream file(bad.folder / "one/clip 0.wav", std::ios::in | std::ios::out | std::ios::binary);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    file.seekp(-400, std::ios::end);
    file.write(reinterpret_cast<const char*>(&nan), sizeof nan);
  }
  const Thrown thrown = bad.build();
  CHECK(thrown.code == ErrorCode::bad_audio);
  CHECK(thrown.says("one/clip 0.wav"));
}

TEST_CASE("twelve_signals_are_counted_with_reference_and_anchors") {
  const Sources sources;
  auto items = sources.items();
  for (int i = 0; i < 7; ++i) items[0].systems.push_back({"more" + std::to_string(i), items[0].reference});
  CHECK(!thrown_by([&] { build_study(sources.folder / "nine", {.name = "s"}, items, {}); }).code);
  items[0].systems.push_back({"ten", items[0].reference});
  const Thrown thrown = thrown_by([&] { build_study(sources.folder / "ten", {.name = "s"}, items, {}); });
  CHECK(thrown.code == ErrorCode::invalid_argument);
  CHECK(thrown.says("10 systems, the hidden reference and 2 anchors make 13 signals"));
}

TEST_CASE("folders_that_do_not_pair_up_and_names_taken_are_refused") {
  const Sources sources;
  CHECK(thrown_by([&] { items_of_folders(sources.folder / "none", {}); }).code == ErrorCode::not_found);
  fs::remove(sources.folder / "two/clip 1.wav");
  CHECK(thrown_by([&] { sources.items(); }).says("no counterpart"));
  const auto items = items_of_folders(sources.folder / "ref", {{"anchor35", sources.folder / "one"}});
  CHECK(thrown_by([&] { build_study(sources.folder / "s", {.name = "s"}, items, {}); }).says("builder's own"));
  CHECK(thrown_by([&] { build_study(sources.folder.path(), {.name = "s"}, {}, {}); }).says("exists already"));
}

TEST_CASE("lint_names_what_the_standard_asks_for") {
  const TempFolder folder;
  StudyDefinition study = example::definition();
  example::write(folder.path(), study);
  auto findings = lint(study, folder.path());
  CHECK(!std::ranges::any_of(findings, &LintFinding::error));
  CHECK(finds(findings, false, "1 excerpts for 2 systems"));
  CHECK(finds(findings, false, "condition 'mid' is not in the training"));
  CHECK(!finds(findings, false, "headphones"));

  study.trials[1].signals.pop_back();
  study.trials[0].training = false;
  study.attribute.clear();
  study.questions.clear();
  write_audio(folder / "stimuli/bad.wav", sine(500.0, 0.1, 8000.0));
  write_audio(folder / "stimuli/low.wav", sine(600.0, 0.6, 8000.0, 1, 0.0));
  findings = lint(study, folder.path());
  CHECK(finds(findings, false, "no 7 kHz anchor: call the test MUSHRA-style"));
  CHECK(finds(findings, false, "no training trial"));
  CHECK(finds(findings, false, "headphones"));
  CHECK(finds(findings, false, "'attribute'"));
  CHECK(finds(findings, true, "800 frames"));
  CHECK(finds(findings, true, "'stimuli/low.wav' is silent"));

  example::write(folder.path());
  write_audio(folder / "stimuli/good.wav", sine(300.0, 0.6, 8000.0, 1, 0.1));
  study = example::definition();
  study.trials[1].reference = "stimuli/good.wav";
  findings = lint(study, folder.path());
  CHECK(finds(findings, true, "differs from the open one"));
  CHECK(finds(findings, false, "LU from the reference"));
}

TEST_CASE("long_signals_need_a_reason") {
  const TempFolder folder;
  StudyDefinition study = example::definition();
  example::write(folder.path(), study);
  for (const auto& c : study.conditions) {
    write_audio(folder / "stimuli" / (c.name + ".wav"), sine(300.0, 13.0, 8000.0));
  }
  CHECK(finds(lint(study, folder.path()), false, "13.0 s long"));
  study.length_reason = "whole phrases";
  CHECK(!finds(lint(study, folder.path()), false, "13.0 s long"));
}
