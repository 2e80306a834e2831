#include "soundalike/classifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>

#include "learn/logistic.hpp"
#include "learn/standardise.hpp"
#include "soundalike/error.hpp"
#include "soundalike/forest.hpp"
#include "soundalike/nearest.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

constexpr std::size_t voters = 5;

std::size_t class_count(std::span<const int> classes) {
  return static_cast<std::size_t>(std::ranges::max(classes)) + 1;
}

int largest_of(std::span<const float> values) {
  return static_cast<int>(std::ranges::max_element(values) - values.begin());
}

Classify fit_forest(const LabelledRows& examples, std::uint64_t seed, std::size_t threads) {
  const std::size_t outputs = class_count(examples.classes), count = examples.classes.size();
  std::vector<float> targets(count * outputs);
  for (std::size_t i = 0; i < count; ++i) targets[i * outputs + static_cast<std::size_t>(examples.classes[i])] = 1.0f;
  const auto tried = static_cast<std::size_t>(std::max(1.0, std::floor(std::sqrt(examples.rows.width))));
  const auto forest = std::make_shared<const Forest>(
      Forest::fit({examples.rows.values, targets, count},
                  {.trees = 100, .features_per_split = tried, .seed = seed, .threads = threads}));
  return [forest](Rows fresh) {
    std::vector<int> answers;
    for (std::size_t i = 0; i < fresh.count(); ++i) answers.push_back(largest_of(forest->predict(fresh[i])));
    return answers;
  };
}

Classify fit_logistic(const LabelledRows& examples, std::uint64_t, std::size_t) {
  const auto model = std::make_shared<const learn::Logistic>(
      learn::fit_logistic(examples.rows, examples.classes, class_count(examples.classes)));
  return [model](Rows fresh) { return model->classify(fresh); };
}

Classify fit_nearest(const LabelledRows& examples, std::uint64_t, std::size_t threads) {
  struct Memory {
    learn::Scale scale;
    std::vector<float> rows;
    std::vector<int> classes;
  };
  auto memory = std::make_shared<Memory>();
  memory->scale = learn::fit_scale(examples.rows);
  memory->rows = memory->scale.standardised(examples.rows);
  memory->classes.assign(examples.classes.begin(), examples.classes.end());
  return [memory, threads](Rows fresh) {
    const std::vector<float> rows = memory->scale.standardised(fresh);
    const std::size_t width = fresh.width;
    const Neighbours near =
        nearest_to({rows, width}, {memory->rows, width}, std::min(voters, memory->classes.size()), threads);
    std::vector<int> answers;
    for (std::size_t i = 0; i < fresh.count(); ++i) {
      std::map<int, std::size_t> votes;
      for (const std::uint32_t j : near.of(i)) ++votes[memory->classes[j]];
      const std::size_t most = std::ranges::max_element(votes, {}, [](const auto& v) { return v.second; })->second;
      const auto elected = std::ranges::find_if(near.of(i), [&](auto j) { return votes[memory->classes[j]] == most; });
      answers.push_back(memory->classes[*elected]);
    }
    return answers;
  };
}

constexpr std::array kinds{
    ClassifierKind{"forest", "100 trees of Gini impurity", fit_forest},
    ClassifierKind{"logistic", "multinomial logistic regression", fit_logistic},
    ClassifierKind{"nearest", "5 nearest neighbours", fit_nearest},
};

/// The fold of each example.
std::vector<std::size_t> folds_of(std::span<const std::size_t> groups, std::size_t folds, std::uint64_t seed) {
  std::map<std::size_t, std::size_t> size;
  for (const std::size_t group : groups) ++size[group];
  std::vector<std::pair<std::size_t, std::size_t>> order(size.begin(), size.end());
  Rng rng(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  std::ranges::stable_sort(order, std::ranges::greater{}, [](const auto& group) { return group.second; });
  std::vector<std::size_t> filled(folds);
  std::map<std::size_t, std::size_t> fold;
  for (const auto& [group, count] : order) {
    const auto emptiest = std::ranges::min_element(filled);
    fold[group] = static_cast<std::size_t>(emptiest - filled.begin());
    *emptiest += count;
  }
  std::vector<std::size_t> result;
  for (const std::size_t group : groups) result.push_back(fold[group]);
  return result;
}

}  // namespace

std::span<const ClassifierKind> classifiers() { return kinds; }

ClassScores score_classes(std::span<const int> truth, std::span<const int> answers) {
  const std::size_t classes = std::max(class_count(truth), class_count(answers));
  ClassScores scores{0.0, 0.0, std::vector(classes, std::vector<std::size_t>(classes))};
  std::size_t right = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    ++scores.confusion[static_cast<std::size_t>(truth[i])][static_cast<std::size_t>(answers[i])];
    right += truth[i] == answers[i] ? 1 : 0;
  }
  scores.accuracy = static_cast<double>(right) / static_cast<double>(truth.size());
  for (std::size_t c = 0; c < classes; ++c) {
    std::size_t own = 0, given = 0;
    for (std::size_t other = 0; other < classes; ++other) {
      own += scores.confusion[c][other];
      given += scores.confusion[other][c];
    }
    const double both = static_cast<double>(own + given);
    if (both > 0.0) scores.macro_f1 += 2.0 * static_cast<double>(scores.confusion[c][c]) / both;
  }
  scores.macro_f1 /= static_cast<double>(classes);
  return scores;
}

std::vector<int> cross_validate(const ClassifierKind& kind, const LabelledRows& examples,
                                std::span<const std::size_t> groups, std::size_t folds, std::uint64_t seed,
                                std::size_t threads) {
  const std::size_t n = examples.rows.count(), width = examples.rows.width;
  std::vector<std::size_t> distinct(groups.begin(), groups.end());
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (n == 0 || examples.classes.size() != n || groups.size() != n || folds < 2 || distinct.size() < folds ||
      std::ranges::min(examples.classes) < 0 ||
      !std::ranges::all_of(examples.rows.values, [](float x) { return std::isfinite(x); })) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot cross-validate {} examples with {} classes in {} groups in {} folds: it takes a "
                            "class and a group for each, finite numbers, and a group for each of at least two folds",
                            n, examples.classes.size(), distinct.size(), folds));
  }
  const auto fold = folds_of(groups, folds, seed);
  std::vector<int> answers(n);
  for (std::size_t f = 0; f < folds; ++f) {
    std::vector<float> known, asked;
    std::vector<int> classes;
    std::vector<std::size_t> place;
    for (std::size_t i = 0; i < n; ++i) {
      auto& rows = fold[i] == f ? asked : known;
      rows.insert(rows.end(), examples.rows[i].begin(), examples.rows[i].end());
      if (fold[i] == f) {
        place.push_back(i);
      } else {
        classes.push_back(examples.classes[i]);
      }
    }
    const auto found = kind.fit({{known, width}, classes}, seed, threads)({asked, width});
    for (std::size_t i = 0; i < place.size(); ++i) answers[place[i]] = found[i];
  }
  return answers;
}

}  // namespace soundalike
