#pragma once

#include <Eigen/Dense>
#include <memory>
#include <vector>

namespace soundalike {

/// The shape of a normal distribution, C = B D^2 B^T up to the step size, and how it learns (Hansen 2016, "The CMA
/// Evolution Strategy: A Tutorial"). Full or diagonal.
class Covariance {
 public:
  /// One update: C <- decay C + rank_one p p^T + sum_i weights[i] y_i y_i^T.
  struct Update {
    double decay;
    double rank_one;
    const Eigen::VectorXd& path;
    const std::vector<double>& weights;  ///< those of active updates are negative
    const std::vector<Eigen::VectorXd>& steps;
  };

  virtual ~Covariance() = default;
  virtual Eigen::VectorXd color(const Eigen::VectorXd& z) const = 0;   ///< C^(1/2) z
  virtual Eigen::VectorXd whiten(const Eigen::VectorXd& y) const = 0;  ///< C^(-1/2) y
  virtual void learn(const Update& update) = 0;
  virtual double longest_axis() const = 0;  ///< largest standard deviation
  virtual double condition() const = 0;     ///< ratio of the longest to the shortest axis
  /// By how much c_1 and c_mu may be larger than for a full matrix.
  virtual double rate_factor() const = 0;
};

std::unique_ptr<Covariance> make_full_covariance(Eigen::Index dimensions);
/// Ros & Hansen 2008, "A Simple Modification in CMA-ES Achieving Linear Time and Space Complexity".
std::unique_ptr<Covariance> make_diagonal_covariance(Eigen::Index dimensions);

}  // namespace soundalike
