#pragma once

#include <string>

#include "soundalike/checkpoint.hpp"

namespace soundalike::cli {

/// What a person should know of a stored controller, in Markdown: what it controls, how it was made, how well it does.
/// Reads what train controller put into its metadata.
std::string model_card(const Checkpoint& controller, std::size_t bytes);
/// The same of an encoder, from what train encoder put there.
std::string encoder_card(const Checkpoint& encoder, std::size_t bytes);

}  // namespace soundalike::cli
