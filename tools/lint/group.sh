#!/usr/bin/env bash
# clang-tidy over a few source files of one folder as one translation unit: most of its time goes into what they all
# include. Files whose names clash are looked at in a second one, and so on; where most clash, each alone.
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
# Following paths through the standard library took two thirds of the time.
flags+=(-Xclang -analyzer-config -Xclang c++-stdlib-inlining=false)

# Files one after the other, so that the analyser takes all of them for the main file: it follows no paths elsewhere.
join() {
  local file
  for file in "$@"; do
    cat "$file"
    echo
  done
}

# Lines "<joined file>:<line>:..." of clang-tidy's as those of the files that were joined.
as_files() {
  awk -v joined="$PWD/$unity" '
    FILENAME != "-" { ++line; if (FNR == 1) { ++files; name[files] = FILENAME; first[files] = line + files - 1 }; next }
    index($0, joined ":") == 1 {
      rest = substr($0, length(joined) + 2)
      at = rest + 0
      for (i = files; i > 1 && first[i] > at; --i) {}
      sub(/^[0-9]+/, at - first[i] + 1, rest)
      print name[i] ":" rest
      next
    }
    { print }' "$@" -
}

folder=${files[0]%/*}
top=${folder%%/*}
mkdir -p "build/tidy/unity/$top"
[ ! -e "$top/.clang-tidy" ] || cp "$top/.clang-tidy" "build/tidy/unity/$top/"  # looked for from there upwards
unity=build/tidy/unity/$top/$$.cpp
trap 'rm -f "$unity"' EXIT
flags+=(-I"$PWD/$folder")
failed=0
singly=
while [ ${#files[@]} -gt 0 ]; do
  now=("${files[@]}")
  later=()
  if [ -n "$singly" ]; then
    now=("${files[0]}")
    later=("${files[@]:1}")
  fi
  while [ ${#now[@]} -gt 1 ]; do
    join "${now[@]}" > "$unity"
    trouble=$(tidy --checks='-*,google-explicit-constructor' "$unity" -- "${flags[@]}" -ferror-limit=0 |
              as_files "${now[@]}" | grep 'clang-diagnostic-error' || true)
    [ -n "$trouble" ] || break
    mapfile -t clashing < <(named_in "$trouble" "${now[@]:1}")
    if [ $((2 * ${#clashing[@]})) -gt ${#now[@]} ] || [ ${#clashing[@]} -eq 0 ]; then
      singly=yes  # like the commands, which all name their options so
      later+=("${now[@]:1}")
      now=("${now[0]}")
      break
    fi
    later+=("${clashing[@]}")
    mapfile -t now < <(printf '%s\n' "${now[@]}" | grep -vxFf <(printf '%s\n' "${clashing[@]}"))
  done
  if [ ${#now[@]} -eq 1 ]; then
    found=$(tidy --warnings-as-errors='*' "${now[0]}" -- "${flags[@]}")
  else
    found=$(tidy --warnings-as-errors='*' "$unity" -- "${flags[@]}" | as_files "${now[@]}")
  fi
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
