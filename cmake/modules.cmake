# A module is a folder of src/ and one row of the table in docs/architecture.md: the row is its link line.
set(architecture ${CMAKE_SOURCE_DIR}/docs/architecture.md)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${architecture})

# soundalike_module_dependencies(<module> <out>): the "may include" cell of the module's row.
function(soundalike_module_dependencies module out)
  file(STRINGS ${architecture} row REGEX "^\\| `${module}` \\|")
  if(NOT row)
    message(FATAL_ERROR "docs/architecture.md has no row for module '${module}'; add one to its module table")
  endif()
  string(REGEX REPLACE "^\\|[^|]*\\|[^|]*\\|([^|]*)\\|.*" "\\1" cell "${row}")
  string(REGEX MATCHALL "[a-z_]+" dependencies "${cell}")
  set(${out} ${dependencies} PARENT_SCOPE)
endfunction()

# soundalike_module([LIBRARIES <outside libraries>...]): the module in this folder, all its *.cpp.
function(soundalike_module)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  get_filename_component(module ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  soundalike_module_dependencies(${module} dependencies)
  list(TRANSFORM dependencies PREPEND soundalike_)
  if(NOT sources)  # headers only
    add_library(soundalike_${module} INTERFACE)
    target_link_libraries(soundalike_${module} INTERFACE ${dependencies})
    return()
  endif()
  add_library(soundalike_${module} STATIC ${sources})
  target_include_directories(soundalike_${module} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(soundalike_${module} PUBLIC ${dependencies} PRIVATE ${arg_LIBRARIES})
endfunction()

# soundalike_torch_module([LIBRARIES ...]): the same for a module that is part of training; nothing without it.
function(soundalike_torch_module)
  if(SOUNDALIKE_TRAINING)
    soundalike_module(${ARGN})
    get_filename_component(module ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    soundalike_use_torch(soundalike_${module})
  endif()
endfunction()

# For sanitized tests. Plugins free with delete what they made with new[]; nothing of ours gets past the compiler there.
set(sanitizer_environment "")
if(SOUNDALIKE_SANITIZE)
  set(sanitizer_environment "ASAN_OPTIONS=alloc_dealloc_mismatch=0"
      "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/sanitizer.supp:print_suppressions=0"
      "UBSAN_OPTIONS=print_stacktrace=1")
endif()

# The test framework itself and main(), once for all test programs.
add_library(soundalike_test_main OBJECT EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/main.cpp)

# soundalike_test(<module> [LIBRARIES <more>...]): one test program of all *_test.cpp in tests/<module>.
function(soundalike_test module)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${module}/*_test.cpp)
  add_executable(${module}_test ${sources} $<TARGET_OBJECTS:soundalike_test_main>)
  set_target_properties(${module}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_include_directories(${module}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${module}_test PRIVATE ${arg_LIBRARIES})
  if(TARGET soundalike_${module})
    get_target_property(uses_torch soundalike_${module} SOUNDALIKE_TORCH)
    if(uses_torch)
      soundalike_use_torch(${module}_test)
    endif()
  endif()
  if(NOT uses_torch)
    target_compile_options(${module}_test PRIVATE -O1)  # tests compile twice as fast; what they test is not touched
  endif()
  set(torch_environment "")
  if(uses_torch)
    set(torch_environment "OMP_NUM_THREADS=1")  # the tests are small: threads that wait for each other cost more than they bring
  endif()
  add_test(NAME ${module} COMMAND ${module}_test)
  set_tests_properties(${module} PROPERTIES
    ENVIRONMENT "SOUNDALIKE_BIN=${CMAKE_BINARY_DIR}/bin;SOUNDALIKE_SOURCE=${CMAKE_SOURCE_DIR};SOUNDALIKE_BUILD=${CMAKE_BINARY_DIR};${sanitizer_environment};${torch_environment}"
    TIMEOUT 600)
endfunction()
