#pragma once

#include <filesystem>
#include <optional>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {

/// Voice number `voice` of espeak-ng reading sentences that are drawn, at least `seconds` long, with pitch and speed of
/// that voice; nothing when the program fails.
std::optional<AudioBuffer> espeak(const std::filesystem::path& program, std::size_t voice, double seconds, Rng& rng,
                                  const std::filesystem::path& scratch);

}  // namespace soundalike
