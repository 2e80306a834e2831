// paired_comparison.csv, lms.csv and lss.csv of webMUSHRA.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "soundalike/error.hpp"
#include "study/webmushra_tables.hpp"

namespace soundalike {
namespace {

constexpr std::string_view own_columns[] = {"session_test_id",      "session_uuid",  "trial_id",    "choice_reference",
                                            "choice_non_reference", "choice_answer", "choice_time", "choice_comment",
                                            "stimuli_rating",       "stimuli",       "rating_time"};

// Rows in the order in which sessions were sent, without a column that tells these apart.
class Rows {
 public:
  Rows(const CsvTable& table, const std::string& what, const WebMushraCsvOptions& options)
      : table_(table), options_(options), trial_(table.needed("trial_id")), what_(table.needed(what)) {
    for (std::size_t c = 0; c < table.header.size(); ++c) {
      if (std::ranges::find(own_columns, table.header[c]) == std::end(own_columns)) questions_.push_back(c);
    }
    const auto uuid = table.column("session_uuid");
    if (uuid >= 0) key_.push_back(static_cast<std::size_t>(uuid));
    if (uuid < 0) key_ = questions_;
  }

  /// Of the row's listener, who is new where this is another session.
  std::string assessor(std::size_t r, StudyResults& results) {
    const auto& row = table_.rows[r];
    std::vector<std::string> key;
    for (const std::size_t c : key_) key.push_back(row[c]);
    const bool again = !answered_.emplace(row[trial_], row[what_]).second;
    if (results.listeners.empty() || key != last_ || again) {
      last_ = key;
      answered_ = {{row[trial_], row[what_]}};
      results.listeners.push_back({fmt::format("A{:03}", results.listeners.size() + 1), true, 0.0, ""});
      for (const std::size_t c : questions_) {
        if (!row[c].empty()) results.answers.push_back({results.listeners.back().assessor, table_.header[c], row[c]});
      }
    }
    results.listeners.back().minutes += seconds(r) / 60.0;
    return results.listeners.back().assessor;
  }

  double seconds(std::size_t r) const {
    for (const char* name : {"choice_time", "rating_time"}) {
      const auto c = table_.column(name);
      if (c >= 0) return csv_number(table_.rows[r][static_cast<std::size_t>(c)]).value_or(0.0) / 1000.0;
    }
    return 0.0;
  }
  const std::string& trial(std::size_t r) const { return table_.rows[r][trial_]; }
  const std::string& what(std::size_t r) const { return table_.rows[r][what_]; }
  bool training(std::size_t r) const {
    return std::ranges::find(options_.training, trial(r)) != options_.training.end();
  }
  std::string group(std::size_t r) const {
    const auto found = options_.groups.find(trial(r));
    return found == options_.groups.end() ? "" : found->second;
  }

 private:
  const CsvTable& table_;
  const WebMushraCsvOptions& options_;
  std::size_t trial_, what_;
  std::vector<std::size_t> questions_, key_;
  std::vector<std::string> last_;
  std::set<std::pair<std::string, std::string>> answered_;
};

void name(StudyResults& results, const CsvTable& table) {
  if (table.rows.empty()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot use '{}': it has no rows", table.file));
  }
  const auto id = table.column("session_test_id");
  results.name = id < 0 ? "" : table.rows[0][static_cast<std::size_t>(id)];
}

void add_condition(StudyResults& results, const std::string& condition, ConditionRole role) {
  if (std::ranges::find(results.conditions, condition, &StudyCondition::name) != results.conditions.end()) return;
  results.conditions.push_back({condition, role});
}

ConditionRole role_of(const std::string& condition, const WebMushraCsvOptions& options) {
  const auto found = options.roles.find(condition);
  return found == options.roles.end() ? ConditionRole::system : found->second;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

StudyResults webmushra_pairs(const CsvTable& table, const WebMushraCsvOptions& options) {
  Rows rows(table, "choice_non_reference", options);
  const std::size_t reference = table.needed("choice_reference"), answer = table.needed("choice_answer");
  const auto comment = table.column("choice_comment");
  StudyResults results;
  name(results, table);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    StudyChoice choice{rows.assessor(r, results),
                       rows.trial(r),
                       rows.group(r),
                       TrialKind::abx,
                       rows.training(r),
                       row[reference],
                       rows.what(r),
                       "",
                       row[reference],
                       rows.seconds(r),
                       comment < 0 ? "" : row[static_cast<std::size_t>(comment)]};
    add_condition(results, choice.first, ConditionRole::reference);
    add_condition(results, choice.second, role_of(choice.second, options));
    if (row[answer] == "unknown") continue;
    if (row[answer] == "correct") {
      choice.chosen = choice.first;
    } else if (row[answer] == "incorrect") {
      choice.chosen = choice.second;
    } else if (row[answer] != "undecided") {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot use '{}': row {}: choice_answer '{}' is none of correct, incorrect, undecided, "
                              "unknown",
                              table.file, r + 2, row[answer]));
    }
    results.choices.push_back(choice);
  }
  return results;
}

StudyResults webmushra_likert(const CsvTable& table, const WebMushraCsvOptions& options) {
  Rows rows(table, "stimuli", options);
  const std::size_t rating = table.needed("stimuli_rating");
  StudyResults results;
  name(results, table);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::string text = trimmed(table.rows[r][rating]);
    const std::string assessor = rows.assessor(r, results);
    const ConditionRole role = role_of(rows.what(r), options);
    add_condition(results, rows.what(r), role);
    if (text.empty() || text == "NA" || text == "undefined") continue;  // not rated
    const auto score = csv_number(text);
    if (!score) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot use '{}': row {}: stimuli_rating '{}' is no number; give the points of the scale "
                              "numbers as their 'value', or replace the words by numbers",
                              table.file, r + 2, text));
    }
    results.grades.push_back({assessor, rows.trial(r), rows.group(r), TrialKind::likert, rows.training(r), rows.what(r),
                              role, *score, rows.seconds(r), ""});
  }
  return results;
}

}  // namespace soundalike
