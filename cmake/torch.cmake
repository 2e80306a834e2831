# libtorch, for training only: `soundalike` itself never links it. Debian's 1.13 or a 2.x one, with or without CUDA:
#   cmake --preset release -DSOUNDALIKE_TORCH_ROOT=<folder that holds include/ and lib/>
# Found by its headers and libraries: its own package files end the configuration where a CUDA compiler is missing.
set(SOUNDALIKE_TORCH_ROOT "" CACHE PATH "A libtorch to use instead of the system's")
set(torch_hints "")
if(SOUNDALIKE_TORCH_ROOT)
  set(torch_hints PATHS ${SOUNDALIKE_TORCH_ROOT}/include ${SOUNDALIKE_TORCH_ROOT}/lib NO_DEFAULT_PATH)
endif()
find_path(TORCH_INCLUDE ATen/core/Tensor.h ${torch_hints})
find_path(TORCH_API_INCLUDE torch/torch.h HINTS ${TORCH_INCLUDE}/torch/csrc/api/include NO_DEFAULT_PATH)
foreach(name IN ITEMS torch torch_cpu c10 torch_cuda c10_cuda)
  find_library(TORCH_LIB_${name} ${name} ${torch_hints})
  mark_as_advanced(TORCH_LIB_${name})
endforeach()
mark_as_advanced(TORCH_INCLUDE TORCH_API_INCLUDE)

set(torch_found OFF)
if(TORCH_INCLUDE AND TORCH_API_INCLUDE AND TORCH_LIB_torch AND TORCH_LIB_torch_cpu AND TORCH_LIB_c10)
  set(torch_found ON)
endif()
option(SOUNDALIKE_TRAINING "Build soundalike-train (needs libtorch)" ${torch_found})
if(SOUNDALIKE_TRAINING AND NOT torch_found)
  message(FATAL_ERROR "SOUNDALIKE_TRAINING is on, but no libtorch was found: install libtorch-dev, give "
                      "-DSOUNDALIKE_TORCH_ROOT=<folder that holds include/ and lib/>, or turn it off")
endif()
if(NOT SOUNDALIKE_TRAINING)
  return()
endif()

add_library(soundalike_torch INTERFACE)
# Builds of libtorch for Python bring the headers of another fmt along: the one that is linked comes first.
get_target_property(fmt_include fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
if(EXISTS ${TORCH_INCLUDE}/fmt AND NOT fmt_include STREQUAL TORCH_INCLUDE)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/fmt_first)
  file(CREATE_LINK ${fmt_include}/fmt ${CMAKE_BINARY_DIR}/fmt_first/fmt SYMBOLIC)
  target_include_directories(soundalike_torch SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/fmt_first)
endif()
target_include_directories(soundalike_torch SYSTEM INTERFACE ${TORCH_INCLUDE} ${TORCH_API_INCLUDE})
target_link_libraries(soundalike_torch INTERFACE ${TORCH_LIB_torch} ${TORCH_LIB_torch_cpu} ${TORCH_LIB_c10})
if(TORCH_LIB_torch_cuda)  # registers itself when loaded; nothing refers to it by name
  target_link_libraries(soundalike_torch INTERFACE -Wl,--no-as-needed ${TORCH_LIB_torch_cuda} ${TORCH_LIB_c10_cuda}
                                                   -Wl,--as-needed)
endif()

# torch/torch.h takes 16 s to parse: once, for all that use it.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/torch_pch.cpp CONTENT "// Carries the precompiled header.\n")
add_library(soundalike_torch_pch OBJECT ${CMAKE_BINARY_DIR}/torch_pch.cpp)
target_link_libraries(soundalike_torch_pch PUBLIC soundalike_torch)
target_precompile_headers(soundalike_torch_pch PRIVATE <torch/torch.h>)
target_compile_options(soundalike_torch_pch PRIVATE -fpch-preprocess -fPIC)

# A compiler cache keeps what came of a precompiled header only where it may trust the header's file times.
set(torch_launcher "")
if(CCACHE)
  set(torch_launcher ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()
set_target_properties(soundalike_torch_pch PROPERTIES CXX_COMPILER_LAUNCHER "${torch_launcher}")

# soundalike_use_torch(<target>): lets its sources include torch.
function(soundalike_use_torch target)
  target_link_libraries(${target} PUBLIC soundalike_torch)
  target_precompile_headers(${target} REUSE_FROM soundalike_torch_pch)
  target_compile_options(${target} PRIVATE -fpch-preprocess -fPIC)  # as the header; programs would get -fPIE
  # Even so each file costs seconds for what it takes out of the header: several at once cost little more than one.
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  set_target_properties(${target} PROPERTIES SOUNDALIKE_TORCH ON CXX_COMPILER_LAUNCHER "${torch_launcher}"
                        UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
endfunction()
