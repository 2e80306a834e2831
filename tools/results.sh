#!/usr/bin/env bash
# Makes the numbers of docs/results.md, from manifest to picture. Stopped or killed, the same command goes on.
#
#   tools/results.sh <recordings>           everything, into the marked tables of docs/results.md and docs/pictures;
#                                           PAIRS recordings per effect (default 50): docs/results.md says how long it took
#   tools/results.sh --quick <recordings>   minutes: every stage at its smallest; docs/ stays as it is
#
# <recordings> holds speech/ and music/; SONGS may name the folder of tools/free_music.sh. Results lie in build/results/
# (build/results-quick/): a folder per protocol with report.html, and index.html, which is docs/results.md as one file. The
# folder is of one commit and one size: after a change, move it away first; or KEEP=1 keeps the stages of other commits that
# it holds, and the page says of which.
# STAGES="matching soak" makes only these. What needs training built, or umap-learn installed, is left out where it is not.
set -euo pipefail
cd "$(dirname "$0")/.."
quick=
if [ "${1:-}" = --quick ]; then quick=-quick; shift; fi
if [ $# -ne 1 ] || [ ! -d "$1/speech" ] || [ ! -d "$1/music" ]; then
  echo "usage: tools/results.sh [--quick] <folder with speech/ and music/>, or: make results RECORDINGS=<folder> [QUICK=1]" >&2
  exit 2
fi
recordings=$(cd "$1" && pwd)
pairs=${PAIRS:-50}
if [ -n "$quick" ]; then pairs=${PAIRS:-2}; fi
size() { if [ -n "$quick" ]; then echo "$2"; else echo "$1"; fi; }  # <in full> <at its smallest>
out=build/results$quick
mkdir -p "$out"
SOUNDALIKE_COMMIT=$(git rev-parse --short HEAD)$(git diff --quiet HEAD -- ':!docs' || echo ", changed since")
export SOUNDALIKE_COMMIT SOUNDALIKE_BIN="$PWD/build/bin"
wanted="commit $SOUNDALIKE_COMMIT, $pairs pairs"
if [ -e "$out/wanted" ] && [ "$(cat "$out/wanted")" != "$wanted" ]; then
  if [ -z "${KEEP:-}" ] || [ "$(sed 's/.*, //' "$out/wanted")" != "$pairs pairs" ]; then
    echo "$out is of $(cat "$out/wanted"), this is $wanted: move the folder away first, or keep what it holds (KEEP=1)" >&2
    exit 2
  fi
fi
echo "$wanted" > "$out/wanted"
soundalike=build/bin/soundalike
lab=build/bin/soundalike-style-lab

# Each stage writes <name>.md, last of all, and its seconds; one that has is not run again.
begin() {  # <name>; false where it is done, or not wanted
  stage=$1
  case " ${STAGES:-$stage} " in *" $stage "*) ;; *) return 1 ;; esac
  [ ! -e "$out/$stage.md" ] || return 1
  echo "== $stage ==" >&2
  began=$(date +%s)
}
end() {  # <file>: the table
  { grep -v "^$stage " "$out/seconds" || true; echo "$stage $(($(date +%s) - began)) $SOUNDALIKE_COMMIT"; } > "$out/seconds.part" 2> /dev/null
  mv "$out/seconds.part" "$out/seconds"
  cp "$1" "$out/$stage.part"
  mv "$out/$stage.part" "$out/$stage.md"
}
once() {  # <name> <command ...>: its standard output is the table
  begin "$1" || return 0
  "${@:2}" > "$out/$stage.out"
  end "$out/$stage.out"
}
figures() {  # <name> <kind> <command ...>: it prints JSON, of which bench/tables makes the table
  begin "$1" || return 0
  "${@:3}" > "$out/$stage.json"
  build/bench/tables "$2" "$out/$stage.json" > "$out/$stage.out"
  end "$out/$stage.out"
}
protocol() {  # <name> <protocol> <pairs> <folder ...>
  begin "$1" || return 0
  local folders=()
  for folder in "${@:4}"; do folders+=(-d "$folder"); done
  "$soundalike" evaluate run "bench/protocols/$2.toml" --pairs "$3" "${folders[@]}" -o "$out/$1" > "$out/$1.txt"
  tail -1 "$out/$1.txt" >&2
  cp "$out/$1/knobs.md" "$out/$1-knobs.md"
  cp "$out/$1/overview.svg" "$out/$1.svg"
  { cat "$out/$1/results.md"; printf '\n![box plots of all systems over all effects](pictures/%s.svg)\n' "$1"; } > "$out/$1.out"
  end "$out/$1.out"
}

# Speed first, while nothing has warmed the machine.
if begin speed; then
  QUICK=$quick tools/bench.sh > "$out/speed.out"
  end "$out/speed.out"
fi
protocol matching matching "$pairs" "$recordings"
protocol other-implementation other-implementation "$pairs" "$recordings"
protocol other-recording other-recording "$pairs" "$recordings"
protocol chains chains "$pairs" "$recordings"
protocol prediction-speech prediction $((4 * pairs)) "$recordings/speech"
protocol prediction-music prediction $((4 * pairs)) "$recordings/music"
if [ -n "${SONGS:-}" ]; then  # what tools/free_music.sh fetched
  protocol prediction-songs prediction $((2 * pairs)) "$SONGS"
else
  echo "SONGS names no folder of songs: their table stays" >&2
fi
if begin ranking; then
  "$lab" rank "$recordings/speech" "$recordings/music" --split test --recordings "$(size 8 1)" \
    --candidates "$(size 200 30)" --references "$(size 3 1)" --encoder models/style-encoder.salmodel \
    --encoder models/mel-vae-small.salmodel --encoder models/spectrogram-vae-small.salmodel \
    --encoder models/vq-vae-small.salmodel > "$out/ranking.txt"
  sed -n '/^|/{s/| nan /| – /g;p}' "$out/ranking.txt" > "$out/ranking.out"  # the first effect has no other beside it
  end "$out/ranking.out"
fi
if begin compatibility; then
  "$soundalike" effects audit --again --csv "$out/audit.csv" --markdown "$out/audit.md" $(size '' mda) > "$out/audit.txt"
  awk '/^\| format/ {table = 1} table && !/^\|/ {exit} table && (/^\| format|^\|-/ || /\| all \|/)' "$out/audit.md" \
    > "$out/audit-all.md"  # packs one by one stay in audit.md
  end "$out/audit-all.md"
fi
figures faults faults build/bench/faults "$(size 100 3)"
figures soak soak build/bench/soak "$(size 2000000 20000)"
figures server server build/bench/server_load "$(size 200 4)"
if begin maps; then
  for points in $(size '2000 10000' '60 120'); do
    build/bench/map_bench "$points" 'MDA Overdrive' examples/audio/band.flac > "$out/map-$points.json"
  done
  build/bench/tables map $(ls -v "$out"/map-*.json) > "$out/maps.out"
  end "$out/maps.out"
fi
if /usr/bin/python3 -c 'import umap' 2> "$out/umap.missing"; then
  figures umap umap /usr/bin/python3 -W ignore bench/umap.py --examples "$(size 20000 5000)"
else
  echo "umap-learn is not installed: its table stays" >&2
fi
if [ -x build/bin/soundalike-train ]; then
  figures training-faults training build/bench/training_faults 100
  once ablations env RUNS="$out/ablations" tools/ablations.sh "$recordings/speech"
else
  echo "training is not built: the tables of ablations and of faults in training stay" >&2
fi

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
memory=$(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo)
{
  echo "Made by \`make results PAIRS=$pairs\` on ${processor:-an unknown processor}, $(nproc) cores, $memory; commit" \
    "$SOUNDALIKE_COMMIT; $(date -u '+%Y-%m-%d %H:%M UTC')."
  echo
  printf '| stage | minutes | at commit |\n|---|--:|---|\n'
  awk '{sum += $2; stage = $1; seconds = $2; $1 = $2 = ""; sub(/^ +/, ""); printf "| %s | %.1f | %s |\n", stage, seconds / 60, $0}
    END {printf "| all | %.1f | |\n", sum / 60}' "$out/seconds"
} > "$out/made.md"

# Between "<!-- made: name -->" and "<!-- end -->" of docs/results.md stands name.md.
awk -v out="$out" '
  /^<!-- made: .* -->$/ {
    print
    file = out "/" $3 ".md"
    while ((getline line < file) > 0) { print line; skip = 1 }  # a table that was not made stays
    next
  }
  /^<!-- end -->$/ { skip = 0 }
  !skip { print }
' docs/results.md > "$out/results.md"
mkdir -p "$out/pictures"
cp docs/pictures/*.svg "$out/pictures/"  # of tables that stay
for picture in "$out"/*.svg; do cp "$picture" "$out/pictures/"; done
{
  sed 's#](\([a-z-]*\.md\))#](../../docs/\1)#g' "$out/results.md"
  printf '\n## Reports\n\n'
  for report in "$out"/*/report.html; do
    name=$(basename "$(dirname "$report")")
    echo "* [$name]($name/report.html): tables of every metric, box plots, players, spectrograms"
  done
} > "$out/page.md"
build/bench/page "$out/page.md" > "$out/index.html"
if [ -z "$quick" ]; then
  mkdir -p docs/pictures
  cp "$out"/pictures/*.svg docs/pictures/
  cp "$out/results.md" docs/results.md
fi
echo "$out/index.html"
