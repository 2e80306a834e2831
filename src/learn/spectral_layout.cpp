#include "learn/spectral_layout.hpp"

#include <Spectra/SymEigsSolver.h>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/parallel.hpp"
#include "soundalike/pca.hpp"
#include "soundalike/rng.hpp"

namespace soundalike::learn {
namespace {

constexpr std::uint64_t noise_stream = 0x5bec;
constexpr double extent = 10.0;
constexpr double noise = 1e-4;  // of the extent
constexpr Eigen::Index most_basis = 64;
constexpr Eigen::Index restarts = 300;
constexpr double tolerance = 1e-4;
constexpr std::size_t rows_at_once = 2048;  // of a product; fewer are not worth a thread

/// I + D^(-1/2) W D^(-1/2) times a vector: the shift makes the wanted eigenvalues the largest in size.
class Operator {
 public:
  using Scalar = double;
  Operator(const Graph& graph, std::size_t threads) : graph_(graph), threads_(threads), scale_(graph.vertices()) {
    for (std::size_t i = 0; i < scale_.size(); ++i) {
      double degree = 0.0;
      for (std::size_t e = graph.begin[i]; e < graph.begin[i + 1]; ++e) degree += static_cast<double>(graph.weight[e]);
      scale_[i] = degree > 0.0 ? 1.0 / std::sqrt(degree) : 0.0;
    }
  }
  Eigen::Index rows() const { return static_cast<Eigen::Index>(scale_.size()); }
  Eigen::Index cols() const { return rows(); }
  void perform_op(const double* in, double* out) const {
    parallel_for((scale_.size() + rows_at_once - 1) / rows_at_once, threads_, [&](std::size_t block) {
      for (std::size_t i = block * rows_at_once; i < std::min(scale_.size(), (block + 1) * rows_at_once); ++i) {
        double sum = 0.0;
        for (std::size_t e = graph_.begin[i]; e < graph_.begin[i + 1]; ++e) {
          const std::size_t j = graph_.to[e];
          sum += static_cast<double>(graph_.weight[e]) * scale_[j] * in[j];
        }
        out[i] = in[i] + scale_[i] * sum;
      }
    });
  }

 private:
  const Graph& graph_;
  std::size_t threads_;
  std::vector<double> scale_;
};

/// [vertices x 2], largest coordinate 1; nothing where the solver does not get there, or the graph is too small.
std::optional<Eigen::MatrixXd> eigenvectors(const Graph& graph, std::size_t threads) {
  const auto n = static_cast<Eigen::Index>(graph.vertices());
  if (n < 8) return std::nullopt;
  Operator op(graph, threads);
  Spectra::SymEigsSolver<Operator> solver(op, 3, std::min(n, most_basis));
  solver.init();
  solver.compute(Spectra::SortRule::LargestAlge, restarts, tolerance);
  if (solver.info() != Spectra::CompInfo::Successful) return std::nullopt;
  Eigen::MatrixXd result = solver.eigenvectors(3).rightCols(2);
  for (Eigen::Index c = 0; c < 2; ++c) {
    Eigen::Index largest = 0;
    const double size = result.col(c).cwiseAbs().maxCoeff(&largest);
    if (!(size > 0.0) || !std::isfinite(size)) return std::nullopt;
    result.col(c) /= result(largest, c);
  }
  return result;
}

Eigen::MatrixXd principal_places(Rows examples) {
  const std::size_t n = examples.count(), found = std::min<std::size_t>(2, examples.width);
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n), 2);
  if (n < 2) return result;
  const std::vector<float> places = fit_pca(examples, found).project(examples);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < found; ++c) {
      result(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) = static_cast<double>(places[i * found + c]);
    }
  }
  const double size = result.cwiseAbs().maxCoeff();
  return size > 0.0 ? Eigen::MatrixXd(result / size) : result;
}

/// One part of a graph on its own, with its vertices' examples.
struct Part {
  std::vector<std::size_t> vertices;
  Graph graph{{0}, {}, {}};
  std::vector<float> examples;
};

std::vector<Part> parts_of(const Graph& graph, Rows examples, const std::vector<std::size_t>& component) {
  std::vector<Part> parts(std::ranges::max(component) + 1);
  std::vector<std::uint32_t> number(component.size());
  for (std::size_t i = 0; i < component.size(); ++i) {
    number[i] = static_cast<std::uint32_t>(parts[component[i]].vertices.size());
    parts[component[i]].vertices.push_back(i);
  }
  for (std::size_t i = 0; i < component.size(); ++i) {
    Part& part = parts[component[i]];
    for (std::size_t e = graph.begin[i]; e < graph.begin[i + 1]; ++e) {
      part.graph.to.push_back(number[graph.to[e]]);
      part.graph.weight.push_back(graph.weight[e]);
    }
    part.graph.begin.push_back(part.graph.to.size());
    part.examples.insert(part.examples.end(), examples[i].begin(), examples[i].end());
  }
  return parts;
}

/// Parts around their places, each within half of the way to the next.
Eigen::MatrixXd scattered(const Graph& graph, Rows examples, const std::vector<std::size_t>& component,
                          std::size_t threads) {
  const auto parts = parts_of(graph, examples, component);
  std::vector<float> means;
  for (const Part& part : parts) {
    std::vector<double> sum(examples.width);
    for (std::size_t i = 0; i < part.examples.size(); ++i) {
      sum[i % examples.width] += static_cast<double>(part.examples[i]);
    }
    for (const double total : sum)
      means.push_back(static_cast<float>(total / static_cast<double>(part.vertices.size())));
  }
  const Eigen::MatrixXd centers = principal_places({means, examples.width});
  Eigen::MatrixXd result(static_cast<Eigen::Index>(component.size()), 2);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    double room = std::numeric_limits<double>::infinity();
    for (std::size_t other = 0; other < parts.size(); ++other) {
      const auto a = static_cast<Eigen::Index>(p), b = static_cast<Eigen::Index>(other);
      const double distance = (centers.row(a) - centers.row(b)).norm();
      if (distance > 0.0) room = std::min(room, distance / 2.0);
    }
    if (std::isinf(room)) room = 1.0;
    const auto found = eigenvectors(parts[p].graph, threads);
    const Eigen::MatrixXd own = found ? *found : principal_places({parts[p].examples, examples.width});
    for (std::size_t i = 0; i < parts[p].vertices.size(); ++i) {
      result.row(static_cast<Eigen::Index>(parts[p].vertices[i])) =
          centers.row(static_cast<Eigen::Index>(p)) + room * own.row(static_cast<Eigen::Index>(i));
    }
  }
  return result;
}

}  // namespace

std::vector<float> spectral_layout(const Graph& graph, Rows examples, std::uint64_t seed, std::size_t threads) {
  const auto component = components(graph);
  Eigen::MatrixXd places;
  if (std::ranges::max(component) > 0) {
    places = scattered(graph, examples, component, threads);
  } else if (const auto found = eigenvectors(graph, threads)) {
    places = *found;
  } else {
    places = principal_places(examples);
  }
  Rng rng = Rng::derive(seed, noise_stream);
  for (Eigen::Index i = 0; i < places.rows(); ++i) {
    for (Eigen::Index c = 0; c < 2; ++c) places(i, c) += noise * rng.normal();
  }
  std::vector<float> result;
  const Eigen::RowVector2d low = places.colwise().minCoeff(), range = places.colwise().maxCoeff() - low;
  for (Eigen::Index i = 0; i < places.rows(); ++i) {
    for (Eigen::Index c = 0; c < 2; ++c) {
      result.push_back(static_cast<float>(extent * (places(i, c) - low[c]) / std::max(range[c], noise)));
    }
  }
  return result;
}

}  // namespace soundalike::learn
