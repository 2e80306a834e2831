#include "loss/sample_losses.hpp"

#include <torch/torch.h>

#include <cmath>

namespace soundalike {
namespace {

constexpr double tiny = 1e-8;  // auraloss's

class L1 final : public Loss {
 public:
  std::string name() const override { return "l1"; }

 protected:
  at::Tensor compare(const at::Tensor& estimate, const at::Tensor& target) const override {
    return (estimate - target).abs().mean(1);
  }
};

class SiSdr final : public Loss {
 public:
  std::string name() const override { return "si-sdr"; }

 protected:
  at::Tensor compare(const at::Tensor& estimate, const at::Tensor& target) const override {
    const auto e = estimate - estimate.mean(1, true);
    const auto t = target - target.mean(1, true);
    const auto scale = (e * t).sum(1, true) / (t.square().sum(1, true) + tiny);
    const auto aim = t * scale;
    const auto ratio = aim.square().sum(1) / ((e - aim).square().sum(1) + tiny);
    return -10.0 * torch::log10(ratio + tiny);
  }
};

class Esr final : public Loss {
 public:
  std::string name() const override { return "esr"; }

 protected:
  at::Tensor compare(const at::Tensor& estimate, const at::Tensor& target) const override {
    const auto difference = emphasised(estimate - target).square().sum(1);
    return difference / (emphasised(target).square().sum(1) + tiny);
  }

 private:
  static at::Tensor emphasised(const at::Tensor& x) {
    const auto before = torch::constant_pad_nd(x, {1, 0}).narrow(1, 0, x.size(1));
    return x - 0.85 * before;
  }
};

class Matched final : public Loss {
 public:
  explicit Matched(std::unique_ptr<Loss> inner) : inner_(std::move(inner)) {}
  std::string name() const override { return "matched-" + inner_->name(); }
  std::size_t least_frames() const override { return inner_->least_frames(); }

 protected:
  at::Tensor compare(const at::Tensor& estimate, const at::Tensor& target) const override {
    constexpr double silence = 1e-10;  // -100 dBFS
    const auto power = estimate.square().mean(1, true) + silence;
    return (*inner_)(estimate * torch::sqrt((target.square().mean(1, true) + silence) / power), target);
  }

 private:
  std::unique_ptr<Loss> inner_;
};

}  // namespace

std::unique_ptr<Loss> make_l1() { return std::make_unique<L1>(); }
std::unique_ptr<Loss> make_si_sdr() { return std::make_unique<SiSdr>(); }
std::unique_ptr<Loss> make_esr() { return std::make_unique<Esr>(); }
std::unique_ptr<Loss> make_matched(std::unique_ptr<Loss> inner) { return std::make_unique<Matched>(std::move(inner)); }

}  // namespace soundalike
