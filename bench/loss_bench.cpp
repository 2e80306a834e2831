// The multi-resolution STFT loss with its own backward pass on FFTW against torch's operations and autograd, value and
// gradient of a training batch: 12 x 131072 frames. In turns, CPU time of all threads and the clock on the wall.
//
//   loss_bench [rounds] [batch] [threads]      prints one JSON object
#include <torch/torch.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "loss/stft_loss.hpp"
#include "measure.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr std::size_t frames = 131072;

at::Tensor make_batch(int batch, std::uint64_t seed) {
  at::Tensor out = torch::empty({batch, static_cast<std::int64_t>(frames)});
  for (int i = 0; i < batch; ++i) {
    const SampleRate rate{24000.0};
    const AudioBuffer music =
        make_music(1, static_cast<double>(frames + 1) / rate.hz, rate, seed + 17 * static_cast<std::uint64_t>(i));
    std::copy_n(music.samples().begin(), frames, out[i].data_ptr<float>());
  }
  return out;
}

struct Cost {
  std::vector<double> wall, cpu;
};

void measure(const Loss& loss, const at::Tensor& estimate, const at::Tensor& target, Cost& cost) {
  const double before = cpu_seconds(RUSAGE_SELF);
  cost.wall.push_back(seconds_of([&] {
    const auto leaf = estimate.detach().requires_grad_();
    torch::autograd::grad({loss(leaf, target).sum()}, {leaf});
  }));
  cost.cpu.push_back(cpu_seconds(RUSAGE_SELF) - before);
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("loss_bench", [&] {
    const int rounds = rounds_from(argc, argv, 1, 5);
    const int batch = rounds_from(argc, argv, 2, 12);
    at::set_num_threads(rounds_from(argc, argv, 3, at::get_num_threads()));
    nlohmann::ordered_json result{
        {"batch", batch}, {"frames", frames}, {"threads", at::get_num_threads()}, {"rounds", rounds}};
    const at::Tensor estimate = make_batch(batch, 1);
    const at::Tensor target = make_batch(batch, 1000);
    for (const auto& [name, options] :
         {std::pair{"mrstft", MrstftOptions::auraloss()}, std::pair{"mrstft-original", MrstftOptions::original()}}) {
      const auto fused = make_stft_loss(name, options);
      const auto autograd = make_stft_loss(name, options, nullptr, StftBackend::torch);
      Cost of_fused, of_autograd;
      for (int round = 0; round < rounds; ++round) {
        measure(*fused, estimate, target, of_fused);
        measure(*autograd, estimate, target, of_autograd);
      }
      result[name] = {{"fused_seconds", median(of_fused.wall)},
                      {"autograd_seconds", median(of_autograd.wall)},
                      {"fused_cpu_seconds", median(of_fused.cpu)},
                      {"autograd_cpu_seconds", median(of_autograd.cpu)},
                      {"cpu_ratio", median(of_autograd.cpu) / median(of_fused.cpu)}};
    }
    return result;
  });
}
