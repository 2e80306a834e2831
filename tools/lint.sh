#!/usr/bin/env bash
# Format and clang-tidy over every source file the build knows; exits non-zero when anything is found.
#   tools/lint.sh            everything
#   tools/lint.sh <files>    only these
# A file that was clean is not looked at again before it, a file it includes, its compile flags or .clang-tidy change.
# JOBS=<n>: clang-tidys at a time, as many as there are cores unless given.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files '*.cpp' '*.hpp' '*.c'); fi
failed=0
clang-format --dry-run --Werror "${files[@]}" || failed=1

cmake --preset tidy -DCMAKE_CXX_CLANG_TIDY= -DSOUNDALIKE_FUZZ=ON --log-level=WARNING > /dev/null
cmake --build build/tidy --target soundalike_generated > /dev/null
mkdir -p build/tidy/clean
mapfile -t sources < <(git ls-files -c -o --exclude-standard '*.cpp' '*.hpp')
sha256sum "${sources[@]}" > build/tidy/digests
awk -v root="$PWD" -f tools/lint/units.awk build/tidy/compile_commands.json build/tidy/digests "${sources[@]}" |
  sort > build/tidy/units

# "<path> <stamp>" of those asked for that were not clean before.
rules=$({ cat .clang-tidy; clang-tidy --version; } | sha256sum)
rules_of_tests=$(sha256sum < tests/.clang-tidy)
declare -A asked flags_of
for file in "${files[@]}"; do asked[${file#./}]=1; done
open=()
count=0
while IFS=$'\t' read -r unit flags includes; do
  [ -n "${asked[$unit]:-}" ] || continue
  flags_of[$unit]=$flags
  count=$((count + 1))
  own=$rules
  if [[ $unit == tests/* ]]; then own+=$rules_of_tests; fi
  stamp=$(sha256sum <<< "$own ${flags//$PWD/} $includes")
  stamp=${stamp:0:32}
  [ -e "build/tidy/clean/$stamp" ] || open+=("$unit $stamp")
done < build/tidy/units

# Groups of one folder and the same flags, each a call of group.sh.
in_group=12
groups=()
for line in "${open[@]}"; do
  kind="${line%/*} ${flags_of[${line% *}]}"
  if [ "$kind" != "${last:-}" ] || [ "$held" -eq $in_group ]; then
    groups+=("")
    held=0
    last=$kind
  fi
  groups[-1]+="'$line' "
  held=$((held + 1))
done
if [ ${#groups[@]} -gt 0 ]; then
  printf '%s\n' "${groups[@]}" |
    xargs -P "${JOBS:-$(nproc)}" -d '\n' -n 1 bash -c 'eval "exec tools/lint/group.sh $0"' || failed=1
fi
echo "lint: ${#files[@]} files formatted, $count checked, ${#open[@]} of them anew"
exit $failed
