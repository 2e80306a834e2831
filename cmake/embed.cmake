# soundalike_embed(<target> FILE <text file> NAMESPACE <a::b> SYMBOL <name> HEADER <declares it>): the text of a file as
#   extern const std::string_view <name>;
# in the target. Made again when the file changes.
function(soundalike_embed target)
  cmake_parse_arguments(arg "" "FILE;NAMESPACE;SYMBOL;HEADER" "" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${arg_SYMBOL}.cpp)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${arg_FILE} -DOUTPUT=${output} -DNAMESPACE=${arg_NAMESPACE} -DSYMBOL=${arg_SYMBOL}
            -DHEADER=${arg_HEADER} -P ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
    DEPENDS ${arg_FILE} ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake VERBATIM COMMENT "Embedding ${arg_FILE}")
  target_sources(${target} PRIVATE ${output})
endfunction()
