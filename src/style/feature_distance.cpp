#include "style/feature_distance.hpp"

#include <cmath>

#include "soundalike/error.hpp"
#include "style/features.hpp"
#include "style/standardiser.hpp"

namespace soundalike::style {
namespace {

class FeatureDistance final : public StyleDistance {
 public:
  FeatureDistance(const StyleView& view, const Model& model, std::string_view prefix)
      : extractor_(view), standardiser_(make_standardiser(extractor_, model)) {
    for (std::size_t i = 0; i < extractor_.names().size(); ++i) {
      if (!extractor_.mask()[i] || !extractor_.names()[i].starts_with(prefix)) continue;
      chosen_.push_back(i);
      names_.push_back(extractor_.names()[i]);
    }
  }

  Description describe(AudioView recording) const override {
    std::vector<float> all = extractor_.extract(recording);
    standardiser_.apply(all);
    Description out(chosen_.size());
    for (std::size_t i = 0; i < chosen_.size(); ++i) out[i] = all[chosen_[i]];
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
    // Two recordings of the same settings differ by 2 in the mean square of a standardised feature.
    return std::sqrt(sum / (2.0 * static_cast<double>(a.size())));
  }

  const std::vector<std::string>& feature_names() const override { return names_; }

 private:
  FeatureExtractor extractor_;
  Standardiser standardiser_;
  std::vector<std::size_t> chosen_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<StyleDistance> make_feature_distance(const StyleView& view, const Model& model,
                                                     std::string_view prefix) {
  return std::make_unique<FeatureDistance>(view, model, prefix);
}

}  // namespace soundalike::style
