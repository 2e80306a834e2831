#include <torch/torch.h>

#include <doctest/doctest.h>

#include <map>

#include "fixtures/errors.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/encoder_network.hpp"
#include "soundalike/network.hpp"

using namespace soundalike;

namespace {

struct Documented {
  std::size_t parameters;
  std::vector<std::size_t> input;
  std::size_t dimensions;
  bool heavy = false;  ///< half a gigabyte: only counted
};

/// Weights and shapes of the published networks; ours beside them.
const std::map<std::string_view, Documented> documented{
    {"style-encoder", {16576, {920}, 64}},
    {"spectrogram-vae", {14334305, {1, 129, 2049}, 128}},
    {"spectrogram-vae-small", {0, {1, 129, 2049}, 64}},
    {"mel-vae", {2421225, {1, 256, 256}, 128}},
    {"mel-vae-small", {0, {1, 256, 256}, 64}},
    {"vq-vae", {166403, {1, 256, 256}, 56}},
    {"vq-vae-small", {0, {1, 256, 256}, 112}},
    {"digits-vae", {0, {1, 65, 257}, 32}},
    {"joint-vae", {126867570, {2, 65, 2049}, 2048, true}},
    {"joint-vae-small", {0, {2, 65, 2049}, 64}},
};

bool ships(std::string_view name) {
  return name.ends_with("-small") || name == "style-encoder" || name == "digits-vae";
}

at::Tensor images(const EncoderNetwork& network, std::int64_t count) {
  torch::manual_seed(7);
  std::vector<std::int64_t> shape{count};
  for (const auto size : network.input_shape()) shape.push_back(static_cast<std::int64_t>(size));
  return torch::randn(shape);
}

EncoderBatch batch_of(const at::Tensor& input, double beta) {
  const std::int64_t n = input.size(0);
  EncoderBatch batch{input, torch::rand({n, n}) * 10.0, beta};
  batch.difference = batch.difference + batch.difference.t();
  batch.difference.fill_diagonal_(0.0);
  return batch;
}

/// A network that has seen something: batch statistics and codebooks are no longer where they began.
std::unique_ptr<EncoderNetwork> warm(const EncoderKind& kind, std::uint64_t seed = 3) {
  auto network = kind.make(seed);
  const torch::NoGradGuard no_grad;
  network->module().train();
  network->loss(batch_of(images(*network, 4) * 2.0 + 0.5, 1e-3));
  network->module().eval();
  return network;
}

double worst(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

/// The large ones are made of the same parts as the small ones.
template <typename Action>
void for_each_encoder(Action&& action) {
  for (const EncoderKind& kind : encoder_kinds()) {
    if (!ships(kind.name)) continue;
    CAPTURE(kind.name);
    const torch::NoGradGuard no_grad;
    action(kind);
  }
}

}  // namespace

TEST_CASE("encoders_have_the_documented_weights_and_shapes") {
  for (const EncoderKind& kind : encoder_kinds()) {
    CAPTURE(kind.name);
    REQUIRE(documented.contains(kind.name));
    const Documented& wanted = documented.at(kind.name);
    if (wanted.parameters > 0) CHECK(kind.parameters() == wanted.parameters);
    if (wanted.heavy) continue;
    const auto network = kind.make(1);
    std::size_t counted = 0;
    for (const auto& p : network->module().parameters()) counted += static_cast<std::size_t>(p.numel());
    CHECK(counted - kind.parameters() <= 1);  // the style encoder learns its temperature too
    CHECK(network->input_shape() == wanted.input);
    CHECK(network->dimensions() == wanted.dimensions);
  }
}

TEST_CASE("embeddings_have_the_documented_shape_and_reconstructions_that_of_the_input") {
  for_each_encoder([](const EncoderKind& kind) {
    const auto network = warm(kind);
    const at::Tensor input = images(*network, 2);
    const at::Tensor embeddings = network->encode(input);
    CHECK(embeddings.sizes() == at::IntArrayRef({2, static_cast<std::int64_t>(network->dimensions())}));
    CHECK(worst(embeddings[0], embeddings[1]) > 0.0);
    const at::Tensor again = network->reconstruct(input);
    if (again.defined()) CHECK(again.sizes() == input.sizes());
    CHECK(again.defined() == (kind.name != "style-encoder"));
  });
}

TEST_CASE("embedding_does_not_depend_on_batch_neighbours") {
  for_each_encoder([](const EncoderKind& kind) {
    const auto network = warm(kind);
    const at::Tensor input = images(*network, 4);
    const at::Tensor together = network->encode(input);
    // The same up to the order in which a matrix product of another size adds.
    for (std::int64_t i = 0; i < 4; ++i) {
      CHECK(worst(network->encode(input.slice(0, i, i + 1))[0], together[i]) < 1e-5);
    }
  });
}

TEST_CASE("encoding_twice_is_identical_and_changes_nothing") {
  for_each_encoder([](const EncoderKind& kind) {
    const auto network = warm(kind);
    const at::Tensor input = images(*network, 2);
    const at::Tensor first = network->encode(input);
    network->loss(batch_of(input, 1e-3));  // in evaluation mode: no sample, no statistics, no codebook update
    CHECK(torch::equal(network->encode(input), first));
    if (network->reconstruct(input).defined())
      CHECK(torch::equal(network->reconstruct(input), network->reconstruct(input)));
  });
}

TEST_CASE("same_seed_same_weights_other_seed_other_weights") {
  for_each_encoder([](const EncoderKind& kind) {
    const auto a = warm(kind, 1);
    const at::Tensor input = images(*a, 1);
    CHECK(torch::equal(a->encode(input), warm(kind, 1)->encode(input)));
    CHECK_FALSE(torch::equal(a->encode(input), warm(kind, 2)->encode(input)));
  });
}

TEST_CASE("loading_what_was_saved_gives_identical_embeddings") {
  for_each_encoder([](const EncoderKind& kind) {
    const auto network = warm(kind);
    const Checkpoint stored = parse_checkpoint(serialise(network->checkpoint()), "memory");
    const auto loaded = kind.make(99);
    loaded->load(stored);
    loaded->module().eval();
    const at::Tensor input = images(*network, 2);
    CHECK(torch::equal(loaded->encode(input), network->encode(input)));
    if (network->reconstruct(input).defined())
      CHECK(torch::equal(loaded->reconstruct(input), network->reconstruct(input)));
    CHECK(stored.kind == "encoder");
    CHECK(stored.name == kind.name);
    CHECK(stored.front_end == kind.front_end());
    if (stored.front_end.kind != "features") CHECK(to_choice(to_options(stored.front_end)) == stored.front_end);
    const auto shape = EncoderInput(stored.front_end).shape();
    CHECK(std::equal(shape.rbegin(), shape.rend() - (shape.size() > 1), network->input_shape().rbegin()));
  });
}

TEST_CASE("exported_network_equals_torch") {
  for_each_encoder([](const EncoderKind& kind) {
    const auto network = warm(kind);
    const Network exported(network->checkpoint(), "encode");
    REQUIRE(exported.input_shape() == network->input_shape());
    REQUIRE(exported.output_size() == network->dimensions());
    const at::Tensor input = images(*network, 1);
    const at::Tensor wanted = network->encode(input)[0].contiguous();
    const auto got = exported.run({input.data_ptr<float>(), static_cast<std::size_t>(input.numel())});
    const double scale = 1.0 + wanted.abs().max().item<double>();
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(std::abs(got[i] - wanted[static_cast<std::int64_t>(i)].item<float>()) < 1e-5 * scale);
    }
  });
}

TEST_CASE("exported_decoder_says_what_torch_says") {
  for_each_encoder([](const EncoderKind& kind) {
    const auto network = warm(kind);
    const at::Tensor input = images(*network, 1);
    const at::Tensor wanted = network->reconstruct(input);
    if (!wanted.defined()) return;
    const Checkpoint stored = network->checkpoint();
    const Network encode(stored, stored.blocks.contains("codes") ? "codes" : "encode");
    const Network decode(stored, "decode");
    const auto latent = encode.run({input.data_ptr<float>(), static_cast<std::size_t>(input.numel())});
    auto got = decode.run(latent);
    const at::Tensor image = torch::from_blob(got.data(), wanted.sizes());
    CHECK(worst(image, wanted) < 1e-4 * (1.0 + wanted.abs().max().item<double>()));
  });
}

TEST_CASE("encoders_that_ship_take_at_most_5_mb") {
  for_each_encoder(
      [](const EncoderKind& kind) { CHECK(serialise(kind.make(1)->checkpoint(NumberType::f32)).size() <= 5'000'000); });
}

TEST_CASE("every_weight_gets_a_gradient_from_the_loss") {
  for (const EncoderKind& kind : encoder_kinds()) {
    if (!ships(kind.name)) continue;
    CAPTURE(kind.name);
    const auto network = kind.make(3);
    network->module().train();
    const EncoderLoss loss = network->loss(batch_of(images(*network, 4), 1e-2));
    CHECK(loss.each.sizes() == at::IntArrayRef({4}));
    CHECK(loss.each.mean().item<double>() == doctest::Approx(loss.loss.item<double>()).epsilon(1e-4));
    loss.loss.backward();
    for (const auto& item : network->module().named_parameters()) {
      CAPTURE(item.key());
      REQUIRE(item.value().grad().defined());
      CHECK(item.value().grad().abs().sum().item<double>() > 0.0);
    }
  }
}

TEST_CASE("network_of_another_kind_is_not_loaded") {
  const auto mel = make_encoder("mel-vae-small");
  const auto vq = make_encoder("vq-vae-small");
  CHECK(thrown_by([&] { mel->load(vq->checkpoint()); }).says("holds another network"));
  CHECK(thrown_by([] { make_encoder("mel-vea"); }).says("known are style-encoder, spectrogram-vae"));
}
