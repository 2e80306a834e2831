#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "soundalike/error.hpp"
#include "soundalike/webmushra.hpp"
#include "study/csv.hpp"
#include "study/webmushra_tables.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view known_columns[] = {"session_test_id", "session_uuid", "trial_id",       "rating_stimulus",
                                              "rating_score",    "rating_time",  "rating_comment", "rating_date"};

ConditionRole role_of(const std::string& condition, const WebMushraCsvOptions& options) {
  static const std::map<std::string, ConditionRole> own{{"reference", ConditionRole::reference},
                                                        {"anchor35", ConditionRole::anchor35},
                                                        {"anchor70", ConditionRole::anchor70}};
  for (const auto* roles : {&options.roles, &own}) {
    const auto found = roles->find(condition);
    if (found != roles->end()) return found->second;
  }
  return ConditionRole::system;
}

class CsvReader {
 public:
  CsvReader(const fs::path& file, const WebMushraCsvOptions& options) : file_(file), options_(options) {}

  StudyResults read() {
    table_ = read_csv(file_);
    const std::size_t session = table_.needed("session_uuid"), trial = table_.needed("trial_id"),
                      stimulus = table_.needed("rating_stimulus"), score = table_.needed("rating_score");
    const auto time = table_.column("rating_time"), comment = table_.column("rating_comment");
    for (std::size_t r = 0; r < table_.rows.size(); ++r) {
      const auto& row = table_.rows[r];
      add(r, row[session], row[trial], row[stimulus], table_.number(r, score, 0.0, 100.0),
          time < 0 ? 0.0 : csv_number(row[static_cast<std::size_t>(time)]).value_or(0.0) / 1000.0,
          comment < 0 ? "" : row[static_cast<std::size_t>(comment)]);
    }
    if (results_.grades.empty()) refuse("it has no rows");
    add_listeners();
    const auto name = table_.column("session_test_id");
    results_.name = name < 0 ? file_.stem().string() : table_.rows[0][static_cast<std::size_t>(name)];
    return std::move(results_);
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot use '{}': {}", file_.string(), why));
  }

  void add(std::size_t row, const std::string& session, const std::string& trial, const std::string& condition,
           double score, double seconds, const std::string& comment) {
    const auto [known, fresh] = scores_.emplace(std::tuple{session, trial, condition}, score);
    if (!fresh && known->second == score) return;
    if (!fresh) {
      refuse(fmt::format("row {}: '{}' of trial '{}' has a second score of session {}: {} and {}", row + 2, condition,
                         trial, session, known->second, score));
    }
    const auto number = assessors_.emplace(session, assessors_.size() + 1).first->second;
    if (std::ranges::find(results_.conditions, condition, &StudyCondition::name) == results_.conditions.end()) {
      results_.conditions.push_back({condition, role_of(condition, options_)});
    }
    const auto group = options_.groups.find(trial);
    results_.grades.push_back({fmt::format("A{:03}", number), trial,
                               group == options_.groups.end() ? "" : group->second, TrialKind::mushra,
                               std::ranges::find(options_.training, trial) != options_.training.end(), condition,
                               role_of(condition, options_), score, seconds, comment});
  }

  // rating_time is that of the whole page, on each of its rows.
  void add_listeners() {
    std::map<std::string, std::map<std::string, double>> seconds;
    for (const StudyGrade& g : results_.grades) seconds[g.assessor][g.trial] = g.seconds;
    for (const auto& [assessor, by_trial] : seconds) {
      StudyListener listener{assessor, true, 0.0, ""};
      for (const auto& [trial, time] : by_trial) listener.minutes += time / 60.0;
      results_.listeners.push_back(listener);
    }
    const std::size_t session = table_.needed("session_uuid");
    for (std::size_t c = 0; c < table_.header.size(); ++c) {
      if (std::ranges::find(known_columns, table_.header[c]) != std::end(known_columns)) continue;
      std::set<std::string> seen;
      for (const auto& row : table_.rows) {
        if (row[c].empty() || !seen.insert(row[session]).second) continue;
        results_.answers.push_back({fmt::format("A{:03}", assessors_.at(row[session])), table_.header[c], row[c]});
      }
    }
  }

  fs::path file_;
  const WebMushraCsvOptions& options_;
  CsvTable table_;
  StudyResults results_;
  std::map<std::string, std::size_t> assessors_;
  std::map<std::tuple<std::string, std::string, std::string>, double> scores_;
};

}  // namespace

StudyResults read_webmushra_csv(const fs::path& file, const WebMushraCsvOptions& options) {
  const CsvTable table = read_csv(file);
  if (table.column("choice_answer") >= 0) return webmushra_pairs(table, options);
  if (table.column("stimuli_rating") >= 0) return webmushra_likert(table, options);
  return CsvReader(file, options).read();
}

std::string to_webmushra_csv(const StudyResults& results) {
  std::vector<std::string> questions;
  std::map<std::pair<std::string, std::string>, std::string> answers;
  for (const StudyAnswer& a : results.answers) {
    if (std::ranges::find(questions, a.question) == questions.end()) questions.push_back(a.question);
    answers[{a.assessor, a.question}] = a.value;
  }
  std::vector<std::string> header{"session_test_id"};
  header.insert(header.end(), questions.begin(), questions.end());
  header.insert(header.end(),
                {"session_uuid", "trial_id", "rating_stimulus", "rating_score", "rating_time", "rating_comment"});
  CsvWriter csv(header);
  for (const StudyGrade& g : results.grades) {
    if (g.training || g.kind != TrialKind::mushra) continue;
    std::vector<std::string> row{results.name};
    for (const std::string& q : questions) row.push_back(answers[{g.assessor, q}]);
    row.insert(row.end(), {g.assessor, g.trial, g.condition, fmt::format("{}", g.score),
                           fmt::format("{:.0f}", 1000.0 * g.seconds), g.comment});
    csv.row(row);
  }
  return csv.text();
}

}  // namespace soundalike
