#!/bin/bash
# Runs every benchmark; JSON to build/bench/, one table of figures beside their goals to the terminal and
# build/bench/table.md. The machine and its load are part of the result: a busy one spoils times, less so ratios.
#
#   tools/bench.sh [build folder]
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$source/build}
programs=$build/bench
export SOUNDALIKE_BIN=$build/bin
unset SOUNDALIKE_WORKER

load() { cut -d' ' -f1 /proc/loadavg; }
run() {  # <json> <program> [arguments]
  local name=$1
  shift
  echo "$name ..." >&2
  "$programs/$1" "${@:2}" > "$programs/$name.json"
}

# QUICK: does it run at all?
turns() { if [ -n "${QUICK:-}" ]; then echo 1; else echo "$1"; fi; }

before=$(load)
renderer() {  # <name> <effect> <turns>
  run "overhead-$1" overhead_bench "$2" "$(turns 9)" "$(turns 8)"
  run "renderer-$1" batch_renderer_bench "$2" "$(turns "$3")"
}
renderer 1ms 'MDA Overdrive' 21
renderer short 'MDA Delay' 15
renderer long 'MDA MultiBand' 7
for format in vst3 clap ladspa; do  # one effect in all
  renderer "$format" "$format:ZamComp" 21
done
run match match_bench
run search search_bench
run style style_bench
run metric metric_bench
run infer infer_bench
run spsa spsa_bench 'MDA Overdrive' "$(turns 9)"
run start start_bench
run memory memory_bench
run evaluate evaluate_bench "$(turns 16)"
rm -f "$programs/loss.json" "$programs/spsa-original.json"
if [ -x "$programs/loss_bench" ]; then  # built with training only
  run spsa-original spsa_original_bench 'MDA Overdrive' "$(turns 5)"
  run loss loss_bench
fi
after=$(load)

"$programs/report" "$programs" "$before" "$after" | tee "$programs/table.md"
