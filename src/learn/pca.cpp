#include "soundalike/pca.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

// Examples that are turned into doubles at once.
constexpr Eigen::Index block = 1024;

using FloatRows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

FloatRows matrix(Rows rows) {
  return {rows.values.data(), static_cast<Eigen::Index>(rows.count()), static_cast<Eigen::Index>(rows.width)};
}

}  // namespace

Pca fit_pca(Rows examples, std::size_t components) {
  if (examples.count() < 2 || components == 0 || components > examples.width) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot find {} principal components of {} examples with {} numbers each: it takes two "
                            "examples and as many numbers as components",
                            components, examples.count(), examples.width));
  }
  if (!std::ranges::all_of(examples.values, [](float x) { return std::isfinite(x); })) {
    throw Error(ErrorCode::invalid_argument, "cannot find principal components of NaN or infinite values");
  }
  const FloatRows x = matrix(examples);
  const Eigen::RowVectorXd mean = x.cast<double>().colwise().mean();
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(x.cols(), x.cols());
  for (Eigen::Index i = 0; i < x.rows(); i += block) {
    const Eigen::MatrixXd part = x.middleRows(i, std::min(block, x.rows() - i)).cast<double>().rowwise() - mean;
    covariance.selfadjointView<Eigen::Lower>().rankUpdate(part.transpose());
  }
  covariance /= static_cast<double>(x.rows() - 1);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);

  Pca pca;
  pca.mean.assign(mean.data(), mean.data() + mean.size());
  pca.total_variance = covariance.trace();
  for (std::size_t c = 0; c < components; ++c) {
    const Eigen::Index column = x.cols() - 1 - static_cast<Eigen::Index>(c);
    Eigen::VectorXd axis = solver.eigenvectors().col(column);
    Eigen::Index largest = 0;
    axis.cwiseAbs().maxCoeff(&largest);
    if (axis[largest] < 0.0) axis = -axis;
    for (const double value : axis) pca.axes.push_back(static_cast<float>(value));
    pca.variance.push_back(std::max(0.0, solver.eigenvalues()[column]));
  }
  return pca;
}

std::vector<float> Pca::project(Rows rows) const {
  if (rows.width != width()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot project {} numbers: the axes have {}", rows.width, width()));
  }
  std::vector<float> result;
  result.reserve(rows.count() * components());
  for (std::size_t i = 0; i < rows.count(); ++i) {
    for (std::size_t c = 0; c < components(); ++c) {
      double sum = 0.0;
      for (std::size_t d = 0; d < width(); ++d) {
        sum += (static_cast<double>(rows[i][d]) - static_cast<double>(mean[d])) *
               static_cast<double>(axes[c * width() + d]);
      }
      result.push_back(static_cast<float>(sum));
    }
  }
  return result;
}

}  // namespace soundalike
