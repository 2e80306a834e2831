#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "infer/step.hpp"

namespace soundalike::infer {
namespace {

struct Row {
  std::string_view kind;
  BuiltStep (*make)(LayerReader& reader);
};

// What each does stands in docs/formats.md.
constexpr std::array rows{
    Row{"linear", make_linear},
    Row{"conv2d", make_conv2d},
    Row{"conv_transpose2d", make_conv_transpose2d},
    Row{"batch_norm", make_batch_norm},
    Row{"layer_norm", make_layer_norm},
    Row{"affine", make_affine},
    Row{"relu", make_relu},
    Row{"leaky_relu", make_leaky_relu},
    Row{"silu", make_silu},
    Row{"gelu", make_gelu},
    Row{"sigmoid", make_sigmoid},
    Row{"tanh", make_tanh},
    Row{"clamp", make_clamp},
    Row{"softmax", make_softmax},
    Row{"flatten", make_flatten},
    Row{"reshape", make_reshape},
    Row{"difference", make_difference},
    Row{"mean_pool", make_mean_pool},
    Row{"quantise", make_quantise},
    Row{"sequence", make_sequence},
    Row{"residual", make_residual},
    Row{"parallel", make_parallel},
};

}  // namespace

Sequence::Sequence(const Checkpoint& checkpoint, std::span<const Layer> layers, Shape input, const std::string& where)
    : output_(std::move(input)) {
  for (const Layer& layer : layers) {
    LayerReader reader(checkpoint, layer, output_,
                       fmt::format("{}: layer {} ({})", where, steps_.size() + 1, layer.kind));
    const auto row = std::ranges::find(rows, layer.kind, &Row::kind);
    if (row == rows.end()) {
      std::string known;
      for (const Row& r : rows) known += fmt::format("{}{}", known.empty() ? "" : ", ", r.kind);
      reader.fail("no such kind of layer; known are " + known);
    }
    BuiltStep built = row->make(reader);
    reader.check_options();
    count_of(built.output, reader.where());
    steps_.push_back(std::move(built.step));
    output_ = std::move(built.output);
  }
}

Values Sequence::run(Values x) const {
  for (const auto& step : steps_) x = step->run(std::move(x));
  return x;
}

}  // namespace soundalike::infer
