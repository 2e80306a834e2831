#pragma once

#include <sndfile.h>

#include <cstdint>
#include <vector>

namespace soundalike {

/// Lets libsndfile work on an open file that stays ours. Left to itself it closes the descriptor when it cannot make
/// sense of the file, and forgets why the system refused a call.
struct DescriptorIo {
  int descriptor = -1;
  int error = 0;  ///< errno of the first read or write that failed
  /// Where not empty, libsndfile sees these bytes in place of the first `replaced` bytes of the file. For reading only.
  std::vector<unsigned char> beginning;
  std::uint64_t replaced = 0;
};

/// The calls for sf_open_virtual; the user pointer is a DescriptorIo that outlives the handle.
SF_VIRTUAL_IO& descriptor_calls();

}  // namespace soundalike
