# cmake -DOUTPUT=<file.cpp> -DROOT=<source root> -P embed_profiles.cmake: every profiles/*.json as C++ raw strings.
file(GLOB profiles ${ROOT}/profiles/*.json)
list(SORT profiles)
set(rows "")
foreach(profile IN LISTS profiles)
  file(READ ${profile} json)
  file(RELATIVE_PATH origin ${ROOT} ${profile})
  string(JSON effect ERROR_VARIABLE problem GET "${json}" effect)
  if(problem)
    message(FATAL_ERROR "cannot embed '${origin}': ${problem}")
  endif()
  string(FIND "${json}" ")json\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "cannot embed '${origin}': it holds )json\", which ends a raw string")
  endif()
  string(APPEND rows "    {R\"json(${effect})json\", R\"json(${origin})json\", R\"json(${json})json\"},\n")
endforeach()
# A table of no rows is not C++, so an empty one ends the list and is not counted.
set(source "#include \"effect/built_in_profiles.hpp\"

namespace soundalike {
namespace {

constexpr BuiltInProfile rows[] = {
${rows}    {},
};

}  // namespace

std::span<const BuiltInProfile> built_in_profiles() { return std::span(rows).first(std::size(rows) - 1); }

}  // namespace soundalike
")
file(WRITE ${OUTPUT} "${source}")
