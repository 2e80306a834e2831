#pragma once

#include <string>

#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/study.hpp"

namespace example {

/// A study with one page of each kind and a training page, on signals of 0.6 s.
inline soundalike::StudyDefinition definition() {
  using namespace soundalike;
  StudyDefinition study;
  study.name = "tones";
  study.title = "Tones";
  study.attribute = "basic audio quality";
  study.prompt = "How near to the reference?";
  study.consent = "You may stop at any time.\nNothing but your \"answers\" is kept: \\o/";
  study.seed = 7;
  study.conditions = {{"hidden", ConditionRole::reference},
                      {"good", ConditionRole::system},
                      {"bad", ConditionRole::system},
                      {"low", ConditionRole::anchor35},
                      {"mid", ConditionRole::anchor70}};
  study.questions = {{.id = "age", .text = "Your age", .kind = QuestionKind::number, .minimum = 16, .maximum = 99},
                     {.id = "device",
                      .text = "You listen with",
                      .kind = QuestionKind::choice,
                      .choices = {"headphones", "loudspeakers"},
                      .required = true},
                     {.id = "remarks", .text = "Anything else?", .kind = QuestionKind::long_text, .after = true}};
  const auto signals = [](std::initializer_list<const char*> names) {
    std::vector<TrialSignal> result;
    for (const char* name : names) result.push_back({name, std::string("stimuli/") + name + ".wav"});
    return result;
  };
  const std::filesystem::path reference = "stimuli/hidden.wav";
  study.trials = {{.id = "practice",
                   .kind = TrialKind::mushra,
                   .training = true,
                   .reference = reference,
                   .signals = signals({"hidden", "good", "low"})},
                  {.id = "page",
                   .kind = TrialKind::mushra,
                   .group = "tones",
                   .reference = reference,
                   .signals = signals({"hidden", "good", "bad", "low", "mid"})},
                  {.id = "which",
                   .kind = TrialKind::paired,
                   .reference = reference,
                   .signals = signals({"good", "bad"}),
                   .ties = true},
                  {.id = "same", .kind = TrialKind::abx, .signals = signals({"good", "bad"}), .repeats = 3},
                  {.id = "step",
                   .kind = TrialKind::likert,
                   .prompt = "Natural?",
                   .signals = signals({"good", "bad"}),
                   .scale = {"no", "a little", "yes"}}};
  return study;
}

/// Its folder.
inline void write(const std::filesystem::path& folder, const soundalike::StudyDefinition& study = definition()) {
  std::filesystem::create_directories(folder / "stimuli");
  double hz = 300.0;
  for (const auto& condition : study.conditions) {
    soundalike::write_audio(folder / "stimuli" / (condition.name + ".wav"), sine(hz, 0.6, 8000.0));
    hz += 100.0;
  }
  soundalike::write_file(folder / soundalike::study_file, to_toml(study));
}

inline soundalike::StudyEvent event(std::int64_t seq, const std::string& type, const std::string& body) {
  return {seq, type, body};
}

/// Takes a whole session: every signal of every page gets `score(blind id)`. @return all events, in order.
template <typename Score>
std::vector<soundalike::StudyEvent> whole_session(soundalike::Study& study, const std::string& code,
                                                  const Score& score) {
  using namespace soundalike;
  std::vector<StudyEvent> sent;
  const auto send = [&](const std::string& type, const std::string& body) {
    sent.push_back(event(static_cast<std::int64_t>(sent.size()) + 1, type, body));
    study.append(code, {sent.back()});
  };
  send("consent", R"({"agreed": true})");
  send("answer", R"({"question": "device", "value": "headphones"})");
  send("questions_done", R"({"after": false})");
  for (auto state = study.state(code); state.trial; state = study.state(code)) {
    const TrialView& page = *state.trial;
    const std::string number = std::to_string(page.number);
    if (page.kind == TrialKind::mushra || page.kind == TrialKind::likert) {
      for (const std::string& id : page.stimuli) {
        send("rating", R"({"stimulus": ")" + id + R"(", "score": )" + std::to_string(score(id, page)) + "}");
      }
    } else {
      send("choice", R"({"trial": )" + number + R"(, "stimulus": ")" + page.stimuli[0] + R"("})");
    }
    send("trial_done", R"({"trial": )" + number + R"(, "seconds": 30})");
  }
  send("questions_done", R"({"after": true})");
  return sent;
}

}  // namespace example
