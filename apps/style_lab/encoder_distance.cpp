#include "encoder_distance.hpp"

#include <fmt/format.h>

#include <cmath>

#include "soundalike/encoder.hpp"

namespace soundalike::lab {
namespace {

class EncoderDistance final : public StyleDistance {
 public:
  explicit EncoderDistance(const Checkpoint& checkpoint) : encoder_(checkpoint) {
    for (std::size_t i = 0; i < encoder_.size(); ++i) names_.push_back(fmt::format("embedding.{}", i));
  }

  Description describe(AudioView recording) const override { return encoder_.encode(recording); }
  double distance(std::span<const float> a, std::span<const float> b) const override {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum);
  }
  const std::vector<std::string>& feature_names() const override { return names_; }

 private:
  Encoder encoder_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<StyleDistance> make_encoder_distance(const std::filesystem::path& checkpoint) {
  return std::make_unique<EncoderDistance>(read_checkpoint(checkpoint));
}

}  // namespace soundalike::lab
