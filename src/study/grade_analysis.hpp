#pragma once

#include <string>
#include <vector>

#include "soundalike/study_analysis.hpp"

namespace soundalike {

/// Grades that count: of assessors who were not left out, without training.
/// @param group empty: all.
ScopeAnalysis analyse_scope(const std::vector<StudyGrade>& grades, const std::vector<StudyCondition>& conditions,
                            TrialKind kind, const std::string& group, const AnalysisOptions& options);

std::vector<ItemAnalysis> analyse_items(const std::vector<StudyGrade>& grades,
                                        const std::vector<StudyCondition>& conditions, const AnalysisOptions& options);

std::vector<AnswerAnalysis> analyse_answers(const std::vector<StudyGrade>& grades, const StudyResults& results,
                                            const AnalysisOptions& options);

std::vector<PreferenceAnalysis> analyse_preferences(const std::vector<StudyChoice>& choices,
                                                    const AnalysisOptions& options);
std::vector<AbxAnalysis> analyse_abx(const std::vector<StudyChoice>& choices);

}  // namespace soundalike
