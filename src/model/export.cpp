#include "model/export.hpp"

namespace soundalike::model {

Checkpoint encoder_checkpoint(const std::string& name, const FrontEndChoice& front_end) {
  Checkpoint out;
  out.kind = "encoder";
  out.name = name;
  out.front_end = front_end;
  return out;
}

void put(Checkpoint& into, const std::string& block, std::initializer_list<const BlockNetwork*> parts,
         NumberType type) {
  Block& out = into.blocks[block];
  for (const BlockNetwork* part : parts) {
    const Block& layers = part->plan().block();
    if (out.input.empty()) out.input = layers.input;
    out.layers.insert(out.layers.end(), layers.layers.begin(), layers.layers.end());
    for (const TensorPlan& tensor : part->plan().tensors()) {
      into.tensors[tensor.name] = stored(part->tensor(tensor.name), type);
    }
  }
}

void take(const Checkpoint& from, std::initializer_list<BlockNetwork*> parts) {
  for (BlockNetwork* part : parts) {
    for (const TensorPlan& tensor : part->plan().tensors()) load_tensor(part->tensor(tensor.name), from, tensor.name);
  }
}

}  // namespace soundalike::model
