#pragma once

#include "soundalike/webmushra.hpp"
#include "study/csv.hpp"

namespace soundalike {

/// paired_comparison.csv. @throws Error invalid_argument, as read_webmushra_csv().
StudyResults webmushra_pairs(const CsvTable& table, const WebMushraCsvOptions& options);
/// lms.csv and lss.csv. @throws Error the same.
StudyResults webmushra_likert(const CsvTable& table, const WebMushraCsvOptions& options);

}  // namespace soundalike
