#pragma once

#include <string>
#include <vector>

#include "soundalike/study_analysis.hpp"

namespace soundalike {

/// A table of the report, whatever it is shown in.
struct ReportTable {
  std::string title;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

ReportTable screening_table(const Screening& screening);
ReportTable summary_table(const ScopeAnalysis& scope);
ReportTable comparison_table(const ScopeAnalysis& scope);
ReportTable item_table(const std::vector<ItemAnalysis>& items);
ReportTable answer_table(const StudyAnalysis& analysis);
ReportTable preference_table(const std::vector<PreferenceAnalysis>& preferences);
ReportTable abx_table(const std::vector<AbxAnalysis>& abx);

/// Friedman's and the analysis of variance's outcome, a sentence each; empty without tests.
std::vector<std::string> test_sentences(const ScopeAnalysis& scope);
/// Who listened, what was judged, what it may be called.
std::vector<std::string> opening_sentences(const StudyAnalysis& analysis);
std::string scope_title(const ScopeAnalysis& scope);

/// "0.0123", "< 0.0001".
std::string p_text(double p);

}  // namespace soundalike
