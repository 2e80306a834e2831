#include "style/feature_distance.hpp"

#include <cmath>

#include "soundalike/error.hpp"

namespace soundalike::style {
namespace {

class FeatureDistance final : public StyleDistance {
 public:
  FeatureDistance(const StyleView& view, std::string_view prefix) : extractor_(view) {
    for (std::size_t i = 0; i < extractor_.names().size(); ++i) {
      if (!extractor_.mask()[i] || !extractor_.names()[i].starts_with(prefix)) continue;
      chosen_.push_back(i);
      names_.push_back(extractor_.names()[i]);
      scale_.push_back(1.0f / 3.0f);
    }
  }

  Description describe(AudioView recording) const override {
    const std::vector<float> all = extractor_.extract(recording);
    Description out(chosen_.size());
    for (std::size_t i = 0; i < chosen_.size(); ++i) out[i] = all[chosen_[i]] * scale_[i];
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
    return std::sqrt(sum / static_cast<double>(a.size()));
  }

  const std::vector<std::string>& feature_names() const override { return names_; }

 private:
  FeatureExtractor extractor_;
  std::vector<std::size_t> chosen_;
  std::vector<std::string> names_;
  std::vector<float> scale_;
};

}  // namespace

std::unique_ptr<StyleDistance> make_feature_distance(const StyleView& view, std::string_view prefix) {
  return std::make_unique<FeatureDistance>(view, prefix);
}

}  // namespace soundalike::style
