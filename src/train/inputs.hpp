#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>

#include "soundalike/checkpoint.hpp"
#include "soundalike/network.hpp"
#include "train/examples.hpp"

namespace soundalike::training {

/// What a controller takes of each example: both embeddings, joined, which are put together when they are asked for, as
/// a table of them would take more room than the examples do; or what a bottleneck makes of them, once.
class ControllerInputs {
 public:
  /// @param examples outlive it. @param compress the bottleneck; null: none.
  ControllerInputs(const Examples& examples, const Network* compress);

  std::int64_t size() const { return static_cast<std::int64_t>(examples_.size()); }
  std::int64_t columns() const { return columns_; }
  /// [picked, columns()]
  torch::Tensor rows(std::span<const std::int64_t> picked) const;
  /// [at most `most`, columns()]: of the first examples, which are in random order.
  torch::Tensor first(std::int64_t most) const;
  torch::Tensor all() const { return first(size()); }
  /// Of those whose settings are known.
  torch::Tensor known() const { return first(static_cast<std::int64_t>(examples_.known)); }

 private:
  void put_row(std::size_t example, float* to) const;

  const Examples& examples_;
  std::int64_t columns_;
  torch::Tensor codes_;  // behind a bottleneck; else undefined
};
/// [those that are known, knobs]
torch::Tensor known_settings(const Examples& examples);

}  // namespace soundalike::training
