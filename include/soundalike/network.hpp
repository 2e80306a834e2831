#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/checkpoint.hpp"

namespace soundalike {

/// Runs one block of a checkpoint, without torch: float32 on one thread, within 1e-5 of torch.
///
///   Network encode(read_checkpoint("encoder.salmodel"), "encode");
///   std::vector<float> embedding = encode.run(image);   // image: input_size() floats, row-major
///
/// Everything that can be wrong with the layers is found when it is made; run() then cannot fail. Const methods, safe
/// from many threads; the same input gives the same bits.
class Network {
 public:
  /// @throws Error invalid_argument naming the checkpoint, the layer and what is wrong: no such block, an unknown kind
  ///         or option, a missing tensor or one of another shape, weights that are not finite, more than 2^25 numbers
  ///         between two layers.
  Network(const Checkpoint& checkpoint, std::string_view block);
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  const std::vector<std::size_t>& input_shape() const;
  const std::vector<std::size_t>& output_shape() const;
  std::size_t input_size() const;
  std::size_t output_size() const;

  /// @param input one example, row-major, input_size() numbers. @return output_size() numbers.
  /// @throws Error invalid_argument for another count.
  std::vector<float> run(std::span<const float> input) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
