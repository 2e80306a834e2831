#include "soundalike/repeated_measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "soundalike/error.hpp"
#include "soundalike/multiple_comparisons.hpp"
#include "soundalike/paired_test.hpp"
#include "statistics/distributions.hpp"
#include "statistics/ranks.hpp"

namespace soundalike {
namespace {

double count(std::size_t n) { return static_cast<double>(n); }

}  // namespace

RepeatedMeasures::RepeatedMeasures(std::size_t subjects, std::size_t conditions, std::vector<double> values)
    : subjects_(subjects), conditions_(conditions), values_(std::move(values)) {
  if (subjects < 2 || conditions < 2 || values_.size() != subjects * conditions) {
    throw Error(ErrorCode::invalid_argument,
                "cannot compare " + std::to_string(conditions) + " conditions of " + std::to_string(subjects) +
                    " subjects from " + std::to_string(values_.size()) +
                    " values: needs two of each at least, and one value for each pair of them");
  }
  require_finite(values_, "repeated measures");
}

std::vector<double> RepeatedMeasures::condition(std::size_t condition) const {
  std::vector<double> result(subjects_);
  for (std::size_t s = 0; s < subjects_; ++s) result[s] = at(s, condition);
  return result;
}

FriedmanResult friedman(const RepeatedMeasures& data) {
  const double n = count(data.subjects());
  const double k = count(data.conditions());
  FriedmanResult result;
  result.mean_ranks.assign(data.conditions(), 0.0);
  double ties = 0.0;
  for (std::size_t s = 0; s < data.subjects(); ++s) {
    const Ranks ranks = ranks_of(snapped(data.subject(s)));
    for (std::size_t c = 0; c < data.conditions(); ++c) result.mean_ranks[c] += ranks.rank[c] / n;
    for (const std::size_t size : ranks.tie_sizes) ties += std::pow(count(size), 3) - count(size);
  }
  const double correction = 1.0 - ties / (n * k * (k * k - 1.0));
  if (correction <= 0.0) return result;  // every subject finds all conditions equal
  double spread = 0.0;
  for (const double rank : result.mean_ranks) spread += std::pow(rank - (k + 1.0) / 2.0, 2);
  result.chi_squared = 12.0 * n / (k * (k + 1.0)) * spread / correction;
  result.p = chi_squared_tail(result.chi_squared, k - 1.0);
  result.kendall_w = result.chi_squared / (n * (k - 1.0));
  return result;
}

RepeatedAnova repeated_anova(const RepeatedMeasures& data) {
  const std::size_t subjects = data.subjects();
  const std::size_t conditions = data.conditions();
  const double n = count(subjects);
  const double k = count(conditions);
  std::vector<double> of_subject(subjects), of_condition(conditions);
  double grand = 0.0;
  for (std::size_t s = 0; s < subjects; ++s) {
    for (std::size_t c = 0; c < conditions; ++c) {
      of_subject[s] += data.at(s, c) / k;
      of_condition[c] += data.at(s, c) / n;
      grand += data.at(s, c) / (n * k);
    }
  }
  // What is left when subjects and conditions are taken out; its covariance is the double-centred one.
  const auto residual = [&](std::size_t s, std::size_t c) {
    return data.at(s, c) - of_subject[s] - of_condition[c] + grand;
  };
  double between = 0.0;
  double error = 0.0;
  for (std::size_t c = 0; c < conditions; ++c) between += n * std::pow(of_condition[c] - grand, 2);
  for (std::size_t s = 0; s < subjects; ++s) {
    for (std::size_t c = 0; c < conditions; ++c) error += std::pow(residual(s, c), 2);
  }
  RepeatedAnova result;
  result.numerator = k - 1.0;
  result.denominator = (k - 1.0) * (n - 1.0);
  constexpr double rounding = 1e-20;
  if (between + error <= rounding * grand * grand) return result;
  result.partial_eta_squared = between / (between + error);
  if (error <= rounding * between) {
    result.f = std::numeric_limits<double>::infinity();
    result.p = result.p_greenhouse_geisser = result.p_huynh_feldt = 0.0;
    return result;
  }
  result.f = between / result.numerator / (error / result.denominator);
  result.p = f_tail(result.f, result.numerator, result.denominator);
  // Greenhouse & Geisser: trace^2 / ((k - 1) * sum of squares) of the double-centred covariance.
  double squares = 0.0;
  for (std::size_t a = 0; a < conditions; ++a) {
    for (std::size_t b = 0; b < conditions; ++b) {
      double covariance = 0.0;
      for (std::size_t s = 0; s < subjects; ++s) covariance += residual(s, a) * residual(s, b);
      squares += covariance * covariance;
    }
  }
  const double epsilon = std::min(1.0, error * error / ((k - 1.0) * squares));
  result.greenhouse_geisser = epsilon;
  const double below = (k - 1.0) * (n - 1.0 - (k - 1.0) * epsilon);
  result.huynh_feldt = below > 0.0 ? std::min(1.0, (n * (k - 1.0) * epsilon - 2.0) / below) : 1.0;
  const auto corrected = [&](double e) { return f_tail(result.f, e * result.numerator, e * result.denominator); };
  result.p_greenhouse_geisser = corrected(result.greenhouse_geisser);
  result.p_huynh_feldt = corrected(result.huynh_feldt);
  return result;
}

std::vector<PairedComparison> pairwise_wilcoxon(const RepeatedMeasures& data) {
  std::vector<PairedComparison> result;
  std::vector<double> p;
  for (std::size_t a = 0; a < data.conditions(); ++a) {
    for (std::size_t b = a + 1; b < data.conditions(); ++b) {
      p.push_back(wilcoxon_signed_rank(differences(data.condition(a), data.condition(b))).p);
      result.push_back({a, b, p.back(), 1.0});
    }
  }
  const auto adjusted = holm(p);
  for (std::size_t i = 0; i < result.size(); ++i) result[i].adjusted_p = adjusted[i];
  return result;
}

std::vector<PairedComparison> nemenyi(const RepeatedMeasures& data) {
  const auto ranks = friedman(data).mean_ranks;
  const double k = count(data.conditions());
  const double error = std::sqrt(k * (k + 1.0) / (12.0 * count(data.subjects())));
  std::vector<PairedComparison> result;
  for (std::size_t a = 0; a < data.conditions(); ++a) {
    for (std::size_t b = a + 1; b < data.conditions(); ++b) {
      const double p = range_tail(std::fabs(ranks[a] - ranks[b]) / error, static_cast<int>(data.conditions()));
      result.push_back({a, b, p, p});
    }
  }
  return result;
}

}  // namespace soundalike
