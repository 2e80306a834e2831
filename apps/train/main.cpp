#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "program.hpp"
#include "work.hpp"

namespace {

using namespace soundalike::cli;

constexpr std::array rows{
    Work{"train controller", train_controller},
    Work{"train encoder", train_encoder},
    Work{"train bottleneck", train_bottleneck},
};

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // as in soundalike
  std::signal(SIGXFSZ, SIG_IGN);
  // Networks here are small: threads that wait for each other cost more than they bring (600 steps of a controller took
  // 220 s with two on a busy machine), and the render workers have the other cores.
  torch::set_num_threads(1);
  torch::set_num_interop_threads(1);
  std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  // "soundalike-train controller" is "soundalike train controller".
  if (!words.empty() && find_command("train " + words.front()) != nullptr) words.insert(words.begin(), "train");
  return run_program(words, rows);
}
