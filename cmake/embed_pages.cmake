# cmake -DOUTPUT=<file.cpp> -DROOT=<source root> -P embed_pages.cmake: every file of web/dist, and the demo's recordings,
# as bytes of the program. The digest of a file's content is its ETag.
set(data "")
set(count 0)
function(embed_rows out folder)
  set(rows "")
  foreach(file IN LISTS ARGN)
    file(RELATIVE_PATH name ${folder} ${file})
    file(SIZE ${file} size)
    file(SHA256 ${file} digest)
    string(SUBSTRING ${digest} 0 16 digest)
    set(symbol soundalike_page_${count})
    string(APPEND data "__asm__(\".section .rodata,\\\"a\\\"\\n.balign 16\\n.globl ${symbol}\\n.hidden ${symbol}\\n${symbol}:\\n\"
        \".incbin \\\"${file}\\\"\\n.byte 0\\n.previous\\n\");
extern \"C\" const char ${symbol}[];\n")
    string(APPEND rows "    {\"${name}\", {${symbol}, ${size}}, \"${digest}\"},\n")
    math(EXPR count "${count} + 1")
  endforeach()
  set(data "${data}" PARENT_SCOPE)
  set(count ${count} PARENT_SCOPE)
  set(${out} "${rows}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE pages ${ROOT}/web/dist/*)
list(SORT pages)
embed_rows(page_rows ${ROOT}/web/dist ${pages})
file(GLOB clips ${ROOT}/examples/audio/*.flac)
list(SORT clips)
embed_rows(clip_rows ${ROOT}/examples/audio ${clips})
# A table of no rows is not C++, so an empty one ends each list and is not counted.
file(WRITE ${OUTPUT} "#include \"serve/embedded_files.hpp\"

${data}
namespace soundalike::serve {
namespace {

const EmbeddedFile pages[] = {
${page_rows}    {},
};
const EmbeddedFile clips[] = {
${clip_rows}    {},
};

}  // namespace

std::span<const EmbeddedFile> embedded_pages() { return std::span(pages).first(std::size(pages) - 1); }
std::span<const EmbeddedFile> embedded_clips() { return std::span(clips).first(std::size(clips) - 1); }

}  // namespace soundalike::serve
")
