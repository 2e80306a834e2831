#include "soundalike/trainer.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "soundalike/checkpoint.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"
#include "train/training_state.hpp"

namespace soundalike {
namespace {

constexpr std::string_view state_extension = ".state";

std::string state_name(const TrainerOptions& options) {
  return (options.stage.empty() ? "last" : options.stage) + std::string(state_extension);
}
constexpr std::size_t histogram_values = 10000;

// [n] a share of a tensor's numbers, evenly spread.
std::vector<float> sample(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().cpu().to(torch::kFloat).flatten();
  const std::int64_t stride = 1 + flat.numel() / static_cast<std::int64_t>(histogram_values);
  const torch::Tensor picked = flat.slice(0, 0, flat.numel(), stride).contiguous();
  return {picked.data_ptr<float>(), picked.data_ptr<float>() + picked.numel()};
}

class Loop {
 public:
  Loop(Trainee& trainee, const TrainerOptions& options, RunFolder& run, EventFile& events, const Progress& progress,
       std::stop_token stop)
      : trainee_(trainee),
        options_(options),
        run_(run),
        events_(events),
        progress_(progress),
        stop_(std::move(stop)),
        state_(trainee.module(), options.average > 0.0) {
    if (options.steps == 0 || options.validate_every == 0 || options.checkpoint_every == 0) {
      throw Error(ErrorCode::invalid_argument,
                  "cannot train: steps, and the steps between validations and checkpoints, must be at least 1");
    }
    if (state_.parameters.empty()) {
      throw Error(ErrorCode::invalid_argument, "cannot train: the network has no weights that could change");
    }
  }

  TrainingResult run() {
    const auto file = run_.checkpoint(state_name(options_));
    if (std::filesystem::exists(file)) state_.read(file, options_.seed);
    const bool first = state_.step == 0 && options_.validate_first && state_.best.empty() && !stop_.stop_requested();
    bool judged = first || state_.unjudged ? validate() : true;
    TrainingResult result;
    while (judged && state_.step < options_.steps && !stop_.stop_requested()) {
      if (out_of_patience()) break;
      if (!step()) break;
      const bool end = state_.step == options_.steps;
      if (end || state_.step % options_.validate_every == 0) judged = validate();
      if (end || state_.step % options_.checkpoint_every == 0) save();
    }
    result.early = state_.step < options_.steps && out_of_patience();
    result.stopped = !judged || (state_.step < options_.steps && !result.early);
    save();
    events_.flush();
    result.steps = state_.step;
    result.best = state_.best_value;
    result.best_step = state_.best_step;
    state_.restore_best();
    trainee_.module().eval();
    return result;
  }

 private:
  bool out_of_patience() const { return options_.patience > 0 && state_.since_best >= options_.patience; }

  /// @return false when stopped half-way: the step is as if it had not begun.
  bool step() {
    const std::size_t now = state_.step;
    torch::manual_seed(Rng::derive(options_.seed, 0x746f726368, now)());
    trainee_.module().train();
    for (auto& [name, parameter] : state_.parameters) {
      if (parameter.grad().defined()) parameter.mutable_grad().zero_();
    }
    const auto buffers = state_.copy_of_buffers();
    const StepReport report = trainee_.step({now, options_.steps, options_.seed, stop_});
    if (stop_.stop_requested()) {
      state_.restore_buffers(buffers);
      return false;
    }
    if (!report.broken.empty() || !std::isfinite(report.loss)) {
      break_down(fmt::format("the loss is not finite{}",
                             report.broken.empty() ? "" : fmt::format(" for example '{}'", report.broken)));
    }
    const double norm = clip();
    if (!std::isfinite(norm)) break_down("a gradient is not finite");
    const double rate = options_.learning_rate.at(now, options_.steps);
    state_.adam.step(rate, options_.weight_decay);
    state_.average(options_.average);
    ++state_.step;
    const auto at = event_step();
    events_.scalar(tag("train/loss"), at, report.loss);
    for (const auto& [name, value] : report.terms) events_.scalar(tag("train/" + name), at, value);
    events_.scalar(tag("train/gradient_norm"), at, norm);
    events_.scalar(tag("train/learning_rate"), at, rate);
    smooth_loss_ = smooth_loss_ < 0.0 ? report.loss : smooth_loss_ + 0.05 * (report.loss - smooth_loss_);
    tell();
    return true;
  }

  [[noreturn]] void break_down(const std::string& why) {
    events_.flush();
    const auto file = run_.checkpoint(state_name(options_));
    throw Error(
        ErrorCode::internal,
        fmt::format("training broke down in step {}: {}; {}; a lower learning rate may help", state_.step + 1, why,
                    std::filesystem::exists(file) ? "'" + file.string() + "' holds the last good weights"
                                                  : "no checkpoint was written yet"));
  }

  // The norm before clipping. (torch's own clips without telling where a gradient is not finite.)
  double clip() const {
    const torch::NoGradGuard no_grad;
    double squares = 0.0;
    for (const auto& [name, parameter] : state_.parameters) {
      if (parameter.grad().defined()) squares += parameter.grad().square().sum().item<double>();
    }
    const double norm = std::sqrt(squares);
    if (options_.clip_norm > 0.0 && norm > options_.clip_norm) {
      for (const auto& [name, parameter] : state_.parameters) {
        if (parameter.grad().defined()) parameter.grad().mul_(options_.clip_norm / norm);
      }
    }
    return norm;
  }

  /// @return false when stopped half-way: the state remembers that it is still to be done.
  bool validate() {
    const torch::NoGradGuard no_grad;
    const auto at = event_step();
    state_.swap_averages();
    trainee_.module().eval();
    ValidationReport report;
    try {
      report = trainee_.validate();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled) throw;
      state_.swap_averages();
      state_.unjudged = true;
      return false;
    }
    state_.unjudged = false;
    events_.scalar(tag("validation/value"), at, report.value);
    for (const auto& [name, value] : report.terms) events_.scalar(tag("validation/" + name), at, value);
    for (const auto& [name, parameter] : state_.parameters) {
      events_.histogram(tag("weights/" + name), at, sample(parameter));
      if (parameter.grad().defined()) events_.histogram(tag("gradients/" + name), at, sample(parameter.grad()));
    }
    trainee_.log(events_, at);
    if (report.value < state_.best_value) {
      state_.best_value = report.value;
      state_.best_step = state_.step;
      state_.since_best = 0;
      state_.keep_best();
      run_.best(tag("validation/value"), report.value, at);
    } else {
      ++state_.since_best;
    }
    state_.swap_averages();
    events_.flush();
    tell();
    return true;
  }

  std::int64_t event_step() const { return static_cast<std::int64_t>(options_.first_step + state_.step); }
  std::string tag(const std::string& name) const { return options_.stage.empty() ? name : options_.stage + "/" + name; }

  void save() { state_.write(run_.checkpoint(state_name(options_)), options_.seed); }

  void tell() const {
    if (!progress_) return;
    std::string note = fmt::format("loss {:.4g}", smooth_loss_);
    if (std::isfinite(state_.best_value)) note += fmt::format(", best validation {:.4g}", state_.best_value);
    progress_({options_.stage.empty() ? "training" : options_.stage, state_.step, options_.steps, note});
  }

  Trainee& trainee_;
  const TrainerOptions& options_;
  RunFolder& run_;
  EventFile& events_;
  const Progress& progress_;
  std::stop_token stop_;
  training::TrainingState state_;
  double smooth_loss_ = -1.0;
};

}  // namespace

TrainingResult train(Trainee& trainee, const TrainerOptions& options, RunFolder& run, EventFile& events,
                     const Progress& progress, const std::stop_token& stop) {
  return Loop(trainee, options, run, events, progress, stop).run();
}

std::size_t resumed_step(const RunFolder& run) {
  std::size_t steps = 0;
  for (const auto& entry : std::filesystem::directory_iterator(run.checkpoint("").parent_path())) {
    if (entry.path().extension() != state_extension) continue;
    const auto metadata = read_checkpoint_outline(entry.path()).metadata;
    const auto place = metadata.find("\"step\":");
    if (place != std::string::npos) steps += std::stoul(metadata.substr(place + 7));
  }
  return steps;
}

}  // namespace soundalike
