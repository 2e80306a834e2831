# cmake -DOUTPUT=<file.cpp> -DROOT=<source root> -P embed_models.cmake: every models/*.salmodel as bytes of the program.
file(GLOB models ${ROOT}/models/*.salmodel)
list(SORT models)
set(data "")
set(rows "")
set(count 0)
foreach(model IN LISTS models)
  file(RELATIVE_PATH origin ${ROOT} ${model})
  file(SIZE ${model} size)
  set(symbol soundalike_model_${count})
  string(APPEND data "__asm__(\".section .rodata,\\\"a\\\"\\n.balign 64\\n.globl ${symbol}\\n.hidden ${symbol}\\n${symbol}:\\n\"
        \".incbin \\\"${model}\\\"\\n.previous\\n\");
extern \"C\" const char ${symbol}[];\n")
  string(APPEND rows "    {\"${origin}\", {${symbol}, ${size}}},\n")
  math(EXPR count "${count} + 1")
endforeach()
# A table of no rows is not C++, so an empty one ends the list and is not counted.
file(WRITE ${OUTPUT} "#include \"infer/built_in_models.hpp\"

${data}
namespace soundalike::infer {
namespace {

const BuiltInModel rows[] = {
${rows}    {},
};

}  // namespace

std::span<const BuiltInModel> built_in_models() { return std::span(rows).first(std::size(rows) - 1); }

}  // namespace soundalike::infer
")
