#include "study_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "soundalike/error.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

constexpr TrialKind kinds[] = {TrialKind::mushra, TrialKind::paired, TrialKind::abx, TrialKind::likert};
constexpr TrialOrder orders[] = {TrialOrder::random, TrialOrder::latin, TrialOrder::fixed};

// The one of these that is called so; the option's choices have let no other name through.
template <typename Value, std::size_t Count>
Value named(const Value (&values)[Count], const std::string& name) {
  const auto* found = std::ranges::find(values, name, [](Value value) { return to_string(value); });
  if (found == std::end(values)) throw Error(ErrorCode::internal, fmt::format("'{}' is none of the choices", name));
  return *found;
}

}  // namespace

Words trial_kinds() {
  Words words;
  for (const TrialKind kind : kinds) words.push_back(to_string(kind));
  return words;
}

Words trial_orders() {
  Words words;
  for (const TrialOrder order : orders) words.push_back(to_string(order));
  return words;
}

TrialKind parse_trial_kind(const std::string& name) { return named(kinds, name); }

TrialOrder parse_trial_order(const std::string& name) { return named(orders, name); }

void print_findings(const std::vector<LintFinding>& findings, Context& context) {
  Table table({{""}, {"where"}, {"what", false, true}});
  for (const bool error : {true, false}) {
    for (const LintFinding& f : findings) {
      if (f.error == error) table.add({error ? "error" : "warning", f.where, f.message});
    }
  }
  if (!table.empty()) context.print(table.text(0, context.colored()));
}

nlohmann::ordered_json findings_json(const std::vector<LintFinding>& findings) {
  auto out = nlohmann::ordered_json::array();
  for (const LintFinding& f : findings) out.push_back({{"error", f.error}, {"where", f.where}, {"message", f.message}});
  return out;
}

}  // namespace soundalike::cli
