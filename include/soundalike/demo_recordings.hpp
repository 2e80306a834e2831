#pragma once

#include <span>
#include <string_view>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/embedded_file.hpp"

namespace soundalike {

/// Short recordings that come with the program, for whoever has none at hand: examples/audio, ordered by name. FLAC.
///
///   AudioBuffer dry = read_demo_recording("band.flac");
std::span<const EmbeddedFile> demo_recordings();

/// @throws Error not_found, naming those there are; io when there is no room for it in memory.
AudioBuffer read_demo_recording(std::string_view name);

}  // namespace soundalike
