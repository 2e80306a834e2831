#pragma once

#include <sndfile.h>

namespace soundalike {

/// Lets libsndfile work on an open file that stays ours. Left to itself it closes the descriptor when it cannot make
/// sense of the file, and forgets why the system refused a call.
struct DescriptorIo {
  int descriptor = -1;
  int error = 0;  ///< errno of the first read or write that failed
};

/// The calls for sf_open_virtual; the user pointer is a DescriptorIo that outlives the handle.
SF_VIRTUAL_IO& descriptor_calls();

}  // namespace soundalike
