// The step of spsa_bench against the original's: five renders per example in a serial loop, and then one loss of the
// whole batch by torch's operations, whose gradient at the output, by autograd, meets the difference of the two
// perturbed renders. In turns within one run; the figure is the ratio of medians.
//
//   spsa_original_bench [effect] [rounds]      prints one JSON object
#include <torch/torch.h>

#include <algorithm>

#include "loss/stft_loss.hpp"
#include "spsa_step.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

at::Tensor stacked(const std::vector<AudioBuffer>& clips) {
  at::Tensor out = torch::empty({static_cast<std::int64_t>(clips.size()), static_cast<std::int64_t>(frames)});
  for (std::size_t i = 0; i < clips.size(); ++i) {
    std::copy_n(clips[i].samples().begin(), frames, out[static_cast<std::int64_t>(i)].data_ptr<float>());
  }
  return out;
}

void step_of_the_original(Step& step, const Loss& loss) {
  std::vector<AudioBuffer> targets, predictions;
  std::vector<std::array<AudioBuffer, 2>> sides;
  for (std::size_t i = 0; i < batch; ++i) {
    auto renders = step.render_serially(i);
    targets.push_back(std::move(renders.target));
    predictions.push_back(std::move(renders.prediction));
    sides.push_back(std::move(renders.sides));
  }
  const at::Tensor wet = stacked(predictions).requires_grad_();
  const at::Tensor upstream = torch::autograd::grad({loss(wet, stacked(targets)).sum()}, {wet})[0].contiguous();
  double sum = 0.0;
  for (std::size_t i = 0; i < batch; ++i) {
    const std::span slopes(upstream[static_cast<std::int64_t>(i)].data_ptr<float>(), frames);
    for (std::size_t k = 0; k < frames; ++k) sides[i][0].samples()[k] -= sides[i][1].samples()[k];
    sum += std::abs(project(slopes, sides[i][0].samples().first(frames)));
  }
  if (!(sum > 0.0)) throw std::runtime_error("no gradient");
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("spsa_original_bench", [&] {
    const std::string name = argc > 1 ? argv[1] : "MDA Overdrive";
    const int rounds = rounds_from(argc, argv, 2, 5);
    flush_to_zero();
    Step step(name);
    const auto loss = make_stft_loss("mrstft", MrstftOptions::auraloss(), nullptr, StftBackend::torch);
    std::vector<double> ours, original;
    for (int round = 0; round < rounds; ++round) {
      ours.push_back(seconds_of([&] { step.together(); }));
      original.push_back(seconds_of([&] { step_of_the_original(step, *loss); }));
    }
    return nlohmann::ordered_json{{"effect", name},
                                  {"torch_threads", at::get_num_threads()},
                                  {"step_ms", 1e3 * median(ours)},
                                  {"original_ms", 1e3 * median(original)},
                                  {"times_faster_than_original", median(original) / median(ours)}};
  });
}
