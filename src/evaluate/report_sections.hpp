#pragma once

#include <string>
#include <vector>

#include "soundalike/evaluation_summary.hpp"

namespace soundalike::evaluate {

/// Parts of the report page, each as HTML.

/// A heading of a table's column for each system that any case has, in the order of tables.
std::vector<std::string> systems_shown(const Evaluation& evaluation, const std::vector<CaseSummary>& summaries);

/// The system with the best mean of those that know no more than a user and have a number on every pair that any has;
/// null without one.
const SystemSummary* best_of(const CaseSummary& summary, bool lower);

/// "MOS", "dB"; empty for a bare number.
std::string unit_of(const std::string& metric);

/// All measures beside each other: means over all cases, each row with a link to its own section, "#m<index>".
std::string overview_section(const Evaluation& evaluation, const std::vector<ViewSummary>& summaries);

/// What failed and what had no value, with how often and where first.
std::string failures_section(const Evaluation& evaluation);

}  // namespace soundalike::evaluate
