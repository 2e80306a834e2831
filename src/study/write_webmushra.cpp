#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "soundalike/error.hpp"
#include "soundalike/webmushra.hpp"

namespace soundalike {
namespace {

void emit_page(YAML::Emitter& out, const char* type, const std::string& id, const std::string& name,
               const std::string& content) {
  out << YAML::BeginMap << YAML::Key << "type" << YAML::Value << type << YAML::Key << "id" << YAML::Value << id
      << YAML::Key << "name" << YAML::Value << name << YAML::Key << "content" << YAML::Value << content;
}

// The hidden reference is webMUSHRA's own affair: it adds one to every page.
void emit_trial(YAML::Emitter& out, const StudyTrial& trial, const StudyDefinition& study, const std::string& prefix) {
  const auto path = [&](const std::filesystem::path& file) { return prefix + "/" + file.generic_string(); };
  emit_page(out, "mushra", trial.id, trial.id, trial.prompt.empty() ? study.prompt : trial.prompt);
  out << YAML::Key << "showWaveform" << YAML::Value << false << YAML::Key << "enableLooping" << YAML::Value
      << study.loop << YAML::Key << "reference" << YAML::Value << path(trial.reference) << YAML::Key << "createAnchor35"
      << YAML::Value << false << YAML::Key << "createAnchor70" << YAML::Value << false << YAML::Key << "randomize"
      << YAML::Value << true << YAML::Key << "showConditionNames" << YAML::Value << false << YAML::Key << "stimuli"
      << YAML::Value << YAML::BeginMap;
  for (const TrialSignal& signal : trial.signals) {
    if (study.role(signal.condition) == ConditionRole::reference) continue;
    out << YAML::Key << signal.condition << YAML::Value << path(signal.file);
  }
  out << YAML::EndMap << YAML::EndMap;
}

void emit_question(YAML::Emitter& out, const StudyQuestion& q) {
  const bool steps = !q.choices.empty();
  const char* type = steps                               ? "likert"
                     : q.kind == QuestionKind::number    ? "number"
                     : q.kind == QuestionKind::long_text ? "long_text"
                                                         : "text";
  out << YAML::BeginMap << YAML::Key << "type" << YAML::Value << type << YAML::Key << "label" << YAML::Value << q.text
      << YAML::Key << "name" << YAML::Value << q.id;
  if (q.kind == QuestionKind::number && q.minimum != q.maximum) {
    out << YAML::Key << "min" << YAML::Value << q.minimum << YAML::Key << "max" << YAML::Value << q.maximum;
  }
  if (steps) {
    out << YAML::Key << "response" << YAML::Value << YAML::BeginSeq;
    for (const std::string& choice : q.choices) {
      out << YAML::BeginMap << YAML::Key << "value" << YAML::Value << choice << YAML::Key << "label" << YAML::Value
          << choice << YAML::EndMap;
    }
    out << YAML::EndSeq;
  }
  out << YAML::EndMap;
}

}  // namespace

std::string to_webmushra_yaml(const StudyDefinition& study, const std::string& prefix) {
  const auto emit_trials = [&](YAML::Emitter& out, bool training) {
    for (const StudyTrial& trial : study.trials) {
      if (trial.kind == TrialKind::mushra && trial.training == training) emit_trial(out, trial, study, prefix);
    }
  };
  if (std::ranges::none_of(study.trials,
                           [](const StudyTrial& t) { return t.kind == TrialKind::mushra && !t.training; })) {
    throw Error(ErrorCode::unsupported,
                fmt::format("cannot write study '{}' for webMUSHRA: it has no MUSHRA trials", study.name));
  }
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "testname" << YAML::Value << (study.title.empty() ? study.name : study.title)
      << YAML::Key << "testId" << YAML::Value << study.name << YAML::Key << "bufferSize" << YAML::Value << 2048
      << YAML::Key << "stopOnErrors" << YAML::Value << true << YAML::Key << "showButtonPreviousPage" << YAML::Value
      << false << YAML::Key << "remoteService" << YAML::Value << "service/write.php" << YAML::Key << "pages"
      << YAML::Value << YAML::BeginSeq;
  emit_page(out, "generic", "welcome", "Welcome",
            study.consent + (study.consent.empty() ? "" : "\n") + study.instructions);
  out << YAML::EndMap;
  emit_trials(out, true);
  out << YAML::BeginSeq;
  if (study.order != TrialOrder::fixed) out << "random";
  emit_trials(out, false);
  out << YAML::EndSeq;
  emit_page(out, "finish", "finish", "Thank you", study.farewell);
  out << YAML::Key << "showResults" << YAML::Value << false << YAML::Key << "writeResults" << YAML::Value << true;
  if (!study.questions.empty()) {
    out << YAML::Key << "questionnaire" << YAML::Value << YAML::BeginSeq;
    for (const StudyQuestion& question : study.questions) emit_question(out, question);
    out << YAML::EndSeq;
  }
  out << YAML::EndMap << YAML::EndSeq << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace soundalike
