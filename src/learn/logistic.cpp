#include "learn/logistic.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <deque>

namespace soundalike::learn {
namespace {

constexpr int most_steps = 500;
constexpr std::size_t remembered = 10;
constexpr double flat = 1e-5;  // of the gradient's largest entry, per example

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// Standardised numbers and a column of ones.
Matrix design(const Scale& scale, Rows rows) {
  const std::vector<float> values = scale.standardised(rows);
  Matrix x(static_cast<Eigen::Index>(rows.count()), static_cast<Eigen::Index>(rows.width) + 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    x(static_cast<Eigen::Index>(i / rows.width), static_cast<Eigen::Index>(i % rows.width)) =
        static_cast<double>(values[i]);
  }
  x.col(x.cols() - 1).setOnes();
  return x;
}

struct Loss {
  const Matrix& x;
  std::span<const int> classes;
  Eigen::Index count;

  double operator()(const Vector& flat_weights, Vector& gradient) const {
    const Eigen::Map<const Matrix> w(flat_weights.data(), x.cols(), count);
    Matrix scores = x * w;
    const Vector largest = scores.rowwise().maxCoeff();
    scores.colwise() -= largest;
    double loss = 0.0;
    for (Eigen::Index i = 0; i < x.rows(); ++i) loss -= scores(i, classes[static_cast<std::size_t>(i)]);
    scores = scores.array().exp();
    const Vector sums = scores.rowwise().sum();
    loss += sums.array().log().sum();
    scores.array().colwise() /= sums.array();
    for (Eigen::Index i = 0; i < x.rows(); ++i) scores(i, classes[static_cast<std::size_t>(i)]) -= 1.0;
    Matrix g = x.transpose() * scores;
    g.topRows(x.cols() - 1) += w.topRows(x.cols() - 1);
    gradient = Eigen::Map<const Vector>(g.data(), g.size());
    return loss + 0.5 * w.topRows(x.cols() - 1).squaredNorm();
  }
};

struct Pair {
  Vector step, change;
  double scale;
};

/// What the remembered pairs make of a gradient: the direction of the next step, reversed.
Vector direction(const std::deque<Pair>& pairs, const Vector& gradient) {
  Vector q = gradient;
  std::vector<double> share(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    share[i] = pairs[i].scale * pairs[i].step.dot(q);
    q -= share[i] * pairs[i].change;
  }
  if (!pairs.empty()) q *= pairs.back().step.dot(pairs.back().change) / pairs.back().change.squaredNorm();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    q += (share[i] - pairs[i].scale * pairs[i].change.dot(q)) * pairs[i].step;
  }
  return q;
}

}  // namespace

Logistic fit_logistic(Rows examples, std::span<const int> classes, std::size_t count) {
  Logistic model{fit_scale(examples), count, {}};
  const Matrix x = design(model.scale, examples);
  const Loss loss{x, classes, static_cast<Eigen::Index>(count)};
  Vector at = Vector::Zero(x.cols() * loss.count), gradient;
  double value = loss(at, gradient);
  std::deque<Pair> pairs;
  for (int step = 0; step < most_steps && gradient.cwiseAbs().maxCoeff() > flat * static_cast<double>(x.rows());
       ++step) {
    const Vector down = direction(pairs, gradient);
    const double slope = gradient.dot(down);
    double length = pairs.empty() ? 1.0 / std::max(1.0, gradient.norm()) : 1.0;
    Vector next, next_gradient;
    double next_value = value;
    for (int halving = 0; halving < 40; ++halving, length *= 0.5) {
      next = at - length * down;
      next_value = loss(next, next_gradient);
      if (next_value <= value - 1e-4 * length * slope) break;
    }
    Pair pair{next - at, next_gradient - gradient, 0.0};
    const double curvature = pair.step.dot(pair.change);
    const double gained = value - next_value;
    at = next;
    gradient = next_gradient;
    value = next_value;
    if (!(gained > 0.0)) break;
    if (curvature <= 0.0) continue;
    pair.scale = 1.0 / curvature;
    pairs.push_back(std::move(pair));
    if (pairs.size() > remembered) pairs.pop_front();
  }
  model.weights.assign(at.data(), at.data() + at.size());
  return model;
}

std::vector<int> Logistic::classify(Rows fresh) const {
  const Matrix x = design(scale, fresh);
  const Eigen::Map<const Matrix> w(weights.data(), x.cols(), static_cast<Eigen::Index>(classes));
  const Matrix scores = x * w;
  std::vector<int> answers;
  for (Eigen::Index i = 0; i < scores.rows(); ++i) {
    Eigen::Index best = 0;
    scores.row(i).maxCoeff(&best);
    answers.push_back(static_cast<int>(best));
  }
  return answers;
}

}  // namespace soundalike::learn
