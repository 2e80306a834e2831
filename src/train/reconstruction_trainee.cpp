#include <fmt/format.h>
#include <torch/torch.h>

#include <fstream>
#include <iterator>

#include "soundalike/picture.hpp"
#include "soundalike/rng.hpp"
#include "train/device.hpp"
#include "train/encoder_trainee.hpp"

namespace soundalike::training {
namespace {

// Burda et al. 2016: a dimension is used when its mean varies over examples by more than this.
constexpr double active_variance = 0.01;
constexpr std::size_t shown = 2;

/// Where an example is, and the dry clip it was made of.
struct Place {
  const EpisodeExample* wet = nullptr;
  const EpisodeExample* dry = nullptr;
};

std::vector<Place> places_of(const std::vector<Episode>& episodes) {
  std::vector<Place> out;
  for (const Episode& episode : episodes) {
    for (const auto& wet : episode.examples) {
      for (const auto& dry : episode.examples) {
        if (dry.setting == 0 && dry.recording == wet.recording && dry.half == wet.half) out.push_back({&wet, &dry});
      }
    }
  }
  return out;
}

class ReconstructionTrainee final : public Trainee {
 public:
  ReconstructionTrainee(EncoderNetwork& network, const std::vector<Episode>& training,
                        const std::vector<Episode>& validation, EncoderTraineeOptions options)
      : network_(network),
        training_(places_of(training)),
        validation_(places_of(validation)),
        options_(std::move(options)),
        with_dry_(network.input_shape()[0] == 2) {}

  torch::nn::Module& module() override { return network_.module(); }

  StepReport step(const TrainingStep& at) override {
    Rng rng = Rng::derive(at.seed, at.step);
    std::vector<Place> chosen;
    for (std::size_t i = 0; i < options_.batch; ++i) chosen.push_back(training_[rng.below(training_.size())]);
    const double beta = options_.beta.at(at.step, at.steps);
    const EncoderLoss loss = network_.loss({stacked(chosen), {}, beta});
    loss.loss.backward();
    StepReport report{loss.loss.item<double>(), loss.terms, {}};
    report.terms["beta"] = beta;
    const at::Tensor bad = loss.each.isfinite().logical_not().nonzero();
    if (bad.numel() > 0) report.broken = fmt::format("number {} of the batch", bad[0].item<std::int64_t>());
    return report;
  }

  ValidationReport validate() override {
    ValidationReport report;
    std::vector<at::Tensor> means;
    std::vector<at::Tensor> divergences;
    double examples = 0.0;
    for (std::size_t first = 0; first < validation_.size(); first += options_.batch) {
      const auto begin = validation_.begin() + static_cast<std::ptrdiff_t>(first);
      const auto count = static_cast<std::ptrdiff_t>(std::min(options_.batch, validation_.size() - first));
      const at::Tensor input = stacked({begin, begin + count});
      const auto weight = static_cast<double>(count);
      const EncoderLoss loss = network_.loss({input, {}, options_.beta.high});
      report.value += weight * loss.loss.item<double>();
      for (const auto& [name, value] : loss.terms) report.terms[name] += weight * value;
      examples += weight;
      means.push_back(network_.encode(input));
      const at::Tensor kl = network_.divergence(input);
      if (kl.defined()) divergences.push_back(kl);
    }
    report.value /= examples;
    for (auto& [name, value] : report.terms) value /= examples;
    report.terms["active_units"] = (torch::cat(means).var(0, false) > active_variance).sum().item<std::int64_t>();
    if (!divergences.empty()) {
      const at::Tensor kl = torch::cat(divergences).mean(0);
      for (std::int64_t d = 0; d < kl.size(0); ++d) {
        report.terms[fmt::format("kl_dimension/{:03}", d)] = kl[d].item<double>();
      }
    }
    return report;
  }

  void log(EventFile& events, std::int64_t step) override {
    if (options_.picture.empty()) return;
    std::vector<ImageRow> rows;
    for (std::size_t i = 0; i < std::min(shown, validation_.size()); ++i) {
      const at::Tensor input = stacked({validation_[i * (validation_.size() - 1) / shown]});
      rows.push_back({"input", image_of(input)});
      rows.push_back({fmt::format("said again after {} steps", step), image_of(network_.reconstruct(input))});
    }
    write_image_picture(options_.picture, rows);
    std::ifstream in(options_.picture, std::ios::binary);
    events.picture("reconstruction", step, std::string{std::istreambuf_iterator<char>(in), {}});
  }

 private:
  at::Tensor stacked(const std::vector<Place>& places) const {
    std::vector<at::Tensor> inputs;
    for (const Place& place : places) {
      inputs.push_back(with_dry_ ? torch::cat({place.dry->input, place.wet->input}) : place.wet->input);
    }
    return torch::stack(inputs).to(device_of(network_.module()), torch::kFloat);
  }

  // The last channel: of the two, what the effect made.
  static SpectrogramImage image_of(const at::Tensor& input) {
    const at::Tensor image = input[0][-1].cpu().contiguous();
    const auto* values = image.data_ptr<float>();
    return {static_cast<std::size_t>(image.size(0)),
            static_cast<std::size_t>(image.size(1)),
            {values, values + image.numel()}};
  }

  EncoderNetwork& network_;
  std::vector<Place> training_;
  std::vector<Place> validation_;
  EncoderTraineeOptions options_;
  bool with_dry_;
};

}  // namespace

std::unique_ptr<Trainee> make_reconstruction_trainee(EncoderNetwork& network, const std::vector<Episode>& training,
                                                     const std::vector<Episode>& validation,
                                                     const EncoderTraineeOptions& options) {
  return std::make_unique<ReconstructionTrainee>(network, training, validation, options);
}

}  // namespace soundalike::training
