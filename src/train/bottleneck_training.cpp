#include "soundalike/bottleneck_training.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <memory>

#include "soundalike/error.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/version.hpp"
#include "train/device.hpp"
#include "train/inputs.hpp"
#include "train/material.hpp"

namespace soundalike {
namespace {

using namespace training;

// g and one head per effect, on the settings of all effects.
class BottleneckTrainee final : public Trainee, private torch::nn::Module {
 public:
  struct Task {
    std::unique_ptr<ControllerNetwork> head;
    torch::Tensor inputs, settings, validation_inputs, validation_settings;
  };
  BottleneckTrainee(BottleneckNetwork& g, std::vector<Task>& tasks, double beta, std::size_t batch)
      : g_(g), tasks_(tasks), beta_(beta), batch_(batch), device_(device_of(g.module())) {
    register_all();
  }

  torch::nn::Module& module() override { return *this; }

  StepReport step(const TrainingStep& at) override {
    StepReport report;
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      Rng rng = Rng::derive(at.seed, at.step, t);
      std::vector<std::int64_t> picked(batch_);
      for (auto& i : picked)
        i = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(tasks_[t].inputs.size(0))));
      const torch::Tensor which = torch::tensor(picked, torch::kLong);
      const auto code = g_.forward(tasks_[t].inputs.index_select(0, which).to(device_));
      const auto output = tasks_[t].head->forward(code.sample);
      const torch::Tensor known =
          tasks_[t].head->loss(output, tasks_[t].settings.index_select(0, which).to(device_)).mean();
      const torch::Tensor divergence = code.divergence.sum(1).mean();
      const torch::Tensor loss = (known + beta_ * divergence) / static_cast<double>(tasks_.size());
      loss.backward();
      report.loss += loss.item<double>();
      report.terms["divergence"] += divergence.item<double>() / static_cast<double>(tasks_.size());
    }
    return report;
  }

  // Without the divergence: the same measure for every beta.
  ValidationReport validate() override {
    ValidationReport report;
    torch::Tensor divergence = torch::zeros({static_cast<std::int64_t>(g_.dimensions())}, device_);
    for (auto& task : tasks_) {
      const auto code = g_.forward(task.validation_inputs.to(device_));
      const auto output = task.head->forward(code.mean);
      const double n = static_cast<double>(tasks_.size());
      report.value += (output.settings - task.validation_settings.to(device_)).abs().mean().item<double>() / n;
      divergence += code.divergence.mean(0) / n;
    }
    for (std::int64_t d = 0; d < divergence.size(0); ++d) {
      report.terms[fmt::format("divergence/{}", d)] = divergence[d].item<double>();
    }
    report.terms["active_dimensions"] = (divergence > 0.01).sum().item<double>();
    return report;
  }

 private:
  // Not owned: the networks outlive the trainee.
  static std::shared_ptr<torch::nn::Module> borrowed(torch::nn::Module& module) {
    return {std::shared_ptr<void>(), &module};
  }
  void register_all() {
    register_module("g", borrowed(g_.module()));
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      register_module(fmt::format("h{}", t), borrowed(tasks_[t].head->module()));
    }
  }

  BottleneckNetwork& g_;
  std::vector<Task>& tasks_;
  double beta_;
  std::size_t batch_;
  torch::Device device_;
};

}  // namespace

Checkpoint train_bottleneck(const std::vector<EffectListing>& effects, const Checkpoint& encoder_checkpoint,
                            const BottleneckTrainingOptions& options, RunFolder& run, EventFile& events,
                            const Progress& progress, const std::stop_token& stop) {
  const Encoder encoder(encoder_checkpoint);
  const auto data = manifests_of(options.each.data, progress);
  const Material material = load_material(data, options.each, progress, stop);
  std::vector<BottleneckTrainee::Task> tasks;
  std::vector<torch::Tensor> all;
  for (std::size_t e = 0; e < effects.size(); ++e) {
    Rigs rigs({effects[e]}, options.each.renderer);
    const SettingsSpace space = space_of(rigs, {});
    const KnownSettings known = make_both(material, rigs, space, encoder, options.each, progress, stop);
    tasks.push_back(
        {std::make_unique<ControllerNetwork>(controlled_effects({effects[e]}, space, 0), options.dimensions,
                                             PerceptronOptions{{64, 64}, 0.0, 1, 0.0}, options.each.seed + e),
         ControllerInputs(known.train, nullptr).known(), known_settings(known.train),
         ControllerInputs(known.validation, nullptr).known(), known_settings(known.validation)});
    all.push_back(tasks.back().inputs);
  }
  BottleneckNetwork g(2 * encoder.size(), options.dimensions, options.each.network, options.each.seed);
  const torch::Tensor inputs = torch::cat(all);
  g.standardise(inputs);
  const torch::Device device(options.each.device);
  g.module().to(device);
  for (auto& task : tasks) task.head->module().to(device);
  BottleneckTrainee trainee(g, tasks, options.beta, options.each.regression_batch);
  TrainerOptions stage = options.each.regression;
  stage.stage = "bottleneck";
  const TrainingResult result = train(trainee, stage, run, events, progress, stop);
  if (result.stopped) throw Error(ErrorCode::cancelled, "stopped; --resume goes on");
  g.module().to(torch::kCPU);
  Checkpoint out = g.checkpoint(NumberType::f16);
  out.name = fmt::format("bottleneck-{}", options.dimensions);
  out.metadata = fmt::format("{{\"heard\":{}}}", heard_json(data));
  out.program_version = program_version();
  out.seed = options.each.seed;
  out.needs.push_back({"encoder", encoder.name(), encoder.digest()});
  return out;
}

}  // namespace soundalike
