#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace soundalike {

/// Every subject under every condition: row by row, [subjects x conditions].
///
///   RepeatedMeasures grades(listeners.size(), systems.size(), values);
///   if (friedman(grades).p < 0.05) for (const PairedComparison& c : pairwise_wilcoxon(grades)) ...
class RepeatedMeasures {
 public:
  /// @throws Error invalid_argument unless there are 2 subjects and 2 conditions at least, as many values as both say,
  ///         all finite.
  RepeatedMeasures(std::size_t subjects, std::size_t conditions, std::vector<double> values);
  std::size_t subjects() const { return subjects_; }
  std::size_t conditions() const { return conditions_; }
  double at(std::size_t subject, std::size_t condition) const { return values_[subject * conditions_ + condition]; }
  std::vector<double> condition(std::size_t condition) const;
  std::span<const double> subject(std::size_t subject) const {
    return std::span(values_).subspan(subject * conditions_, conditions_);
  }

 private:
  std::size_t subjects_, conditions_;
  std::vector<double> values_;
};

/// Friedman's test (1937), ties corrected (values within 1e-12 of each other are equal); p from chi-squared.
struct FriedmanResult {
  double chi_squared = 0.0, p = 1.0;
  double kendall_w = 0.0;          ///< agreement of the subjects, 0 to 1: chi_squared / (n (k - 1))
  std::vector<double> mean_ranks;  ///< by condition; 1 is the lowest
};
FriedmanResult friedman(const RepeatedMeasures& data);

/// One-way analysis of variance within subjects. Without sphericity its p is too small; the corrections multiply the
/// degrees of freedom by an estimate of epsilon: Greenhouse & Geisser (1959), careful, and Huynh & Feldt (1976), at
/// most 1, which BS.1534-3 names.
struct RepeatedAnova {
  double f = 0.0;                             ///< infinite when conditions differ and nothing else varies
  double numerator = 0.0, denominator = 0.0;  ///< degrees of freedom, uncorrected
  double p = 1.0;
  double greenhouse_geisser = 1.0, p_greenhouse_geisser = 1.0;
  double huynh_feldt = 1.0, p_huynh_feldt = 1.0;
  double partial_eta_squared = 0.0;  ///< share of the variance within subjects that conditions explain
};
RepeatedAnova repeated_anova(const RepeatedMeasures& data);

/// Two of the conditions.
struct PairedComparison {
  std::size_t first = 0, second = 0;
  double p = 1.0;
  double adjusted_p = 1.0;  ///< for all pairs together
};
/// Wilcoxon's signed rank for every pair, with Holm's correction.
std::vector<PairedComparison> pairwise_wilcoxon(const RepeatedMeasures& data);
/// Nemenyi's test after Friedman's: all pairs by their mean ranks (Demsar 2006). p is adjusted already.
std::vector<PairedComparison> nemenyi(const RepeatedMeasures& data);

}  // namespace soundalike
