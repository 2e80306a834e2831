#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "soundalike/error.hpp"
#include "soundalike/study_results.hpp"
#include "study/csv.hpp"
#include "study/names.hpp"

namespace soundalike {
namespace {

constexpr double most_steps = 100.0;  // of a scale
constexpr double longest_page = 1e7;  // seconds

template <typename Enum>
Enum word(const CsvTable& table, std::size_t row, std::size_t column) {
  const auto value = from_name<Enum>(table.rows[row][column]);
  if (value) return *value;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot read '{}': row {}: {} '{}' is none of {}", table.file, row + 2, table.header[column],
                          table.rows[row][column], all_names<Enum>()));
}

}  // namespace

bool is_grades_csv(const std::filesystem::path& file) {
  const CsvTable table = read_csv(file);
  return table.column("assessor") >= 0 && table.column("condition") >= 0;
}

StudyResults read_grades_csv(const std::filesystem::path& file) {
  const CsvTable table = read_csv(file);
  const std::size_t assessor = table.needed("assessor"), trial = table.needed("trial"), group = table.needed("group"),
                    kind = table.needed("kind"), training = table.needed("training"),
                    condition = table.needed("condition"), role = table.needed("role"), score = table.needed("score"),
                    seconds = table.needed("seconds"), comment = table.needed("comment");
  StudyResults results;
  results.name = file.stem().string();
  std::map<std::string, std::map<std::string, double>> pages;  // seconds by assessor and trial
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    StudyGrade grade{row[assessor],
                     row[trial],
                     row[group],
                     word<TrialKind>(table, r, kind),
                     row[training] == "1",
                     row[condition],
                     word<ConditionRole>(table, r, role),
                     table.number(r, score, 0.0, most_steps),
                     table.number(r, seconds, 0.0, longest_page),
                     row[comment]};
    pages[grade.assessor][grade.trial] = grade.seconds;
    if (std::ranges::find(results.conditions, grade.condition, &StudyCondition::name) == results.conditions.end()) {
      results.conditions.push_back({grade.condition, grade.role});
    }
    results.grades.push_back(std::move(grade));
  }
  for (const auto& [name, times] : pages) {
    StudyListener listener{name, true, 0.0, ""};
    for (const auto& [page, time] : times) listener.minutes += time / 60.0;
    results.listeners.push_back(std::move(listener));
  }
  return results;
}

}  // namespace soundalike
