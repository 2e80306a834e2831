#include "soundalike/trainer.hpp"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

// Learns y = 2 x - 1 from random examples, through dropout and batch normalisation: everything a run must remember.
class LineTrainee final : public Trainee {
 public:
  explicit LineTrainee(std::uint64_t seed = 1) {
    torch::manual_seed(seed);
    network_ = torch::nn::Sequential(torch::nn::Linear(4, 16), torch::nn::BatchNorm1d(16), torch::nn::ReLU(),
                                     torch::nn::Dropout(0.1), torch::nn::Linear(16, 1));
  }

  torch::nn::Module& module() override { return *network_; }

  StepReport step(const TrainingStep& at) override {
    if (at.step == stop_at && source != nullptr) source->request_stop();
    CHECK(network_->is_training());
    const torch::Tensor x = inputs(at.seed, at.step);
    torch::Tensor error = (network_->forward(x) - target(x)).square();
    if (at.step == broken_at) error = error * std::numeric_limits<float>::quiet_NaN();
    const torch::Tensor loss = error.mean();
    loss.backward();
    StepReport report{loss.item<double>()};
    if (at.step == broken_at) report.broken = "violin 3";
    return report;
  }

  ValidationReport validate() override {
    CHECK_FALSE(network_->is_training());
    CHECK_FALSE(torch::GradMode::is_enabled());
    if (flat) return {1.0};
    if (validations++ == cut_at) {
      source->request_stop();
      throw Error(ErrorCode::cancelled, "stopped while validating");
    }
    const torch::Tensor x = inputs(999, 0);
    return {(network_->forward(x) - target(x)).square().mean().item<double>()};
  }

  std::vector<float> weights() const {
    std::vector<float> all;
    std::vector<torch::Tensor> tensors = network_->parameters();
    for (const auto& buffer : network_->buffers()) tensors.push_back(buffer);
    for (const auto& tensor : tensors) {
      const torch::Tensor numbers = tensor.detach().to(torch::kFloat).flatten().contiguous();
      all.insert(all.end(), numbers.data_ptr<float>(), numbers.data_ptr<float>() + numbers.numel());
    }
    return all;
  }

  std::size_t broken_at = never;
  std::size_t stop_at = never;
  std::size_t cut_at = never;  // this validation
  std::size_t validations = 0;
  std::stop_source* source = nullptr;
  bool flat = false;

 private:
  static torch::Tensor inputs(std::uint64_t seed, std::size_t step) {
    Rng rng = Rng::derive(seed, step);
    torch::Tensor x = torch::empty({8, 4});
    for (std::int64_t i = 0; i < x.numel(); ++i) x.data_ptr<float>()[i] = static_cast<float>(rng.uniform(-1.0, 1.0));
    return x;
  }
  static torch::Tensor target(const torch::Tensor& x) { return x.select(1, 0).unsqueeze(1) * 2.0 - 1.0; }

  torch::nn::Sequential network_{nullptr};
};

RunInfo info() { return {"test", "test", "{}", 5, {}}; }

TrainerOptions options() {
  TrainerOptions result;
  result.steps = 40;
  result.seed = 5;
  result.learning_rate = {ScheduleKind::cosine, 1e-2, 1e-3, 5};
  result.weight_decay = 0.01;
  result.average = 0.9;
  result.validate_every = 7;
  result.checkpoint_every = 10;
  return result;
}

TrainingResult run_whole(LineTrainee& trainee, const TrainerOptions& how, const TempFolder& folder,
                         const std::stop_token& stop = {}) {
  RunFolder run = RunFolder::holds_run(folder.path()) ? RunFolder::resume(folder.path(), info())
                                                      : RunFolder::create(folder.path(), info());
  EventFile events(run.path(), static_cast<std::int64_t>(resumed_step(run)));
  const TrainingResult result = train(trainee, how, run, events, {}, stop);
  run.end(result.stopped ? RunState::stopped : RunState::finished);
  return result;
}

}  // namespace

TEST_CASE("training_lowers_the_validation_loss") {
  const TempFolder folder;
  LineTrainee trainee;
  const torch::NoGradGuard no_grad;
  trainee.module().eval();
  const double before = trainee.validate().value;
  auto how = options();
  how.steps = 300;
  const auto result = [&] {
    const torch::AutoGradMode grad(true);
    return run_whole(trainee, how, folder);
  }();
  CHECK(result.steps == 300);
  CHECK_FALSE(result.stopped);
  CHECK(result.best < 0.2 * before);
  CHECK(trainee.validate().value == doctest::Approx(result.best));  // the best weights are left in the module
}

TEST_CASE("stopping_and_resuming_anywhere_equals_one_run_bit_for_bit") {
  const TempFolder whole_folder;
  LineTrainee whole;
  const auto expected = run_whole(whole, options(), whole_folder);
  for (const std::size_t at : {0u, 1u, 13u, 20u, 39u}) {
    CAPTURE(at);
    const TempFolder folder;
    std::stop_source source;
    LineTrainee first;
    first.source = &source;
    first.stop_at = at;
    const auto stopped = run_whole(first, options(), folder, source.get_token());
    CHECK(stopped.stopped);
    CHECK(stopped.steps == at);
    LineTrainee second(77);  // other initial weights: all come from the state
    const auto resumed = run_whole(second, options(), folder);
    CHECK(resumed.best == expected.best);
    CHECK(resumed.best_step == expected.best_step);
    CHECK((second.weights() == whole.weights()));
  }
}

TEST_CASE("a_validation_that_was_cut_off_is_made_up_for") {
  const TempFolder whole_folder;
  LineTrainee whole;
  const auto expected = run_whole(whole, options(), whole_folder);
  for (const std::size_t at : {std::size_t{0}, std::size_t{2}, whole.validations - 1}) {
    CAPTURE(at);
    const TempFolder folder;
    std::stop_source source;
    LineTrainee first;
    first.source = &source;
    first.cut_at = at;
    const auto stopped = run_whole(first, options(), folder, source.get_token());
    CHECK(stopped.stopped);
    LineTrainee second(77);
    const auto resumed = run_whole(second, options(), folder);
    CHECK_FALSE(resumed.stopped);
    CHECK(first.validations + second.validations == whole.validations + 1);
    CHECK(resumed.best == expected.best);
    CHECK(resumed.best_step == expected.best_step);
    CHECK((second.weights() == whole.weights()));
  }
}

TEST_CASE("the_same_seed_gives_the_same_weights_and_another_does_not") {
  const TempFolder a_folder, b_folder, c_folder;
  LineTrainee a, b, c;
  run_whole(a, options(), a_folder);
  run_whole(b, options(), b_folder);
  auto other = options();
  other.seed = 6;
  run_whole(c, other, c_folder);
  CHECK((a.weights() == b.weights()));
  CHECK((a.weights() != c.weights()));
}

TEST_CASE("a_loss_that_is_not_finite_stops_the_run_names_the_example_and_keeps_the_last_checkpoint") {
  const TempFolder folder;
  LineTrainee trainee;
  trainee.broken_at = 17;
  const auto thrown = thrown_by([&] { run_whole(trainee, options(), folder); });
  CHECK(thrown.code == ErrorCode::internal);
  CHECK(thrown.says("violin 3"));
  CHECK(thrown.says("step 18"));
  CHECK(thrown.says("last.state"));
  std::ifstream in(folder / "run.json");
  CHECK(nlohmann::json::parse(in)["state"] == "failed");
  LineTrainee healed(3);
  const auto result = run_whole(healed, options(), folder);  // goes on from step 10
  CHECK(result.steps == 40);
  const TempFolder whole_folder;
  LineTrainee whole;
  run_whole(whole, options(), whole_folder);
  CHECK((healed.weights() == whole.weights()));
}

TEST_CASE("a_run_without_progress_stops_early") {
  const TempFolder folder;
  LineTrainee trainee;
  trainee.flat = true;
  auto how = options();
  how.steps = 1000;
  how.patience = 3;
  const auto result = run_whole(trainee, how, folder);
  CHECK(result.early);
  CHECK(result.steps == 4 * how.validate_every);
  CHECK(result.best_step == how.validate_every);
}

TEST_CASE("a_state_that_is_damaged_or_of_another_seed_is_refused") {
  const TempFolder folder;
  std::stop_source source;
  LineTrainee trainee;
  trainee.source = &source;
  trainee.stop_at = 3;
  run_whole(trainee, options(), folder, source.get_token());
  auto other = options();
  other.seed = 9;
  LineTrainee second;
  CHECK(thrown_by([&] { run_whole(second, other, folder); }).says("seed 9"));
  std::ofstream(folder / "checkpoints/last.state") << "not a state";
  LineTrainee third;
  CHECK(thrown_by([&] { run_whole(third, options(), folder); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("gradients_are_clipped_to_the_norm") {
  const TempFolder loose_folder, tight_folder;
  auto how = options();
  how.steps = 1;
  how.average = 0.0;
  how.weight_decay = 0.0;
  how.learning_rate = {ScheduleKind::constant, 1e-2, 0.0, 0};
  // Adam's first step does not depend on the gradient's length, unless it is as small as its epsilon.
  how.clip_norm = 1e-9;
  LineTrainee start, tight, loose;
  run_whole(tight, how, tight_folder);
  how.clip_norm = 0.0;
  run_whole(loose, how, loose_folder);
  const auto moved = [&](const LineTrainee& trainee) {
    const auto a = start.weights();
    const auto b = trainee.weights();
    double sum = 0.0;
    for (std::size_t i = 0; i < 80; ++i) sum += std::abs(a[i] - b[i]);  // the first linear layer
    return sum;
  };
  CHECK(moved(tight) < 0.2 * moved(loose));
}
