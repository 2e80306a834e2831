#pragma once

#include <cstdlib>
#include <string_view>

namespace soundalike::farm {

/// Whether $SOUNDALIKE_TEST_WITHOUT names a feature of the kernel, "landlock" or "seccomp": it is then taken for one
/// that this kernel lacks, so that what holds on older kernels can be tried on a newer one.
inline bool pretend_without(std::string_view feature) {
  const char* names = std::getenv("SOUNDALIKE_TEST_WITHOUT");
  return names != nullptr && std::string_view(names).find(feature) != std::string_view::npos;
}

}  // namespace soundalike::farm
