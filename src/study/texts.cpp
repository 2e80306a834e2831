#include "soundalike/study_stimuli.hpp"

namespace soundalike {
namespace {

struct Texts {
  const char* prompt;
  const char* instructions;
};

// In the order of TrialKind.
constexpr Texts texts[] = {
    {"How similar is each sound to the reference?",
     "On each page you hear a reference and several sounds. Grade each from 0 (bad) to 100 (no difference from the "
     "reference). One of them is the reference itself, so at least one deserves 100. Switch as often as you like; the "
     "first page is for practice and does not count."},
    {"Which of the two is nearer to the reference?",
     "On each page you hear two sounds, and a reference where there is one. Say which you prefer by the question. "
     "Switch as "
     "often as you like."},
    {"Is X the same as A or as B?",
     "On each page X is the same recording as either A or B. Say which. If you cannot tell, guess."},
    {"How do you judge each sound?", "On each page, judge every sound by the steps given."},
};

}  // namespace

StudyDefinition default_study(TrialKind kind) {
  const Texts& chosen = texts[static_cast<std::size_t>(kind)];
  StudyDefinition study;
  study.title = "Listening test";
  study.attribute = kind == TrialKind::abx ? "audible difference" : "similarity to the reference";
  study.prompt = chosen.prompt;
  study.instructions = chosen.instructions;
  study.consent =
      "You take part of your own free will and may stop at any time. Stored are your grades, your answers, when you "
      "gave "
      "them, and what your browser says of its audio, under a random code: no name, no address. With the code you can "
      "take "
      "your data away or have it erased, until the results are published.";
  study.farewell = "Thank you. Keep your code if you may want your data erased.";
  study.questions = {
      {.id = "device",
       .text = "What do you listen with? Please keep to it throughout.",
       .kind = QuestionKind::choice,
       .choices = {"headphones", "loudspeakers"},
       .required = true},
      {.id = "experience",
       .text = "How used are you to judging sound?",
       .kind = QuestionKind::likert,
       .choices = {"not at all", "a little", "often", "by profession"}},
      {.id = "remarks", .text = "Anything you want to say?", .kind = QuestionKind::long_text, .after = true}};
  return study;
}

}  // namespace soundalike
