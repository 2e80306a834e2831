#include <torch/torch.h>

#include <limits>

#include "soundalike/rng.hpp"
#include "train/device.hpp"
#include "train/encoder_trainee.hpp"

namespace soundalike::training {
namespace {

constexpr double audible_db = 1.0;

at::Tensor inputs_of(const Episode& episode) {
  std::vector<at::Tensor> inputs;
  for (const auto& example : episode.examples) inputs.push_back(example.input.to(torch::kFloat));
  return torch::stack(inputs);
}

at::Tensor settings_of(const Episode& episode) {
  const auto n = static_cast<std::int64_t>(episode.examples.size());
  at::Tensor out = torch::empty({n}, torch::kLong);
  for (std::int64_t i = 0; i < n; ++i) {
    out[i] = static_cast<std::int64_t>(episode.examples[static_cast<std::size_t>(i)].setting);
  }
  return out;
}

/// An episode ready to be put into a batch.
struct Ready {
  at::Tensor inputs;      // [n, ...]
  at::Tensor difference;  // [n, n]
};

std::vector<Ready> ready(const std::vector<Episode>& episodes) {
  std::vector<Ready> out;
  for (const Episode& episode : episodes) {
    const at::Tensor settings = settings_of(episode);
    out.push_back({inputs_of(episode), episode.difference.index_select(0, settings).index_select(1, settings)});
  }
  return out;
}

class DistanceTrainee final : public Trainee {
 public:
  DistanceTrainee(EncoderNetwork& network, const std::vector<Episode>& training, const std::vector<Episode>& validation,
                  const EncoderTraineeOptions& options)
      : network_(network),
        training_(ready(training)),
        validation_(ready(validation)),
        held_out_(validation),
        options_(options) {}

  torch::nn::Module& module() override { return network_.module(); }

  StepReport step(const TrainingStep& at) override {
    Rng rng = Rng::derive(at.seed, at.step);
    std::vector<const Ready*> chosen;
    for (std::size_t i = 0; i < options_.batch_episodes; ++i) chosen.push_back(&training_[rng.below(training_.size())]);
    const EncoderLoss loss = network_.loss(batch_of(chosen));
    loss.loss.backward();
    return {loss.loss.item<double>(), loss.terms, broken(loss)};
  }

  ValidationReport validate() override {
    ValidationReport report;
    double batches = 0.0;
    for (std::size_t first = 0; first < validation_.size(); first += options_.batch_episodes, batches += 1.0) {
      std::vector<const Ready*> chosen;
      for (std::size_t i = first; i < std::min(validation_.size(), first + options_.batch_episodes); ++i) {
        chosen.push_back(&validation_[i]);
      }
      const EncoderLoss loss = network_.loss(batch_of(chosen));
      report.value += loss.loss.item<double>();
      for (const auto& [name, value] : loss.terms) report.terms[name] += value;
    }
    report.value /= batches;
    for (auto& [name, value] : report.terms) value /= batches;
    report.terms["told_apart"] = told_apart(network_, held_out_);
    return report;
  }

 private:
  EncoderBatch batch_of(const std::vector<const Ready*>& chosen) const {
    std::vector<at::Tensor> inputs;
    std::int64_t n = 0;
    for (const Ready* episode : chosen) {
      inputs.push_back(episode->inputs);
      n += episode->inputs.size(0);
    }
    EncoderBatch batch{torch::cat(inputs), torch::full({n, n}, std::numeric_limits<float>::quiet_NaN())};
    std::int64_t first = 0;
    for (const Ready* episode : chosen) {
      const std::int64_t last = first + episode->inputs.size(0);
      batch.difference.slice(0, first, last).slice(1, first, last).copy_(episode->difference);
      first = last;
    }
    const torch::Device device = device_of(network_.module());
    batch.input = batch.input.to(device);
    batch.difference = batch.difference.to(device);
    return batch;
  }

  static std::string broken(const EncoderLoss& loss) {
    const at::Tensor bad = loss.each.isfinite().logical_not().nonzero();
    return bad.numel() == 0 ? "" : "number " + std::to_string(bad[0].item<std::int64_t>()) + " of the batch";
  }

  EncoderNetwork& network_;
  std::vector<Ready> training_;
  std::vector<Ready> validation_;
  const std::vector<Episode>& held_out_;
  EncoderTraineeOptions options_;
};

}  // namespace

double told_apart(EncoderNetwork& network, const std::vector<Episode>& episodes) {
  const torch::NoGradGuard no_grad;
  std::size_t right = 0;
  std::size_t of = 0;
  for (const Episode& episode : episodes) {
    const at::Tensor z = network.encode(inputs_of(episode).to(device_of(network.module()))).cpu();
    const at::Tensor distance = torch::cdist(z, z);
    const auto far = distance.accessor<float, 2>();
    const auto different = episode.difference.accessor<float, 2>();
    const auto& examples = episode.examples;
    const auto index = [](std::size_t i) { return static_cast<std::int64_t>(i); };
    for (std::size_t a = 0; a < examples.size(); ++a) {
      if (examples[a].half != 1) continue;
      const auto nearer = [&](std::size_t b) {
        return examples[b].half == 0 && examples[b].recording == examples[a].recording;
      };
      for (std::size_t p = 0; p < examples.size(); ++p) {
        if (!nearer(p) || examples[p].setting != examples[a].setting) continue;
        for (std::size_t n = 0; n < examples.size(); ++n) {
          if (!nearer(n)) continue;
          const float db = different[index(examples[a].setting)][index(examples[n].setting)];
          if (!(db > audible_db)) continue;
          right += far[index(a)][index(p)] < far[index(a)][index(n)];
          ++of;
        }
      }
    }
  }
  return of == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(right) / static_cast<double>(of);
}

std::unique_ptr<Trainee> make_distance_trainee(EncoderNetwork& network, const std::vector<Episode>& training,
                                               const std::vector<Episode>& validation,
                                               const EncoderTraineeOptions& options) {
  return std::make_unique<DistanceTrainee>(network, training, validation, options);
}

}  // namespace soundalike::training
