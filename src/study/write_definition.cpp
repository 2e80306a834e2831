#include <fmt/format.h>

#include "soundalike/study_definition.hpp"
#include "study/names.hpp"

namespace soundalike {
namespace {

std::string escaped(std::string_view text, bool keep_lines) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += keep_lines ? "\n" : "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string in_quotes(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return "\"" + escaped(text, false) + "\"";
  return "\"\"\"\n" + escaped(text, true) + "\"\"\"";
}

std::string list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", \"" : "\"") + escaped(text, false) + "\"";
  return out + "]";
}

// Lines "key = value" that leave out what is as by default.
class Lines {
 public:
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) add(key, in_quotes(value));
  }
  void word(std::string_view key, std::string_view value) { add(key, in_quotes(value)); }
  void flag(std::string_view key, bool value, bool fallback) {
    if (value != fallback) add(key, value ? "true" : "false");
  }
  void texts(std::string_view key, const std::vector<std::string>& value) {
    if (!value.empty()) add(key, list(value));
  }
  void add(std::string_view key, std::string_view value) { out_ += fmt::format("{} = {}\n", key, value); }
  void heading(std::string_view name) { out_ += fmt::format("\n[[{}]]\n", name); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void write_question(Lines& lines, const StudyQuestion& question) {
  lines.heading("question");
  lines.word("id", question.id);
  lines.text("text", question.text);
  lines.word("kind", name_of(question.kind));
  lines.texts("choices", question.choices);
  if (question.minimum != 0.0) lines.add("minimum", fmt::format("{}", question.minimum));
  if (question.maximum != 0.0) lines.add("maximum", fmt::format("{}", question.maximum));
  lines.flag("required", question.required, false);
  lines.flag("after", question.after, false);
}

void write_trial(Lines& lines, const StudyTrial& trial) {
  lines.heading("trial");
  lines.word("id", trial.id);
  lines.word("kind", name_of(trial.kind));
  lines.flag("training", trial.training, false);
  lines.text("group", trial.group);
  lines.text("prompt", trial.prompt);
  lines.text("reference", trial.reference.generic_string());
  lines.texts("scale", trial.scale);
  lines.flag("ties", trial.ties, false);
  if (trial.repeats != 1) lines.add("repeats", fmt::format("{}", trial.repeats));
  std::string signals = "[\n";
  for (const TrialSignal& signal : trial.signals) {
    signals += fmt::format("  {{ condition = {}, file = {} }},\n", in_quotes(signal.condition),
                           in_quotes(signal.file.generic_string()));
  }
  lines.add("signals", signals + "]");
}

}  // namespace

std::string to_toml(const StudyDefinition& study) {
  Lines lines;
  lines.word("name", study.name);
  lines.text("title", study.title);
  lines.text("attribute", study.attribute);
  lines.text("prompt", study.prompt);
  lines.text("consent", study.consent);
  lines.text("instructions", study.instructions);
  lines.text("farewell", study.farewell);
  if (study.seed != 0) lines.add("seed", fmt::format("{}", study.seed));
  if (study.order != TrialOrder::random) lines.word("order", name_of(study.order));
  lines.flag("loop", study.loop, true);
  lines.text("length_reason", study.length_reason);
  for (const StudyCondition& condition : study.conditions) {
    lines.heading("condition");
    lines.word("name", condition.name);
    lines.word("role", name_of(condition.role));
  }
  for (const StudyQuestion& question : study.questions) write_question(lines, question);
  for (const StudyTrial& trial : study.trials) write_trial(lines, trial);
  return lines.take();
}

}  // namespace soundalike
