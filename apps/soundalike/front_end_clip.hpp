#pragma once

#include <string>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/front_end.hpp"

namespace soundalike::cli {

/// The part of the recording that the front end looks at, as it looks at it; silence after its end.
/// @param start seconds. @throws Error as AudioFileReader; invalid_argument for a start beyond the end.
AudioBuffer read_clip(const std::string& path, double start, const FrontEndOptions& front_end);

}  // namespace soundalike::cli
