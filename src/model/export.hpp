#pragma once

#include <initializer_list>
#include <string>

#include "model/block_network.hpp"
#include "soundalike/checkpoint.hpp"

namespace soundalike::model {

/// An encoder's checkpoint without networks yet.
Checkpoint encoder_checkpoint(const std::string& name, const FrontEndChoice& front_end);

/// Adds a block: the layers of networks, one after the other, and their tensors.
void put(Checkpoint& into, const std::string& block, std::initializer_list<const BlockNetwork*> parts, NumberType type);

/// Takes the networks' tensors from a checkpoint. @throws Error invalid_argument when one is missing or has another
/// shape.
void take(const Checkpoint& from, std::initializer_list<BlockNetwork*> parts);

}  // namespace soundalike::model
