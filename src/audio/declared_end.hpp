#pragma once

#include <cstdint>
#include <optional>

namespace soundalike {

/// The byte after the last byte of audio, as the header of a WAV, RF64 or AIFF file or the Xing header of an MP3 file
/// tells it. A file that is shorter was cut off; libsndfile would quietly make it a shorter recording.
/// Nothing for other kinds, and for headers that leave the length open (WAV written to a pipe).
/// @param descriptor an open file; its position is neither used nor moved.
std::optional<std::uint64_t> declared_end(int descriptor);

}  // namespace soundalike
