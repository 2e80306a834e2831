#include "train/inputs.hpp"

#include <algorithm>

namespace soundalike::training {

torch::Tensor controller_inputs(const Examples& examples, const Network* compress) {
  const std::size_t columns = compress != nullptr ? compress->output_size() : 2 * examples.embedding;
  torch::Tensor table = torch::empty({static_cast<std::int64_t>(examples.size()), static_cast<std::int64_t>(columns)});
  float* at = table.data_ptr<float>();
  for (std::size_t i = 0; i < examples.size(); ++i) {
    std::vector<float> row(examples.input_of(i).begin(), examples.input_of(i).end());
    row.insert(row.end(), examples.reference_of(i).begin(), examples.reference_of(i).end());
    if (compress != nullptr) row = compress->run(row);
    at = std::ranges::copy(row, at).out;
  }
  return table;
}

torch::Tensor known_settings(const Examples& examples) {
  torch::Tensor table =
      torch::empty({static_cast<std::int64_t>(examples.size()), static_cast<std::int64_t>(examples.knobs)});
  std::ranges::copy(examples.settings, table.data_ptr<float>());
  return table;
}

}  // namespace soundalike::training
