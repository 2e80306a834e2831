// The fuzzer's target with damage of a seeded kind, so that every test run tries some of it.
#include <doctest/doctest.h>

#include <array>
#include <cstring>

#include "infer/examples.hpp"
#include "infer/fuzz_checkpoint.hpp"

using namespace soundalike;

namespace {

// A small network of every kind of layer that has options or tensors.
Checkpoint everything() {
  Checkpoint out = example_checkpoint();
  auto& layers = out.blocks["more"].layers;
  out.blocks["more"].input = {2, 4, 4};
  layers = {
      {.kind = "batch_norm", .name = "bn", .options = {{"eps", {1e-3}}}},
      {.kind = "conv_transpose2d", .name = "up", .options = {{"stride", {2.0}}, {"output_padding", {1.0}}}},
      {.kind = "quantise", .name = "vq"},
      {.kind = "mean_pool"},
      {.kind = "layer_norm", .name = "ln"},
      {.kind = "affine", .name = "scale"},
      {.kind = "parallel", .inside = {{.kind = "softmax", .options = {{"groups", {1.0, 2.0}}}}, {.kind = "gelu"}}},
      {.kind = "clamp", .options = {{"low", {0.0}}, {"high", {1.0}}}},
      {.kind = "difference"},
      {.kind = "reshape", .options = {{"shape", {2.0, 3.0}}}}};
  add_tensor(out, "bn.running_mean", {2}, 1);
  out.tensors["bn.running_var"] = StoredTensor::of({2}, std::vector{1.0f, 2.0f});
  add_tensor(out, "up.weight", {2, 3, 3, 3}, 2);
  add_tensor(out, "vq.codebook", {5, 3}, 3);
  add_tensor(out, "ln.weight", {3}, 4);
  add_tensor(out, "scale.weight", {3}, 5);
  add_tensor(out, "scale.bias", {3}, 6);
  out.effects.clear();
  return out;
}

}  // namespace

TEST_CASE("damaged_headers_and_numbers_never_do_more_than_throw") {
  std::string whole = serialise(everything());
  whole.resize(whole.size() - 32);  // the digest, which the target makes itself
  REQUIRE(fuzz_checkpoint(whole));
  std::uint64_t header = 0;
  std::memcpy(&header, whole.data() + 8, 8);
  constexpr std::array<std::string_view, 12> splinters{"0",  "9",  "-1", "1e999", "99999999999", "[",
                                                       "]}", "\"", ",",  "{}",    "null",        "\xff"};
  Rng rng(1);
  int alive = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    for (std::uint64_t hit = 0; hit <= rng.below(3); ++hit) {
      const bool in_header = rng.below(4) != 0;
      const std::size_t at = in_header ? 16 + rng.below(header) : rng.below(damaged.size());
      switch (rng.below(3)) {
        case 0:
          damaged[at] = static_cast<char>(rng.below(256));
          break;
        case 1:  // digits often make another valid header
          damaged[at] = static_cast<char>('0' + rng.below(10));
          break;
        default: {
          const auto splinter = splinters[rng.below(splinters.size())];
          damaged.replace(at, std::min(splinter.size(), damaged.size() - at), splinter);
        }
      }
    }
    if (rng.below(20) == 0) damaged.resize(rng.below(damaged.size()));
    alive += fuzz_checkpoint(damaged) ? 1 : 0;
  }
  CHECK(alive > 300);  // enough of it gets past the header to the layers
}
