#!/usr/bin/env bash
# clang-tidy over a few source files of one folder as one translation unit: most of its time goes into what they all
# include. Files whose names clash are looked at in a second one, and so on.
#   tools/lint/group.sh <line>...   lines "<path> <stamp>" of build/tidy/units, from the source root; their flags are
#                                   those of the first
# Prints what was found and exits non-zero; makes the stamps of the files in which nothing was.
set -euo pipefail

tidy() { clang-tidy --quiet "$@" 2>&1 | grep -vE '^[0-9]+ warnings? (generated|treated)' || true; }

# The files among "$@" that a finding names.
named_in() {
  local text=$1 file
  shift
  for file in "$@"; do grep -qE "(^|/)$file:[0-9]+:[0-9]+: (error|warning)" <<< "$text" && echo "$file"; done
  true
}

declare -A stamp
files=()
for line in "$@"; do
  file=${line% *}
  files+=("$file")
  stamp[$file]=${line#* }
done
flags=$(awk -F '\t' -v unit="${files[0]}" '$1 == unit {print $2}' build/tidy/units)
eval "flags=($flags)"
# The compile commands are those of GCC; clang-tidy does not know all of its warnings.
flags+=(-Wno-unknown-warning-option -Wno-everything)
# Clang 14 has coroutines, but GCC's library and Boost hide theirs from it.
flags+=(-D__cpp_impl_coroutine=201902L -DBOOST_ASIO_HAS_CO_AWAIT -DBOOST_ASIO_HAS_STD_COROUTINE)
# Else the analyser follows paths in the main file only.
flags+=(-Xclang -analyzer-opt-analyze-headers)

# Below the source root, where clang-tidy finds our .clang-tidy.
mkdir -p build/tidy/unity
unity=build/tidy/unity/$$.cpp
trap 'rm -f "$unity"' EXIT
failed=0
while [ ${#files[@]} -gt 0 ]; do
  now=("${files[@]}")
  later=()
  while :; do
    printf "#include \"$PWD/%s\"\n" "${now[@]}" > "$unity"
    [ ${#now[@]} -gt 1 ] || break
    trouble=$(tidy --checks='-*,google-explicit-constructor' "$unity" -- "${flags[@]}" -ferror-limit=0 |
              grep 'clang-diagnostic-error' || true)
    [ -n "$trouble" ] || break
    mapfile -t clashing < <(named_in "$trouble" "${now[@]:1}")
    [ ${#clashing[@]} -gt 0 ] || clashing=("${now[@]:1}")
    later+=("${clashing[@]}")
    mapfile -t now < <(printf '%s\n' "${now[@]}" | grep -vxFf <(printf '%s\n' "${clashing[@]}"))
  done
  found=$(tidy --checks=-bugprone-suspicious-include --warnings-as-errors='*' "$unity" -- "${flags[@]}")
  bad=()
  if [ -n "$found" ]; then
    failed=1
    printf '%s\n' "${found//$PWD\//}"
    mapfile -t bad < <(named_in "$found" "${now[@]}")
    [ ${#bad[@]} -gt 0 ] || bad=("${now[@]}")  # in a header: any of them may be why
  fi
  for file in "${now[@]}"; do
    [[ " ${bad[*]} " == *" $file "* ]] || touch "build/tidy/clean/${stamp[$file]}"
  done
  files=("${later[@]}")
done
exit $failed
