#!/usr/bin/env bash
# Format and clang-tidy over every source file the build knows; exits non-zero on the first kind of finding.
#   tools/lint.sh            everything
#   tools/lint.sh <files>    only these
# A file that was clean is not looked at again before it, a header or .clang-tidy changes: the first run takes about
# eight seconds of one core per file, later ones those of the files in hand.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files '*.cpp' '*.hpp' '*.c'); fi
clang-format --dry-run --Werror "${files[@]}"

cmake --preset tidy -DCMAKE_CXX_CLANG_TIDY= --log-level=WARNING > /dev/null
cmake --build build/tidy --target soundalike_generated > /dev/null
# Clang 14 cannot read libtorch's headers in C++20; what includes them is left to GCC's warnings.
mapfile -t units < <(printf '%s\n' "${files[@]}" | grep -E '^(src|apps)/.*\.cpp$' |
                     grep -vE '^(src/(loss|model|train)|apps/train)/' || true)
export CLEAN=build/tidy/clean
mkdir -p "$CLEAN"
SHARED=$({ git ls-files -c -o --exclude-standard '*.hpp' .clang-tidy | xargs cat; cat build/tidy/compile_commands.json
           clang-tidy --version; } | sha256sum)
export SHARED

check() {
  local stamp
  stamp=$CLEAN/$({ echo "$SHARED $1"; cat "$1"; } | sha256sum | cut -c 1-32)
  [ -e "$stamp" ] && return
  # The compile commands are those of GCC; clang-tidy does not know all of its warnings.
  local found
  if found=$(clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p build/tidy --warnings-as-errors='*' "$1" 2>&1)
  then
    touch "$stamp"
  else
    grep -vE '^[0-9]+ warnings? (generated|treated)' <<< "$found"
    return 1
  fi
}
export -f check
if [ ${#units[@]} -gt 0 ]; then
  printf '%s\n' "${units[@]}" | xargs -P "$(nproc)" -n 1 bash -c 'check "$0"'
fi
echo "lint: ${#files[@]} files formatted, ${#units[@]} checked"
