# Language, warnings, sanitizers, output folders, compiler cache.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

set(SOUNDALIKE_SANITIZE "" CACHE STRING "Sanitizers to build with, as for -fsanitize=")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# Options are structs with defaults, named at the call: the fields left out are meant to be.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> -Wno-missing-field-initializers -Werror)
# Debian's Eigen and nlohmann headers are system headers; GCC 12 still warns through inlining at -O3.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
                    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(CMAKE_UNITY_BUILD)  # what one of the joined files keeps to itself is nothing to the others; preset dev warns
  add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage> -Wno-shadow)
endif()
# The vectoriser may use a*b+c only where the source says so: one source, one rounding.
add_compile_options(-ffp-contract=off)

option(SOUNDALIKE_FUZZ "Build the fuzzers (clang 16 or newer: --preset fuzz)" OFF)
if(SOUNDALIKE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # every module tells the fuzzer which way it went
endif()

if(SOUNDALIKE_SANITIZE)
  add_compile_options(-fsanitize=${SOUNDALIKE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SOUNDALIKE_SANITIZE})
endif()
