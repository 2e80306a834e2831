#include "soundalike/version.hpp"

namespace soundalike {

const char* program_version() { return SOUNDALIKE_VERSION; }

}  // namespace soundalike
