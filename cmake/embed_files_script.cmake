# cmake -DOUTPUT=<file.cpp> -DFOLDER=<folder> -DPATTERN=<glob> -DNAMESPACE=<a::b> -DFUNCTION=<name> -DHEADER=<declares it>
#   -P embed_files_script.cmake: the files of a folder as bytes of the program. The digest of a file's content is its ETag.
file(GLOB_RECURSE files ${FOLDER}/${PATTERN})
list(SORT files)
set(data "")
set(rows "")
set(count 0)
foreach(file IN LISTS files)
  file(RELATIVE_PATH name ${FOLDER} ${file})
  file(SIZE ${file} size)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 16 digest)
  set(symbol soundalike_${FUNCTION}_${count})
  string(APPEND data "__asm__(\".section .rodata,\\\"a\\\"\\n.balign 16\\n.globl ${symbol}\\n.hidden ${symbol}\\n${symbol}:\\n\"
        \".incbin \\\"${file}\\\"\\n.byte 0\\n.previous\\n\");
extern \"C\" const char ${symbol}[];\n")
  string(APPEND rows "    {\"${name}\", {${symbol}, ${size}}, \"${digest}\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
# A table of no rows is not C++, so an empty one ends the list and is not counted.
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

${data}
namespace ${NAMESPACE} {
namespace {

const EmbeddedFile files[] = {
${rows}    {},
};

}  // namespace

std::span<const EmbeddedFile> ${FUNCTION}() { return std::span(files).first(std::size(files) - 1); }

}  // namespace ${NAMESPACE}
")
