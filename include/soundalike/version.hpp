#pragma once

namespace soundalike {

/// "0.1.0": of this build of soundalike.
const char* program_version();

}  // namespace soundalike
