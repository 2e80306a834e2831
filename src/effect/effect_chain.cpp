#include "soundalike/effect_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

class ChainRun : public EffectRun {
 public:
  ChainRun(std::vector<std::unique_ptr<EffectRun>> runs, const RenderSetup& setup)
      : runs_(std::move(runs)),
        channels_(setup.channels),
        block_size_(setup.block_size),
        between_(2 * channels_ * block_size_) {}

  std::size_t latency() const override {
    std::size_t sum = 0;
    for (const auto& run : runs_) sum += run->latency();
    return sum;
  }

  void process(const float* const* in, float* const* out, std::size_t frames) override {
    std::array<const float*, 2> from{};
    std::copy_n(in, channels_, from.begin());
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      std::array<float*, 2> to{};
      for (std::size_t c = 0; c < channels_; ++c) {
        const std::size_t slot = (i % 2) * channels_ + c;  // two sets of buffers take turns
        to[c] = i + 1 == runs_.size() ? out[c] : between_.data() + slot * block_size_;
      }
      runs_[i]->process(from.data(), to.data(), frames);
      std::copy_n(to.begin(), channels_, from.begin());
    }
  }

 private:
  std::vector<std::unique_ptr<EffectRun>> runs_;
  std::size_t channels_;
  std::size_t block_size_;
  std::vector<float> between_;
};

}  // namespace

EffectChain::EffectChain(std::vector<std::unique_ptr<Effect>> effects) : effects_(std::move(effects)) {
  if (effects_.empty())
    throw Error(ErrorCode::invalid_argument, "cannot make a chain of no effects; give at least one");
  const RenderSetup& setup = effects_.front()->setup();
  for (std::size_t i = 0; i < effects_.size(); ++i) {
    const Effect& effect = *effects_[i];
    const RenderSetup& other = effect.setup();
    if (!(other.sample_rate == setup.sample_rate) || other.channels != setup.channels ||
        other.block_size != setup.block_size) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot chain '{}' to '{}': they were opened with different setups; open all with the "
                              "same rate, channels and block size",
                              effect.info().name, effects_.front()->info().name));
    }
    for (Parameter p : effect.parameters()) {
      if (i > 0) p.id = fmt::format("{}.{}", i + 1, p.id);
      parameters_.push_back(std::move(p));
    }
    info_.id += (i > 0 ? " + " : "") + effect.info().id;
    info_.name += (i > 0 ? " + " : "") + effect.info().name;
  }
  if (effects_.size() == 1) {
    info_ = effects_.front()->info();
  } else {
    info_.klass = "Chain";
    info_.audio_inputs = effects_.front()->info().audio_inputs;
    info_.audio_outputs = effects_.back()->info().audio_outputs;
  }
}

std::unique_ptr<EffectRun> EffectChain::start(std::span<const float> settings) const {
  check_settings(*this, settings);
  std::vector<std::unique_ptr<EffectRun>> runs;
  for (const auto& effect : effects_) {
    const std::size_t count = effect->parameters().size();
    runs.push_back(effect->start(settings.first(count)));
    settings = settings.subspan(count);
  }
  return std::make_unique<ChainRun>(std::move(runs), setup());
}

}  // namespace soundalike
