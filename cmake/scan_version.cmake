# cmake -DOUTPUT=<file.hpp> -DROOT=<source root> -P scan_version.cmake: a digest of the code that listings depend on.
file(GLOB sources ${ROOT}/src/effect/*.?pp ${ROOT}/include/soundalike/parameter.hpp
     ${ROOT}/include/soundalike/effect.hpp ${ROOT}/include/soundalike/effect_library.hpp)
list(SORT sources)
set(digests "")
foreach(source IN LISTS sources)
  file(SHA256 ${source} digest)
  string(APPEND digests ${digest})
endforeach()
string(SHA256 version "${digests}")
set(content "#pragma once

#include <string_view>

namespace soundalike {

/// Changes with the code that reads plugins' metadata, so that no cache outlives the scan that it holds.
inline constexpr std::string_view scan_version = \"${version}\";

}  // namespace soundalike
")
file(WRITE ${OUTPUT} "${content}")
