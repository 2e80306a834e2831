# soundalike_embed_files(<target> FOLDER <folder> PATTERN <glob> NAMESPACE <a::b> FUNCTION <name> HEADER <declares it>):
# the files below a folder, ordered by name, as
#   std::span<const EmbeddedFile> <name>();
# in the target. Made again when a file changes, is added or removed.
function(soundalike_embed_files target)
  cmake_parse_arguments(arg "" "FOLDER;PATTERN;NAMESPACE;FUNCTION;HEADER" "" ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${arg_FOLDER}/${arg_PATTERN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}_bytes.cpp)
  # Written only when it changes, so the command runs again when a file is added or removed, not at each configure.
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}.txt)
  file(CONFIGURE OUTPUT ${list} CONTENT "${files}" @ONLY)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_files_script.cmake)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFOLDER=${arg_FOLDER} -DPATTERN=${arg_PATTERN}
            -DNAMESPACE=${arg_NAMESPACE} -DFUNCTION=${arg_FUNCTION} -DHEADER=${arg_HEADER} -P ${script}
    DEPENDS ${files} ${list} ${script} VERBATIM COMMENT "Embedding ${arg_FUNCTION}")
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${output})
endfunction()
