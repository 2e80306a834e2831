#include "search/evolution.hpp"

#include <algorithm>
#include <cmath>

namespace soundalike {

Evolution::Evolution(Eigen::VectorXd mean, double sigma, std::size_t population, std::unique_ptr<Covariance> covariance)
    : mean_(std::move(mean)), sigma_(sigma), population_(population), covariance_(std::move(covariance)) {
  const auto n = static_cast<double>(mean_.size());
  const auto lambda = static_cast<double>(population);
  const std::size_t parents = population / 2;
  weights_.resize(population);
  double sum = 0.0;
  double squares = 0.0;
  double negative_sum = 0.0;
  double negative_squares = 0.0;
  for (std::size_t i = 0; i < population; ++i) {
    const double w = std::log((lambda + 1.0) / 2.0) - std::log(static_cast<double>(i) + 1.0);
    weights_[i] = w;
    (i < parents ? sum : negative_sum) += w;
    (i < parents ? squares : negative_squares) += w * w;
  }
  mu_effective_ = sum * sum / squares;
  const double negative_effective = negative_sum * negative_sum / negative_squares;

  c_sigma_ = (mu_effective_ + 2.0) / (n + mu_effective_ + 5.0);
  d_sigma_ = 1.0 + 2.0 * std::max(0.0, std::sqrt((mu_effective_ - 1.0) / (n + 1.0)) - 1.0) + c_sigma_;
  c_path_ = (4.0 + mu_effective_ / n) / (n + 4.0 + 2.0 * mu_effective_ / n);
  const double factor = covariance_->rate_factor();
  c_one_ = std::min(1.0, factor * 2.0 / ((n + 1.3) * (n + 1.3) + mu_effective_));
  c_mu_ = std::min(1.0 - c_one_, factor * 2.0 * (0.25 + mu_effective_ + 1.0 / mu_effective_ - 2.0) /
                                     ((n + 2.0) * (n + 2.0) + mu_effective_));
  chi_ = std::sqrt(n) * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));

  const double alpha = std::min({1.0 + c_one_ / c_mu_, 1.0 + 2.0 * negative_effective / (mu_effective_ + 2.0),
                                 (1.0 - c_one_ - c_mu_) / (n * c_mu_)});
  for (std::size_t i = 0; i < population; ++i) {
    weights_[i] *= i < parents ? 1.0 / sum : std::max(0.0, alpha) / std::abs(negative_sum);
  }
  path_sigma_ = Eigen::VectorXd::Zero(mean_.size());
  path_ = path_sigma_;
}

std::vector<Eigen::VectorXd> Evolution::sample(Rng& rng) {
  drawn_.clear();
  kept_.clear();
  std::vector<Eigen::VectorXd> points;
  while (points.size() < population_) {
    Eigen::VectorXd z(mean_.size());
    for (double& value : z) value = rng.normal();
    drawn_.push_back(covariance_->color(z));
    points.push_back((mean_ + sigma_ * drawn_.back()).cwiseMax(0.0).cwiseMin(1.0));
    kept_.push_back((points.back() - mean_) / sigma_);
  }
  return points;
}

void Evolution::inject(std::size_t i, const Eigen::VectorXd& point) {
  const auto n = static_cast<double>(mean_.size());
  Eigen::VectorXd step = (point - mean_) / sigma_;
  const double longest = std::sqrt(n) + 2.0 * n / (n + 2.0);
  step *= std::min(1.0, longest / std::max(1e-12, covariance_->whiten(step).norm()));
  drawn_[i] = step;
  kept_[i] = std::move(step);
}

void Evolution::learn(const std::vector<std::size_t>& ranking) {
  const auto n = static_cast<double>(mean_.size());
  Eigen::VectorXd shift = Eigen::VectorXd::Zero(mean_.size());
  for (std::size_t i = 0; i < population_ / 2; ++i) shift += weights_[i] * kept_[ranking[i]];
  mean_ += sigma_ * shift;

  path_sigma_ = (1.0 - c_sigma_) * path_sigma_ +
                std::sqrt(c_sigma_ * (2.0 - c_sigma_) * mu_effective_) * covariance_->whiten(shift);
  ++generation_;
  const double length = path_sigma_.norm();
  const double unbiased = length / std::sqrt(1.0 - std::pow(1.0 - c_sigma_, 2.0 * static_cast<double>(generation_)));
  const double stall = unbiased < (1.4 + 2.0 / (n + 1.0)) * chi_ ? 1.0 : 0.0;
  path_ = (1.0 - c_path_) * path_ + stall * std::sqrt(c_path_ * (2.0 - c_path_) * mu_effective_) * shift;

  std::vector<Eigen::VectorXd> ranked;
  std::vector<double> weights(population_);
  double weight_sum = 0.0;
  for (std::size_t i = 0; i < population_; ++i) {
    ranked.push_back(drawn_[ranking[i]]);
    weight_sum += weights_[i];
    weights[i] = c_mu_ * weights_[i];
    if (weights_[i] < 0.0) weights[i] *= n / std::max(1e-12, covariance_->whiten(ranked[i]).squaredNorm());
  }
  const double decay = 1.0 + c_one_ * (1.0 - stall) * c_path_ * (2.0 - c_path_) - c_one_ - c_mu_ * weight_sum;
  covariance_->learn({decay, c_one_, path_, weights, ranked});
  sigma_ *= std::exp(std::min(1.0, c_sigma_ / d_sigma_ * (length / chi_ - 1.0)));
  sigma_ = std::min(sigma_, 1.0 / covariance_->longest_axis());  // the box is no longer than that
}

}  // namespace soundalike
