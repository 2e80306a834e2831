#!/usr/bin/env bash
# Makes the numbers of docs/results.md, from manifest to picture. Stopped or killed, the same command goes on.
#
#   tools/results.sh <recordings>           hours: everything, written into the marked tables of docs/results.md
#   tools/results.sh --quick <recordings>   minutes: the quick protocol alone; docs/results.md stays as it is
#
# Results lie in build/results/ (build/results-quick/): a folder per protocol with report.html, and index.html. The
# folder is of one commit: after a change to the program, move it away first.
set -euo pipefail
cd "$(dirname "$0")/.."
quick=
if [ "${1:-}" = --quick ]; then quick=-quick; shift; fi
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
  echo "usage: tools/results.sh [--quick] <folder of recordings>, or: make results RECORDINGS=<folder> [QUICK=1]" >&2
  exit 2
fi
recordings=$(cd "$1" && pwd)
out=build/results$quick
mkdir -p "$out"
SOUNDALIKE_COMMIT=$(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ", changed since")
export SOUNDALIKE_COMMIT
if [ -e "$out/commit" ] && [ "$(cat "$out/commit")" != "$SOUNDALIKE_COMMIT" ]; then
  echo "$out is of commit $(cat "$out/commit"), this is $SOUNDALIKE_COMMIT: move the folder away first" >&2
  exit 2
fi
echo "$SOUNDALIKE_COMMIT" > "$out/commit"
soundalike=build/bin/soundalike
lab=build/bin/soundalike-style-lab

if [ -n "$quick" ]; then protocols=(quick); else protocols=(matching other-implementation other-recording chains); fi
for name in "${protocols[@]}"; do
  echo "== $name ==" >&2
  "$soundalike" evaluate run "bench/protocols/$name.toml" -d "$recordings" -o "$out/$name" > "$out/$name.txt"
  tail -1 "$out/$name.txt" >&2
  cp "$out/$name/results.md" "$out/$name.md"
  cp "$out/$name/knobs.md" "$out/$name-knobs.md"
done
if [ -z "$quick" ]; then
  once() {  # <section> <command ...>: its standard output is the section
    [ -e "$out/$1.md" ] && return
    echo "== $1 ==" >&2
    "${@:2}" > "$out/$1.part"
    mv "$out/$1.part" "$out/$1.md"
  }
  once ranking "$lab" rank "$recordings/speech" "$recordings/music" --split test --recordings 8 --candidates 200 \
    --references 3
  if [ ! -e "$out/compatibility.md" ]; then
    echo "== compatibility ==" >&2
    "$soundalike" effects audit --again --csv "$out/audit.csv" --markdown "$out/compatibility.part" > "$out/audit.txt"
    mv "$out/compatibility.part" "$out/compatibility.md"
  fi
  once faults build/bench/faults 100
  once soak build/bench/soak 2000000
  once speed tools/bench.sh
fi

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
memory=$(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo)
made="Made by \`make results\` on ${processor:-an unknown processor}, $(nproc) cores, $memory; commit $SOUNDALIKE_COMMIT; $(date -u '+%Y-%m-%d %H:%M UTC')."
echo "$made" > "$out/made.md"
{
  echo '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>soundalike: results</title>'
  echo '<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto}</style>'
  echo "<h1>Results</h1><p>${made//\`/}</p><ul>"
  for name in "${protocols[@]}"; do echo "<li><a href=\"$name/report.html\">$name</a></li>"; done
  echo '</ul></html>'
} > "$out/index.html"

# Between "<!-- made: name -->" and "<!-- end -->" of docs/results.md stands name.md.
if [ -z "$quick" ]; then
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
  cp "$out/results.md" docs/results.md
fi
echo "$out/index.html"
