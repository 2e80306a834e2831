#include "soundalike/style_fit.hpp"

#include <Eigen/Dense>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"
#include "style/features.hpp"
#include "style/model.hpp"

namespace soundalike {

struct StyleFeatures::State {
  style::FeatureExtractor extractor;
};

StyleFeatures::StyleFeatures(const StyleView& view) : state_(new State{style::FeatureExtractor(view)}) {}
StyleFeatures::~StyleFeatures() = default;
StyleFeatures::StyleFeatures(StyleFeatures&&) noexcept = default;
StyleFeatures& StyleFeatures::operator=(StyleFeatures&&) noexcept = default;
std::vector<float> StyleFeatures::extract(AudioView recording) const { return state_->extractor.extract(recording); }
const std::vector<std::string>& StyleFeatures::names() const { return state_->extractor.names(); }
const std::vector<bool>& StyleFeatures::mask() const { return state_->extractor.mask(); }

struct StyleFit::State {
  struct Group {
    std::vector<bool> mask;
    Eigen::MatrixXf first;  // [settings x features]
    Eigen::MatrixXf second;
  };
  std::vector<Group> groups;
  std::vector<std::string> names;  // the longest seen: stereo features come last
  std::size_t mono = 0;
};

namespace {

struct Standard {
  Eigen::MatrixXf first;  // [settings x features], standardised
  Eigen::MatrixXf second;
};

/// [features x rank]: generalised eigenvectors of the covariance over settings and the one over content, largest first,
/// scaled to unit content variance. Each group counts alike.
template <class Use>
Eigen::MatrixXf solve(const std::vector<Standard>& groups, Use use, const StyleFitOptions& options) {
  const Eigen::Index features = groups.front().first.cols();
  Eigen::MatrixXf within = Eigen::MatrixXf::Zero(features, features);
  Eigen::MatrixXf between = within;
  float count = 0.0f;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!use(g)) continue;
    const auto& [first, second] = groups[g];
    const float share = 1.0f / std::sqrt(static_cast<float>(first.rows()));
    const Eigen::MatrixXf noise = (first - second) * (share * std::sqrt(0.5f));
    const Eigen::MatrixXf spread = (first.rowwise() - first.colwise().mean()) * share;
    within.selfadjointView<Eigen::Lower>().rankUpdate(noise.transpose());
    between.selfadjointView<Eigen::Lower>().rankUpdate(spread.transpose());
    count += 1.0f;
  }
  within *= static_cast<float>(1.0 - options.shrinkage) / count;
  between /= count;
  within.diagonal().array() += static_cast<float>(options.shrinkage);
  const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXf> solver(between, within);  // reads the lower halves
  const auto rank = std::min<Eigen::Index>(static_cast<Eigen::Index>(options.rank), features);
  return solver.eigenvectors().rightCols(rank).rowwise().reverse();
}

}  // namespace

StyleFit::StyleFit() : state_(std::make_unique<State>()) {}
StyleFit::~StyleFit() = default;

void StyleFit::add(const StyleFeatures& features, std::span<const std::vector<float>> first,
                   std::span<const std::vector<float>> second) {
  if (first.size() != second.size() || first.size() < 2) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot fit on {} and {} renders: there must be equally many, at least 2", first.size(),
                            second.size()));
  }
  const std::size_t count = features.names().size();
  State::Group group{features.mask(), {}, {}};
  group.first.resize(static_cast<Eigen::Index>(first.size()), static_cast<Eigen::Index>(count));
  group.second.resizeLike(group.first);
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      group.first(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = first[i].at(j);
      group.second(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = second[i].at(j);
    }
  }
  if (count > state_->names.size()) state_->names = features.names();
  state_->mono = state_->mono == 0 ? count : std::min(state_->mono, count);
  state_->groups.push_back(std::move(group));
}

std::string StyleFit::model(const StyleFitOptions& options, std::string_view provenance) const {
  if (state_->groups.empty())
    throw Error(ErrorCode::invalid_argument, "cannot fit a style model: no renders were added");
  const std::size_t all = state_->names.size();
  style::Model model;
  model.names = state_->names;
  model.mono_features = state_->mono;
  // Mean and content variability of each feature over the groups that carry it.
  Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(static_cast<Eigen::Index>(all));
  Eigen::ArrayXd squares = sum;
  Eigen::ArrayXd count = sum;
  for (const auto& group : state_->groups) {
    for (Eigen::Index j = 0; j < group.first.cols(); ++j) {
      if (!group.mask[static_cast<std::size_t>(j)]) continue;
      sum[j] += 0.5 * (group.first.col(j).sum() + group.second.col(j).sum());
      squares[j] += 0.5 * (group.first.col(j) - group.second.col(j)).squaredNorm();
      count[j] += static_cast<double>(group.first.rows());
    }
  }
  for (Eigen::Index j = 0; j < count.size(); ++j) {
    model.mean.push_back(static_cast<float>(sum[j] / std::max(count[j], 1.0)));
    // A feature no group carries says nothing: a huge variability silences it.
    model.variability.push_back(count[j] > 0.0 ? static_cast<float>(std::max(1e-3, std::sqrt(squares[j] / count[j])))
                                               : 1e9f);
  }

  const auto mono = static_cast<Eigen::Index>(state_->mono);
  const auto standardised = [&](const Eigen::MatrixXf& raw, const std::vector<bool>& mask) {
    Eigen::MatrixXf out = raw.leftCols(mono);
    for (Eigen::Index j = 0; j < mono; ++j) {
      const auto k = static_cast<std::size_t>(j);
      if (!mask[k]) {
        out.col(j).setZero();
      } else {
        out.col(j) = ((out.col(j).array() - model.mean[k]) / model.variability[k]).max(-style::clip).min(style::clip);
      }
    }
    return out;
  };
  std::vector<Standard> groups;
  for (const auto& group : state_->groups) {
    groups.push_back({standardised(group.first, group.mask), standardised(group.second, group.mask)});
  }
  const Eigen::MatrixXf axes = solve(
      groups, [](std::size_t) { return true; }, options);
  for (Eigen::Index r = 0; r < axes.cols(); ++r) model.axes.emplace_back(axes.col(r).data(), axes.col(r).data() + mono);

  // The unit is measured on groups that the axes were not fitted on: content unheard is always farther than content
  // learnt by heart. Two folds, or the groups themselves when there is one.
  double squared = 0.0;
  double pairs = 0.0;
  for (std::size_t fold = 0; fold < 2; ++fold) {
    const bool alone = groups.size() == 1;
    const Eigen::MatrixXf others = alone ? axes
                                         : solve(
                                               groups, [&](std::size_t g) { return g % 2 != fold; }, options);
    for (std::size_t g = alone ? 0 : fold; g < groups.size(); g += 2) {
      squared += ((groups[g].first - groups[g].second) * others).squaredNorm();
      pairs += static_cast<double>(groups[g].first.rows());
    }
  }
  model.unit = squared / pairs;
  return model.to_json(provenance);
}

}  // namespace soundalike
