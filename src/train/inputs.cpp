#include "train/inputs.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace soundalike::training {

ControllerInputs::ControllerInputs(const Examples& examples, const Network* compress)
    : examples_(examples), columns_(static_cast<std::int64_t>(2 * examples.embedding)) {
  if (compress == nullptr) return;
  const auto size = static_cast<std::int64_t>(compress->output_size());
  torch::Tensor codes = torch::empty({this->size(), size});
  float* at = codes.data_ptr<float>();
  std::vector<float> row(2 * examples.embedding);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    put_row(i, row.data());
    at = std::ranges::copy(compress->run(row), at).out;
  }
  codes_ = std::move(codes);
  columns_ = size;
}

void ControllerInputs::put_row(std::size_t example, float* to) const {
  to = std::ranges::copy(examples_.input_of(example), to).out;
  std::ranges::copy(examples_.reference_of(example), to);
}

torch::Tensor ControllerInputs::rows(std::span<const std::int64_t> picked) const {
  const auto count = static_cast<std::int64_t>(picked.size());
  if (codes_.defined()) {
    return codes_.index_select(0, torch::tensor(at::ArrayRef(picked.data(), picked.size()), torch::kLong));
  }
  torch::Tensor table = torch::empty({count, columns_});
  float* row = table.data_ptr<float>();
  for (const std::int64_t example : picked) {
    put_row(static_cast<std::size_t>(example), row);
    row += columns_;
  }
  return table;
}

torch::Tensor ControllerInputs::first(std::int64_t most) const {
  std::vector<std::int64_t> picked(static_cast<std::size_t>(std::min(most, size())));
  std::iota(picked.begin(), picked.end(), 0);
  return rows(picked);
}

torch::Tensor known_settings(const Examples& examples) {
  torch::Tensor table =
      torch::empty({static_cast<std::int64_t>(examples.known), static_cast<std::int64_t>(examples.knobs)});
  std::copy_n(examples.settings.begin(), table.numel(), table.data_ptr<float>());
  return table;
}

}  // namespace soundalike::training
