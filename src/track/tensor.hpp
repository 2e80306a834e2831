#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike::track {

/// A TensorProto, as far as event files use it.
struct Tensor {
  std::vector<std::uint64_t> shape;
  std::vector<double> numbers;          ///< empty for texts, and for types that are not read
  std::vector<std::string_view> texts;  ///< lie in the bytes that were parsed
  std::string described() const;        ///< "tensor of 2 x 3"
};

/// Floats and whole numbers of 16 to 64 bits, truth values, texts; at most a million numbers.
Tensor parse_tensor(std::string_view bytes);

}  // namespace soundalike::track
