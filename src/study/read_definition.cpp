#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>

#include "soundalike/error.hpp"
#include "soundalike/study_definition.hpp"
#include "soundalike/toml_table.hpp"
#include "study/names.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_repeats = 1000;

std::string text_of(TomlTable& table, std::string_view key) {
  std::string text;
  table.read(key, text);
  return text;
}

std::vector<std::string> texts_of(TomlTable& table, std::string_view key) {
  std::vector<std::string> texts;
  table.read(key, texts);
  return texts;
}

bool flag_of(TomlTable& table, std::string_view key, bool otherwise) {
  table.read(key, otherwise);
  return otherwise;
}

double number_of(TomlTable& table, std::string_view key) {
  double number = 0.0;
  table.read(key, number, std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max());
  return number;
}

template <typename Enum>
Enum word_of(TomlTable& table, std::string_view key, Enum otherwise) {
  std::string word(name_of(otherwise));
  table.read(key, word, {Names<Enum>::words.begin(), Names<Enum>::words.end()});
  return *from_name<Enum>(word);
}

// Letters, digits, '-' and '_'.
std::string id_of(TomlTable& table, std::string_view key) {
  table.demand(key);
  std::string id = text_of(table, key);
  const bool plain = !id.empty() && id.size() <= 100 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!plain) table.refuse(key, fmt::format("'{}' takes letters, digits, - and _, but is '{}'", key, id));
  return id;
}

// Study folders are sent around: a file elsewhere would not come along, and could be anything.
fs::path inner_path(TomlTable& table, std::string_view key) {
  const std::string text = text_of(table, key);
  fs::path path = fs::path(text).lexically_normal();
  if (text.empty()) return {};
  if (path.is_absolute() || *path.begin() == "..") {
    table.refuse(key, fmt::format("'{}' lies outside the study's folder; copy it in", text));
  }
  return path;
}

void refuse_twice(std::set<std::string>& seen, const std::string& id, const char* what, const TomlTable& table,
                  std::string_view key) {
  if (!seen.insert(id).second) {
    table.refuse(key, fmt::format("{} '{}' is there twice; each needs a name of its own", what, id));
  }
}

StudyQuestion read_question(TomlTable& table) {
  StudyQuestion question;
  question.id = id_of(table, "id");
  question.text = text_of(table, "text");
  question.kind = word_of(table, "kind", QuestionKind::text);
  question.choices = texts_of(table, "choices");
  question.minimum = number_of(table, "minimum");
  question.maximum = number_of(table, "maximum");
  question.required = flag_of(table, "required", false);
  question.after = flag_of(table, "after", false);
  const bool chooses = question.kind == QuestionKind::choice || question.kind == QuestionKind::likert;
  if (chooses != !question.choices.empty()) {
    table.refuse({}, chooses ? "'choices' is missing" : "'choices' is for kinds choice and likert only");
  }
  return question;
}

StudyTrial read_trial(TomlTable& table, const StudyDefinition& study) {
  StudyTrial trial;
  trial.id = id_of(table, "id");
  trial.kind = word_of(table, "kind", TrialKind::mushra);
  trial.training = flag_of(table, "training", false);
  trial.group = text_of(table, "group");
  trial.prompt = text_of(table, "prompt");
  trial.reference = inner_path(table, "reference");
  trial.scale = texts_of(table, "scale");
  trial.ties = flag_of(table, "ties", false);
  trial.repeats = 1;
  table.read("repeats", trial.repeats, 1, most_repeats);
  std::set<std::string> seen;
  for (TomlTable& signal : table.tables("signals")) {
    TrialSignal read{id_of(signal, "condition"), inner_path(signal, "file")};
    refuse_twice(seen, read.condition, "condition", signal, "condition");
    if (std::ranges::find(study.conditions, read.condition, &StudyCondition::name) == study.conditions.end()) {
      signal.refuse("condition", fmt::format("there is no [[condition]] named '{}'", read.condition));
    }
    if (read.file.empty()) signal.refuse("file", "'file' is missing");
    trial.signals.push_back(std::move(read));
    signal.finish();
  }
  const std::size_t least = trial.kind == TrialKind::likert ? 1 : 2;
  if (trial.signals.size() < least) {
    table.refuse({}, fmt::format("a {} trial needs at least {} signals, '{}' has {}", name_of(trial.kind), least,
                                 trial.id, trial.signals.size()));
  }
  if (trial.kind == TrialKind::mushra && trial.reference.empty()) {
    table.refuse({}, fmt::format("'reference' is missing: mushra trial '{}' needs one", trial.id));
  }
  if ((trial.kind == TrialKind::likert) != (trial.scale.size() >= 2)) {
    table.refuse({}, "'scale' names the steps of likert trials, at least two, and of no others");
  }
  return trial;
}

StudyDefinition read(TomlTable table) {
  StudyDefinition study;
  study.name = id_of(table, "name");
  study.title = text_of(table, "title");
  study.attribute = text_of(table, "attribute");
  study.prompt = text_of(table, "prompt");
  study.consent = text_of(table, "consent");
  study.instructions = text_of(table, "instructions");
  study.farewell = text_of(table, "farewell");
  study.seed = 0;
  table.read("seed", study.seed, 0, std::numeric_limits<std::int64_t>::max());
  study.order = word_of(table, "order", TrialOrder::random);
  study.loop = flag_of(table, "loop", true);
  study.length_reason = text_of(table, "length_reason");
  std::set<std::string> conditions, questions, trials;
  for (TomlTable& inner : table.tables("condition")) {
    study.conditions.push_back({id_of(inner, "name"), word_of(inner, "role", ConditionRole::system)});
    refuse_twice(conditions, study.conditions.back().name, "condition", inner, "name");
    inner.finish();
  }
  for (TomlTable& inner : table.tables("question")) {
    study.questions.push_back(read_question(inner));
    refuse_twice(questions, study.questions.back().id, "question", inner, "id");
    inner.finish();
  }
  for (TomlTable& inner : table.tables("trial")) {
    study.trials.push_back(read_trial(inner, study));
    refuse_twice(trials, study.trials.back().id, "trial", inner, "id");
    inner.finish();
  }
  table.finish();
  if (std::ranges::all_of(study.trials, &StudyTrial::training)) {
    table.refuse({}, "there is no [[trial]] that counts");
  }
  return study;
}

}  // namespace

StudyDefinition parse_study(std::string_view toml, const std::string& file) { return read(parse_toml(toml, file)); }

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
