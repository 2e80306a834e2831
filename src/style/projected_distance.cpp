#include "style/projected_distance.hpp"

#include <Eigen/Dense>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"
#include "style/features.hpp"
#include "style/standardiser.hpp"

namespace soundalike::style {
namespace {

constexpr double stereo_share = 0.25;

class ProjectedDistance final : public StyleDistance {
 public:
  ProjectedDistance(const StyleView& view, const Model& model)
      : extractor_(view),
        standardiser_(make_standardiser(extractor_, model)),
        axes_(static_cast<Eigen::Index>(model.axes.size()), static_cast<Eigen::Index>(model.mono_features)) {
    const bool stereo = view.channels == 2;
    const double mono_scale = std::sqrt((stereo ? 1.0 - stereo_share : 1.0) / model.unit);
    for (std::size_t r = 0; r < model.axes.size(); ++r) {
      for (std::size_t j = 0; j < model.mono_features; ++j) {
        axes_(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(j)) =
            static_cast<float>(model.axes[r][j] * mono_scale);
      }
      names_.push_back(fmt::format("axis.{}", r));
    }
    std::vector<std::size_t> used;
    for (std::size_t i = model.mono_features; i < extractor_.names().size(); ++i) {
      if (extractor_.mask()[i]) used.push_back(i);
    }
    stereo_ = std::move(used);
    for (const std::size_t i : stereo_) names_.push_back(extractor_.names()[i]);
    // Two recordings of the same settings differ by 2 in the mean square of a standardised feature.
    if (!stereo_.empty()) {
      stereo_scale_ = static_cast<float>(std::sqrt(stereo_share / 2.0 / static_cast<double>(stereo_.size())));
    }
  }

  Description describe(AudioView recording) const override {
    std::vector<float> z = extractor_.extract(recording);
    standardiser_.apply(z);
    Description out(names_.size());
    Eigen::Map<Eigen::VectorXf>(out.data(), axes_.rows()).noalias() =
        axes_ * Eigen::Map<const Eigen::VectorXf>(z.data(), axes_.cols());
    const auto rank = static_cast<std::size_t>(axes_.rows());
    for (std::size_t i = 0; i < stereo_.size(); ++i) out[rank + i] = z[stereo_[i]] * stereo_scale_;
    return out;
  }

  double distance(std::span<const float> a, std::span<const float> b) const override {
    if (a.size() != names_.size() || b.size() != names_.size()) {
      throw Error(ErrorCode::invalid_argument, "cannot compare descriptions that another distance made");
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double d = static_cast<double>(a[i]) - b[i];
      sum += d * d;
    }
    return std::sqrt(sum);
  }

  const std::vector<std::string>& feature_names() const override { return names_; }

 private:
  FeatureExtractor extractor_;
  Standardiser standardiser_;
  Eigen::MatrixXf axes_;
  std::vector<std::size_t> stereo_;
  float stereo_scale_ = 0.0f;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<StyleDistance> make_projected_distance(const StyleView& view, const Model& model) {
  return std::make_unique<ProjectedDistance>(view, model);
}

}  // namespace soundalike::style
