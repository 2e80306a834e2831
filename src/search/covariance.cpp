#include "search/covariance.hpp"

#include <algorithm>
#include <cmath>

namespace soundalike {
namespace {

class FullCovariance final : public Covariance {
 public:
  explicit FullCovariance(Eigen::Index n)
      : c_(Eigen::MatrixXd::Identity(n, n)), axes_(c_), lengths_(Eigen::VectorXd::Ones(n)) {}

  Eigen::VectorXd color(const Eigen::VectorXd& z) const override { return axes_ * lengths_.cwiseProduct(z); }
  Eigen::VectorXd whiten(const Eigen::VectorXd& y) const override {
    return axes_ * (axes_.transpose() * y).cwiseQuotient(lengths_);
  }
  void learn(const Update& u) override {
    c_ *= u.decay;
    c_ += u.rank_one * u.path * u.path.transpose();
    for (std::size_t i = 0; i < u.weights.size(); ++i) c_ += u.weights[i] * u.steps[i] * u.steps[i].transpose();
    c_ = 0.5 * (c_ + c_.transpose()).eval();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(c_);
    axes_ = eigen.eigenvectors();
    const double floor = 1e-14 * std::max(eigen.eigenvalues().maxCoeff(), 1e-300);
    lengths_ = eigen.eigenvalues().cwiseMax(floor).cwiseSqrt();
  }
  double longest_axis() const override { return lengths_.maxCoeff(); }
  double condition() const override { return lengths_.maxCoeff() / lengths_.minCoeff(); }
  double rate_factor() const override { return 1.0; }

 private:
  Eigen::MatrixXd c_;
  Eigen::MatrixXd axes_;     // B, one axis per column
  Eigen::VectorXd lengths_;  // D
};

class DiagonalCovariance final : public Covariance {
 public:
  explicit DiagonalCovariance(Eigen::Index n) : lengths_(Eigen::VectorXd::Ones(n)) {}

  Eigen::VectorXd color(const Eigen::VectorXd& z) const override { return lengths_.cwiseProduct(z); }
  Eigen::VectorXd whiten(const Eigen::VectorXd& y) const override { return y.cwiseQuotient(lengths_); }
  void learn(const Update& u) override {
    Eigen::VectorXd c = u.decay * lengths_.cwiseAbs2() + u.rank_one * u.path.cwiseAbs2();
    for (std::size_t i = 0; i < u.weights.size(); ++i) c += u.weights[i] * u.steps[i].cwiseAbs2();
    lengths_ = c.cwiseMax(1e-14 * std::max(c.maxCoeff(), 1e-300)).cwiseSqrt();
  }
  double longest_axis() const override { return lengths_.maxCoeff(); }
  double condition() const override { return lengths_.maxCoeff() / lengths_.minCoeff(); }
  double rate_factor() const override { return (static_cast<double>(lengths_.size()) + 2.0) / 3.0; }

 private:
  Eigen::VectorXd lengths_;
};

}  // namespace

std::unique_ptr<Covariance> make_full_covariance(Eigen::Index dimensions) {
  return std::make_unique<FullCovariance>(dimensions);
}

std::unique_ptr<Covariance> make_diagonal_covariance(Eigen::Index dimensions) {
  return std::make_unique<DiagonalCovariance>(dimensions);
}

}  // namespace soundalike
