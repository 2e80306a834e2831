#include "effect/builtin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "effect/arranged_run.hpp"
#include "effect/builtin_effect.hpp"
#include "effect/flush_to_zero.hpp"
#include "soundalike/error.hpp"
#include "soundalike/version.hpp"

namespace soundalike {

extern const BuiltinEffect builtin_gain, builtin_eq, builtin_filter, builtin_compressor, builtin_limiter,
    builtin_saturator, builtin_delay, builtin_chorus, builtin_reverb;

namespace {

constexpr std::string_view scheme = "builtin:";

/// Every built-in effect. A new one is a file and a row.
constexpr std::array effects{&builtin_gain,      &builtin_eq,    &builtin_filter, &builtin_compressor, &builtin_limiter,
                             &builtin_saturator, &builtin_delay, &builtin_chorus, &builtin_reverb};

EffectInfo info_of(const BuiltinEffect& effect) {
  return {.id = fmt::format("{}{}", scheme, effect.name),
          .name = std::string(effect.title),
          .klass = std::string(effect.klass),
          .author = "soundalike",
          .version = std::string(program_version()),
          .audio_inputs = 2,
          .audio_outputs = 2};
}

class Run : public EffectRun {
 public:
  Run(std::unique_ptr<EffectRun> run, std::size_t block_size) : run_(std::move(run)), block_size_(block_size) {}
  std::size_t latency() const override { return run_->latency(); }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    if (frames == 0 || frames > block_size_) {
      throw Error(ErrorCode::internal, fmt::format("a block has {} frames, expected 1 to {}", frames, block_size_));
    }
    const FlushToZero flush;
    run_->process(in, out, frames);
  }

 private:
  std::unique_ptr<EffectRun> run_;
  std::size_t block_size_;
};

class Builtin : public Effect {
 public:
  Builtin(const BuiltinEffect& effect, const RenderSetup& setup)
      : effect_(effect), info_(info_of(effect)), parameters_(effect.parameters()), setup_(setup) {}
  const EffectInfo& info() const override { return info_; }
  std::span<const Parameter> parameters() const override { return parameters_; }
  const RenderSetup& setup() const override { return setup_; }
  std::unique_ptr<EffectRun> start(std::span<const float> settings) const override {
    return std::make_unique<Run>(effect_.start(plain_values(*this, settings), setup_), setup_.block_size);
  }

 private:
  const BuiltinEffect& effect_;
  EffectInfo info_;
  std::vector<Parameter> parameters_;
  RenderSetup setup_;
};

}  // namespace

std::vector<EffectListing> list_builtin(const std::string&) {
  std::vector<EffectListing> listings;
  for (const BuiltinEffect* effect : effects) {
    listings.push_back({.info = info_of(*effect), .parameters = effect->parameters()});
  }
  return listings;
}

std::unique_ptr<Effect> open_builtin(const EffectListing& listing, const RenderSetup& setup) {
  check_setup(listing.info.name, setup);
  for (const BuiltinEffect* effect : effects) {
    if (listing.info.id.substr(scheme.size()) == effect->name) return std::make_unique<Builtin>(*effect, setup);
  }
  throw Error(ErrorCode::not_found, fmt::format("cannot open '{}': this program has no such effect", listing.info.id));
}

}  // namespace soundalike
