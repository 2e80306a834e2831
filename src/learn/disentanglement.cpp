#include "soundalike/disentanglement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "soundalike/error.hpp"
#include "soundalike/forest.hpp"

namespace soundalike {
namespace {

constexpr std::size_t bins = 20;
constexpr std::size_t fewest = 20;

std::vector<float> column(Rows rows, std::size_t at) {
  std::vector<float> values;
  for (std::size_t i = 0; i < rows.count(); ++i) values.push_back(rows[i][at]);
  return values;
}

std::vector<std::size_t> binned(const std::vector<float>& values, std::size_t categories) {
  const auto [low, high] = std::ranges::minmax(values);
  std::vector<std::size_t> result;
  for (const float x : values) {
    const double share = high > low ? static_cast<double>(x - low) / static_cast<double>(high - low) : 0.0;
    result.push_back(categories > 0 ? static_cast<std::size_t>(x)
                                    : std::min(bins - 1, static_cast<std::size_t>(share * static_cast<double>(bins))));
  }
  return result;
}

template <typename Key>
double entropy(const std::vector<Key>& keys) {
  std::map<Key, std::size_t> counts;
  for (const Key& key : keys) ++counts[key];
  double sum = 0.0;
  for (const auto& [key, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(keys.size());
    sum -= share * std::log(share);
  }
  return sum;
}

double discrete_information(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
  std::vector<std::pair<std::size_t, std::size_t>> joint;
  for (std::size_t i = 0; i < a.size(); ++i) joint.emplace_back(a[i], b[i]);
  return entropy(a) + entropy(b) - entropy(joint);
}

/// The largest value less the next.
double gap(std::vector<double> values) {
  std::ranges::sort(values, std::ranges::greater{});
  return values.front() - (values.size() > 1 ? values[1] : 0.0);
}

double variance(const std::vector<float>& values) {
  double mean = 0.0, squares = 0.0;
  for (const float x : values) mean += static_cast<double>(x) / static_cast<double>(values.size());
  for (const float x : values) squares += std::pow(static_cast<double>(x) - mean, 2);
  return squares / static_cast<double>(values.size());
}

/// Share of the variance that goes together: squared correlation, or that of the categories' means.
double explained(const std::vector<float>& code, const std::vector<float>& factor, std::size_t categories) {
  const auto n = static_cast<double>(code.size());
  const double code_variance = variance(code), factor_variance = variance(factor);
  if (code_variance <= 1e-12 || factor_variance <= 1e-12) return 0.0;
  double mean = 0.0, factor_mean = 0.0, common = 0.0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    mean += static_cast<double>(code[i]) / n;
    factor_mean += static_cast<double>(factor[i]) / n;
  }
  if (categories == 0) {
    for (std::size_t i = 0; i < code.size(); ++i) {
      common += (static_cast<double>(code[i]) - mean) * (static_cast<double>(factor[i]) - factor_mean) / n;
    }
    return common * common / (code_variance * factor_variance);
  }
  std::map<float, std::pair<double, double>> sums;  // of each category: count, sum
  for (std::size_t i = 0; i < code.size(); ++i) {
    auto& [count, sum] = sums[factor[i]];
    count += 1.0;
    sum += static_cast<double>(code[i]);
  }
  for (const auto& [category, tally] : sums) {
    common += tally.first * std::pow(tally.second / tally.first - mean, 2) / n;
  }
  return common / code_variance;
}

/// How much each feature's splits take from the sum of squares, over all trees and examples.
std::vector<double> importance(const Forest& forest, const ForestExamples& examples) {
  const Forest::Parts& parts = forest.parts();
  std::vector<double> gains(parts.features);
  std::vector<double> count(parts.nodes.size()), sum(parts.nodes.size());
  for (std::size_t i = 0; i < examples.count; ++i) {
    const auto example = examples.features.subspan(i * parts.features, parts.features);
    for (const std::int64_t root : parts.roots) {
      for (auto at = static_cast<std::size_t>(root);;) {
        const Forest::Node& node = parts.nodes[at];
        count[at] += 1.0;
        sum[at] += static_cast<double>(examples.targets[i]);
        if (node.feature < 0) break;
        const bool right = !(example[static_cast<std::size_t>(node.feature)] <= node.threshold);
        at = static_cast<std::size_t>(node.child) + (right ? 1 : 0);
      }
    }
  }
  const auto square = [&](std::size_t node) { return count[node] > 0.0 ? sum[node] * sum[node] / count[node] : 0.0; };
  for (std::size_t i = 0; i < parts.nodes.size(); ++i) {
    if (parts.nodes[i].feature < 0) continue;
    const auto child = static_cast<std::size_t>(parts.nodes[i].child);
    gains[static_cast<std::size_t>(parts.nodes[i].feature)] += square(child) + square(child + 1) - square(i);
  }
  double total = 0.0;
  for (const double gain : gains) total += gain;
  for (double& gain : gains) gain = total > 0.0 ? gain / total : 0.0;
  return gains;
}

/// 1 less the entropy of shares, relative to even ones: 1 where one has all.
double concentration(const std::vector<double>& shares) {
  double total = 0.0, sum = 0.0;
  for (const double share : shares) total += share;
  if (total <= 0.0) return 0.0;
  for (const double share : shares) {
    if (share > 0.0) sum -= share / total * std::log(share / total);
  }
  return shares.size() < 2 ? 1.0 : 1.0 - sum / std::log(static_cast<double>(shares.size()));
}

void measure_dci(Rows codes, Rows factors, const DisentanglementOptions& options, Disentanglement& result) {
  const std::size_t half = codes.count() / 2, width = codes.width;
  result.importance.assign(width * factors.width, 0.0);
  for (std::size_t f = 0; f < factors.width; ++f) {
    const std::vector<float> factor = column(factors, f);
    const ForestExamples learnt{codes.values.first(half * width), std::span(factor).first(half), half};
    // A forced split on what means nothing would blur the importance of few codes.
    const std::size_t tried = std::max(std::min<std::size_t>(width, 8), width / 3);
    const Forest forest = Forest::fit(learnt, {.trees = 50,
                                               .features_per_split = tried,
                                               .minimum_leaf = 3,
                                               .seed = options.seed + f,
                                               .threads = options.threads});
    const auto gains = importance(forest, learnt);
    for (std::size_t d = 0; d < width; ++d) result.importance[d * factors.width + f] = gains[d];
    double squares = 0.0;
    const std::vector<float> rest(factor.begin() + static_cast<std::ptrdiff_t>(half), factor.end());
    for (std::size_t i = half; i < codes.count(); ++i) {
      squares += std::pow(static_cast<double>(forest.predict(codes[i])[0]) - static_cast<double>(factor[i]), 2);
    }
    const double all = variance(rest) * static_cast<double>(rest.size());
    result.dci_informativeness +=
        (all > 0.0 ? std::max(0.0, 1.0 - squares / all) : 0.0) / static_cast<double>(factors.width);
  }
  double total = 0.0;
  for (const double share : result.importance) total += share;
  for (std::size_t d = 0; d < width && total > 0.0; ++d) {
    const std::vector<double> row(result.importance.begin() + static_cast<std::ptrdiff_t>(d * factors.width),
                                  result.importance.begin() + static_cast<std::ptrdiff_t>((d + 1) * factors.width));
    double weight = 0.0;
    for (const double share : row) weight += share / total;
    result.dci_disentanglement += weight * concentration(row);
  }
  for (std::size_t f = 0; f < factors.width && total > 0.0; ++f) {
    std::vector<double> shares;
    double weight = 0.0;
    for (std::size_t d = 0; d < width; ++d) {
      shares.push_back(result.importance[d * factors.width + f]);
      weight += shares.back() / total;
    }
    result.dci_completeness += weight * concentration(shares);
  }
}

}  // namespace

Disentanglement measure_disentanglement(Rows codes, Rows factors, const DisentanglementOptions& options) {
  const auto finite = [](float x) { return std::isfinite(x); };
  if (codes.count() < fewest || codes.count() != factors.count() ||
      (!options.categories.empty() && options.categories.size() != factors.width) ||
      !std::ranges::all_of(codes.values, finite) || !std::ranges::all_of(factors.values, finite)) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot compare {} codes with {} factors: it takes at least {} of both, as many, all finite",
                    codes.count(), factors.count(), fewest));
  }
  Disentanglement result;
  std::vector<std::vector<float>> code;
  std::vector<std::vector<std::size_t>> code_bins;
  for (std::size_t d = 0; d < codes.width; ++d) {
    code.push_back(column(codes, d));
    code_bins.push_back(binned(code.back(), 0));
  }
  for (std::size_t f = 0; f < factors.width; ++f) {
    const std::size_t categories = options.categories.empty() ? 0 : options.categories[f];
    const std::vector<float> factor = column(factors, f);
    const auto factor_bins = binned(factor, categories);
    const double all = entropy(factor_bins);
    std::vector<double> information, shares;
    for (std::size_t d = 0; d < codes.width; ++d) {
      information.push_back(discrete_information(code_bins[d], factor_bins));
      shares.push_back(explained(code[d], factor, categories));
    }
    result.mig += (all > 0.0 ? gap(information) / all : 0.0) / static_cast<double>(factors.width);
    result.sap += gap(shares) / static_cast<double>(factors.width);
  }
  measure_dci(codes, factors, options, result);
  return result;
}

}  // namespace soundalike
