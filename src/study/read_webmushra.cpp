#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>

#include "soundalike/error.hpp"
#include "soundalike/webmushra.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

class Reader {
 public:
  Reader(const fs::path& file, const fs::path& root) : file_(file), root_(root) {}

  WebMushraTest read() {
    const YAML::Node document = load();
    if (!document.IsMap()) refuse(document, "it is no map of testname, testId and pages");
    test_.study.name = plain_id(text(document, "testId", true));
    test_.study.title = text(document, "testname", false);
    test_.study.attribute = "basic audio quality";
    test_.options.align = false;
    const YAML::Node pages = document["pages"];
    if (!pages || !pages.IsSequence()) refuse(document, "it has no list of 'pages'");
    read_pages(pages);
    if (test_.items.empty()) refuse(pages, "it has no page of type mushra, paired_comparison or likert");
    test_.options.anchor35 = anchor35_.value_or(false);
    test_.options.anchor70 = anchor70_.value_or(false);
    return std::move(test_);
  }

 private:
  [[noreturn]] void refuse(const YAML::Node& node, const std::string& why) const {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use '{}', line {}: {}", file_.string(), node.Mark().line + 1, why));
  }

  YAML::Node load() const {
    try {
      return YAML::LoadFile(file_.string());
    } catch (const YAML::BadFile&) {
      throw Error(ErrorCode::not_found, fmt::format("cannot read '{}': no such file", file_.string()));
    } catch (const YAML::Exception& e) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot use '{}', line {}: {}", file_.string(), e.mark.line + 1, e.msg));
    }
  }

  std::string text(const YAML::Node& map, const char* key, bool needed) const {
    const YAML::Node value = map[key];
    if (!value || value.IsNull()) {
      if (needed) refuse(map, fmt::format("'{}' is missing", key));
      return "";
    }
    if (!value.IsScalar()) refuse(value, fmt::format("'{}' must be a text", key));
    return value.Scalar();
  }

  bool flag(const YAML::Node& map, const char* key) const {
    const YAML::Node value = map[key];
    if (!value) return false;
    bool result = false;
    if (!YAML::convert<bool>::decode(value, result)) refuse(value, fmt::format("'{}' must be true or false", key));
    return result;
  }

  static std::string plain_id(std::string text) {
    std::ranges::replace_if(
        text, [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_'; }, '_');
    return text;
  }

  // Lists in lists; the word "random" first says that the rest is shuffled.
  void read_pages(const YAML::Node& pages) {
    for (std::size_t i = 0; i < pages.size(); ++i) {
      const YAML::Node page = pages[i];
      if (page.IsSequence()) {
        read_pages(page);
      } else if (page.IsMap()) {
        read_page(page);
      } else if (i > 0 || !page.IsScalar() || page.Scalar() != "random") {
        refuse(page, "a page must be a map with a 'type'");
      }
    }
  }

  void read_page(const YAML::Node& page) {
    const std::string type = text(page, "type", true);
    if (type == "mushra") {
      read_mushra(page);
    } else if (type == "paired_comparison") {
      read_pairs(page);
    } else if (type == "likert_multi_stimulus" || type == "likert_single_stimulus") {
      read_likert(page, type == "likert_single_stimulus");
    } else if (type == "generic") {
      test_.study.instructions += (test_.study.instructions.empty() ? "" : "\n") + text(page, "content", false);
    } else if (type == "consent") {
      test_.study.consent += text(page, "content", false);
    } else if (type == "finish") {
      test_.study.farewell = text(page, "content", false);
      for (const YAML::Node& question : page["questionnaire"]) read_question(question);
    } else if (type != "volume") {  // the level is part of ours
      test_.ignored.push_back(fmt::format("{} page '{}'", type, text(page, "id", false)));
    }
  }

  std::vector<TrialSignal> stimuli_of(const YAML::Node& page) const {
    const YAML::Node stimuli = page["stimuli"];
    if (!stimuli || !stimuli.IsMap()) refuse(page, "'stimuli' must be a map of names and files");
    std::vector<TrialSignal> signals;
    for (const auto& entry : stimuli) {
      signals.push_back({plain_id(entry.first.as<std::string>()), root_ / entry.second.as<std::string>()});
    }
    return signals;
  }

  // Each stimulus beside the reference: which of the two is the reference? That is ABX.
  void read_pairs(const YAML::Node& page) {
    const std::string id = plain_id(text(page, "id", true));
    const std::string reference = text(page, "reference", true);
    for (const TrialSignal& signal : stimuli_of(page)) {
      StudyItem item{.id = id + "-" + signal.condition, .systems = {{"original", root_ / reference}, signal}};
      item.kind = TrialKind::abx;
      test_.items.push_back(std::move(item));
    }
  }

  void read_likert(const YAML::Node& page, bool one_by_one) {
    StudyItem item{.id = plain_id(text(page, "id", true)), .prompt = text(page, "content", false)};
    item.kind = TrialKind::likert;
    for (const YAML::Node& step : page["response"]) {
      const std::string label = text(step, "label", false);
      item.scale.push_back(label.empty() ? text(step, "value", true) : label);
    }
    if (item.scale.size() < 2) refuse(page, "a likert page needs a 'response' list of two steps at least");
    item.systems = stimuli_of(page);
    if (!one_by_one) {
      test_.items.push_back(std::move(item));
      return;
    }
    for (const TrialSignal& signal : item.systems) {
      StudyItem& alone = test_.items.emplace_back(item);
      alone.id += "-" + signal.condition;
      alone.systems = {signal};
    }
  }

  void read_mushra(const YAML::Node& page) {
    StudyItem item;
    item.id = plain_id(text(page, "id", true));
    item.reference = root_ / text(page, "reference", true);
    item.systems = stimuli_of(page);
    agree(anchor35_, page, "createAnchor35");
    agree(anchor70_, page, "createAnchor70");
    test_.items.push_back(std::move(item));
  }

  void agree(std::optional<bool>& known, const YAML::Node& page, const char* key) const {
    const bool here = flag(page, key);
    if (known && *known != here)
      refuse(page, fmt::format("pages disagree about '{}'; it must be the same for all", key));
    known = here;
  }

  void read_question(const YAML::Node& node) {
    StudyQuestion question;
    question.id = plain_id(text(node, "name", true));
    question.text = text(node, "label", false);
    question.after = true;
    const std::string type = text(node, "type", true);
    if (type == "number") {
      question.kind = QuestionKind::number;
      if (node["min"]) question.minimum = node["min"].as<double>(0.0);
      if (node["max"]) question.maximum = node["max"].as<double>(0.0);
    } else if (type == "likert") {
      question.kind = QuestionKind::likert;
      for (const YAML::Node& step : node["response"]) question.choices.push_back(text(step, "label", true));
      if (question.choices.empty()) refuse(node, "a likert question needs a 'response' list");
    } else if (type == "long_text") {
      question.kind = QuestionKind::long_text;
    } else if (type != "text") {
      refuse(node, fmt::format("unknown type of question '{}'; known: text, number, likert, long_text", type));
    }
    test_.study.questions.push_back(std::move(question));
  }

  fs::path file_, root_;
  WebMushraTest test_;
  std::optional<bool> anchor35_, anchor70_;
};

}  // namespace

WebMushraTest read_webmushra(const fs::path& yaml, const fs::path& root) { return Reader(yaml, root).read(); }

}  // namespace soundalike
