#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace soundalike {

/// What an MP3 file (MPEG 1, 2 or 2.5, layer III) says about its length.
struct MpegLength {
  std::uint64_t start = 0;           ///< first byte of the first frame, after an ID3 tag
  bool has_header = false;           ///< a Xing, Info or VBRI header tells the length
  std::optional<std::uint64_t> end;  ///< the byte after the last frame, where a Xing header tells it
};

/// Nothing for a file of another kind. The descriptor's position is neither used nor moved.
std::optional<MpegLength> mpeg_length(int descriptor);

/// A frame to put before the audio at `start`: silent, never played, with a Xing header that tells how many frames the
/// file has. Decoders guess that from the bit rate of the first frame where no header tells it, and stop there: a file
/// of variable bit rate then loses its end. Counts by walking from frame to frame, without decoding.
std::vector<unsigned char> mpeg_length_frame(int descriptor, std::uint64_t start);

}  // namespace soundalike
