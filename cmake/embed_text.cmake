# cmake -DINPUT= -DOUTPUT= -DNAMESPACE= -DSYMBOL= -DHEADER= -P embed_text.cmake: a text file as a C++ string_view.
file(READ ${INPUT} text)
string(FIND "${text}" ")embedded\"" clash)
if(NOT clash EQUAL -1)
  message(FATAL_ERROR "cannot embed '${INPUT}': it holds )embedded\", which ends a raw string")
endif()
file(WRITE ${OUTPUT} "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n
const std::string_view ${SYMBOL} = R\"embedded(${text})embedded\";\n\n}  // namespace ${NAMESPACE}\n")
