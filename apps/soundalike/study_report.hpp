#pragma once

#include <string>
#include <vector>

#include "context.hpp"
#include "option.hpp"
#include "soundalike/study_definition.hpp"

namespace soundalike::cli {

/// Kinds of trials and their orders, for option tables.
Words trial_kinds();
Words trial_orders();
TrialKind parse_trial_kind(const std::string& name);
TrialOrder parse_trial_order(const std::string& name);

/// Findings for people: errors, then warnings, one line each.
void print_findings(const std::vector<LintFinding>& findings, Context& context);
nlohmann::ordered_json findings_json(const std::vector<LintFinding>& findings);

}  // namespace soundalike::cli
