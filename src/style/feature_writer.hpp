#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soundalike::style {

/// Where feature groups put their numbers. One code path makes both the values and, once, the names and the mask, so
/// they cannot disagree.
class FeatureWriter {
 public:
  explicit FeatureWriter(bool naming) : naming_(naming) {}

  /// @param name "<group>.<statistic>"; @param index ".<index>" is appended unless negative.
  /// @param used false for features above the bandwidth: kept for the layout, never compared.
  void put(std::string_view name, int index, float value, bool used = true) {
    values.push_back(used ? value : 0.0f);
    if (!naming_) return;
    names.emplace_back(name);
    if (index >= 0) names.back() += '.' + std::to_string(index);
    mask.push_back(used);
  }
  void put(std::string_view name, int index, int index2, float value, bool used = true) {
    values.push_back(used ? value : 0.0f);
    if (!naming_) return;
    names.push_back(std::string(name) + '.' + std::to_string(index) + '.' + std::to_string(index2));
    mask.push_back(used);
  }

  std::vector<float> values;
  std::vector<std::string> names;
  std::vector<bool> mask;

 private:
  bool naming_;
};

}  // namespace soundalike::style
