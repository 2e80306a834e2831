#include <fmt/ranges.h>

#include <fstream>
#include <iterator>

#include "soundalike/study_definition.hpp"
#include "study/toml_reader.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

// Study folders are sent around: a file elsewhere would not come along, and could be anything.
fs::path inner_path(TomlReader& reader, std::string_view key) {
  const std::string text = reader.text(key);
  fs::path path = fs::path(text).lexically_normal();
  if (text.empty()) return {};
  if (path.is_absolute() || *path.begin() == "..") {
    reader.refuse(reader.node(key), fmt::format("'{}' lies outside the study's folder; copy it in", text));
  }
  return path;
}

void refuse_twice(std::set<std::string>& seen, const std::string& id, const char* what, TomlReader& reader,
                  std::string_view key) {
  if (!seen.insert(id).second) {
    reader.refuse(reader.node(key), fmt::format("{} '{}' is there twice; each needs a name of its own", what, id));
  }
}

StudyQuestion read_question(TomlReader& reader) {
  StudyQuestion question;
  question.id = reader.id("id");
  question.text = reader.text("text");
  question.kind = reader.word("kind", QuestionKind::text);
  question.choices = reader.texts("choices");
  question.minimum = reader.number("minimum");
  question.maximum = reader.number("maximum");
  question.required = reader.flag("required", false);
  question.after = reader.flag("after", false);
  const bool chooses = question.kind == QuestionKind::choice || question.kind == QuestionKind::likert;
  if (chooses != !question.choices.empty()) {
    reader.refuse(nullptr, chooses ? "'choices' is missing" : "'choices' is for kinds choice and likert only");
  }
  return question;
}

StudyTrial read_trial(TomlReader& reader, const StudyDefinition& study) {
  StudyTrial trial;
  trial.id = reader.id("id");
  trial.kind = reader.word("kind", TrialKind::mushra);
  trial.training = reader.flag("training", false);
  trial.group = reader.text("group");
  trial.prompt = reader.text("prompt");
  trial.reference = inner_path(reader, "reference");
  trial.scale = reader.texts("scale");
  trial.ties = reader.flag("ties", false);
  trial.repeats = static_cast<std::size_t>(reader.whole("repeats", 1, 1));
  std::set<std::string> seen;
  reader.each("signals", [&](TomlReader& signal) {
    TrialSignal read{signal.id("condition"), inner_path(signal, "file")};
    refuse_twice(seen, read.condition, "condition", signal, "condition");
    if (std::ranges::find(study.conditions, read.condition, &StudyCondition::name) == study.conditions.end()) {
      signal.refuse(signal.node("condition"), fmt::format("there is no [[condition]] named '{}'", read.condition));
    }
    if (read.file.empty()) signal.refuse(nullptr, "'file' is missing");
    trial.signals.push_back(std::move(read));
  });
  const std::size_t least = trial.kind == TrialKind::likert ? 1 : 2;
  if (trial.signals.size() < least) {
    reader.refuse(nullptr, fmt::format("a {} trial needs at least {} signals, '{}' has {}", name_of(trial.kind), least,
                                       trial.id, trial.signals.size()));
  }
  if (trial.kind == TrialKind::mushra && trial.reference.empty()) {
    reader.refuse(nullptr, fmt::format("'reference' is missing: mushra trial '{}' needs one", trial.id));
  }
  if ((trial.kind == TrialKind::likert) != (trial.scale.size() >= 2)) {
    reader.refuse(nullptr, "'scale' names the steps of likert trials, at least two, and of no others");
  }
  return trial;
}

StudyDefinition read(const toml::table& table, const std::string& file) {
  StudyDefinition study;
  TomlReader reader(table, file);
  study.name = reader.id("name");
  study.title = reader.text("title");
  study.attribute = reader.text("attribute");
  study.prompt = reader.text("prompt");
  study.consent = reader.text("consent");
  study.instructions = reader.text("instructions");
  study.farewell = reader.text("farewell");
  study.seed = static_cast<std::uint64_t>(reader.whole("seed", 0, 0));
  study.order = reader.word("order", TrialOrder::random);
  study.loop = reader.flag("loop", true);
  study.length_reason = reader.text("length_reason");
  std::set<std::string> conditions, questions, trials;
  reader.each("condition", [&](TomlReader& inner) {
    study.conditions.push_back({inner.id("name"), inner.word("role", ConditionRole::system)});
    refuse_twice(conditions, study.conditions.back().name, "condition", inner, "name");
  });
  reader.each("question", [&](TomlReader& inner) {
    study.questions.push_back(read_question(inner));
    refuse_twice(questions, study.questions.back().id, "question", inner, "id");
  });
  reader.each("trial", [&](TomlReader& inner) {
    study.trials.push_back(read_trial(inner, study));
    refuse_twice(trials, study.trials.back().id, "trial", inner, "id");
  });
  reader.finish();
  if (std::ranges::all_of(study.trials, &StudyTrial::training)) {
    reader.refuse(nullptr, "there is no [[trial]] that counts");
  }
  return study;
}

}  // namespace

StudyDefinition parse_study(std::string_view toml, const std::string& file) {
  try {
    const toml::table table = toml::parse(toml, file);
    return read(table, file);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use '{}', line {}: {}", file, static_cast<int>(error.source().begin.line),
                            error.description()));
  }
}

StudyDefinition read_study(const fs::path& folder) {
  const fs::path file = folder / study_file;
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw Error(ErrorCode::not_found,
                fmt::format("cannot open study '{}': it holds no {} (soundalike study new makes one)", folder.string(),
                            study_file));
  }
  return parse_study(std::string(std::istreambuf_iterator<char>(in), {}), file.string());
}

}  // namespace soundalike
