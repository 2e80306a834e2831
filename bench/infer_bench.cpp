// How long it takes to predict: CPU time of one thread for encoding 5.5 s, and for a controller, by networks of the
// sizes in question with random weights. What weights they are makes no difference to the time.
//
//   infer_bench [rounds]      prints one JSON object
#include <cmath>

#include "measure.hpp"
#include "soundalike/controller.hpp"
#include "soundalike/encoder.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

/// Layers with small random weights, one after the other.
class Builder {
 public:
  explicit Builder(Checkpoint& checkpoint) : checkpoint_(checkpoint) {}

  void linear(std::vector<Layer>& layers, std::size_t in, std::size_t out) {
    const std::string name = next();
    layers.push_back({.kind = "linear", .name = name});
    tensor(name + ".weight", {out, in}, in);
    tensor(name + ".bias", {out}, in);
  }
  void conv(std::vector<Layer>& layers, std::size_t in, std::size_t out) {
    const std::string name = next();
    layers.push_back({.kind = "conv2d", .name = name, .options = {{"stride", {2.0}}, {"padding", {1.0}}}});
    tensor(name + ".weight", {out, in, 3, 3}, 9 * in);
    tensor(name + ".bias", {out}, 9 * in);
  }

 private:
  std::string next() { return "layer" + std::to_string(count_++); }
  void tensor(const std::string& name, std::vector<std::size_t> shape, std::size_t inputs) {
    std::size_t count = 1;
    for (const std::size_t d : shape) count *= d;
    const double scale = 1.0 / std::sqrt(static_cast<double>(inputs));
    std::vector<float> values(count);
    for (float& x : values) x = static_cast<float>(scale * rng_.normal());
    checkpoint_.tensors[name] = StoredTensor::of(std::move(shape), values);
  }
  Checkpoint& checkpoint_;
  Rng rng_{1};
  int count_ = 0;
};

// The original's encoder: four convolutions down to 9 x 129 x 32, one matrix to 128 numbers.
Encoder spectrogram_encoder() {
  Checkpoint out{.kind = "encoder", .name = "spectrogram", .front_end = to_choice(linear_front_end())};
  std::vector<Layer> layers;
  Builder builder(out);
  const std::size_t channels[] = {1, 8, 16, 32, 32};
  for (int i = 0; i < 4; ++i) {
    builder.conv(layers, channels[i], channels[i + 1]);
    layers.push_back({.kind = "relu"});
  }
  layers.push_back({.kind = "flatten"});
  builder.linear(layers, 37152, 128);
  out.blocks["encode"] = {{1, 129, 2049}, std::move(layers)};
  return Encoder(out);
}

Encoder style_encoder() {
  const EncoderInput input(style_front_end("features"));
  Checkpoint out{.kind = "encoder", .name = "style", .front_end = style_front_end("features")};
  std::vector<Layer> layers;
  Builder builder(out);
  builder.linear(layers, input.shape()[0], 512);
  layers.push_back({.kind = "gelu"});
  builder.linear(layers, 512, 512);
  layers.push_back({.kind = "gelu"});
  builder.linear(layers, 512, 128);
  out.blocks["encode"] = {input.shape(), std::move(layers)};
  return Encoder(out);
}

Controller controller() {
  Checkpoint out{.kind = "controller", .name = "controller"};
  ControlledEffect effect{"lv2:urn:bench", "Bench", "1", {}, {}};
  for (int i = 0; i < 10; ++i) {
    effect.parameters.push_back("knob" + std::to_string(i));
    effect.knobs.push_back({effect.parameters.back()});
  }
  out.effects = {effect};
  std::vector<Layer> layers;
  Builder builder(out);
  const std::size_t sizes[] = {256, 128, 128, 64, 32};
  for (int i = 0; i < 4; ++i) {
    builder.linear(layers, sizes[i], sizes[i + 1]);
    layers.push_back({.kind = "layer_norm"});
    layers.push_back({.kind = "leaky_relu"});
  }
  builder.linear(layers, 32, 20);
  out.blocks["predict"] = {{256}, std::move(layers)};
  return Controller(out);
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("infer_bench", [&] {
    const int rounds = rounds_from(argc, argv, 1, 21);
    flush_to_zero();
    const double seconds = 131072.0 / 24000.0;
    const AudioBuffer mono = make_music(1, seconds, {24000.0}, 1);
    const AudioBuffer stereo = make_music(2, seconds, {44100.0}, 2);
    const Encoder spectrogram = spectrogram_encoder();
    const Encoder style = style_encoder();
    const Controller predict = controller();
    const auto embedding = style.encode(mono);
    struct Series {
      const char* name;
      std::function<void()> work;
      std::vector<double> times = {};
    };
    std::vector<Series> all{
        {"encoding by spectrogram", [&] { spectrogram.encode(mono); }},
        {"encoding by style features", [&] { style.encode(mono); }},
        {"encoding stereo at 44.1 kHz by style features", [&] { style.encode(stereo); }},
        {"predicting from two embeddings", [&] { predict.predict(embedding, embedding); }},
    };
    for (int round = -1; round < rounds; ++round) {  // the first warms up
      for (Series& series : all) {
        const double start = thread_cpu_seconds();
        series.work();
        if (round >= 0) series.times.push_back(thread_cpu_seconds() - start);
      }
    }
    nlohmann::ordered_json result{{"audio_seconds", seconds}, {"rounds", rounds}};
    for (const Series& series : all) {
      result["figures"].push_back({{"what", series.name}, {"cpu_ms", 1e3 * median(series.times)}});
    }
    return result;
  });
}
