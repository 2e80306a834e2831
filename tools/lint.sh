#!/usr/bin/env bash
# Format and clang-tidy over every source file the build knows; exits non-zero on the first kind of finding.
#   tools/lint.sh            everything
#   tools/lint.sh <files>    only these
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files '*.cpp' '*.hpp' '*.c'); fi
clang-format --dry-run --Werror "${files[@]}"
cmake --preset tidy -DCMAKE_CXX_CLANG_TIDY= --log-level=WARNING > /dev/null
mapfile -t units < <(printf '%s\n' "${files[@]}" | grep -E '^(src|apps)/.*\.cpp$' || true)
if [ ${#units[@]} -gt 0 ]; then
  printf '%s\n' "${units[@]}" | xargs -P "$(nproc)" -n 2 clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p build/tidy --warnings-as-errors='*'
fi
echo "lint: ${#files[@]} files formatted, ${#units[@]} checked"
