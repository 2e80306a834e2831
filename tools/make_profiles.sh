#!/bin/sh
# Rebuilds the profiles that ship, profiles/*.json, from the plugins installed on this machine.
# Usage: tools/make_profiles.sh [name ...]    only these files, e.g. mda-delay; default: all
# SOUNDALIKE names the program; default: build/bin/soundalike. An effect that is not installed is reported and skipped.
set -eu
cd "$(dirname "$0")/.."
program=${SOUNDALIKE:-build/bin/soundalike}
wanted=" $* "
missing=0

# profile <file> <effect> [knob=value ...]: knobs named here are left where they are said to be, not probed.
profile() {
  file=$1 effect=$2
  shift 2
  case $wanted in "  " | *" $file "*) ;; *) return 0 ;; esac
  for knob in "$@"; do
    set -- "$@" -s "$knob"
    shift
  done
  echo "profiles/$file.json" >&2
  "$program" effects probe "lv2:$effect" --quiet -o "profiles/$file.json" "$@" > /dev/null || missing=$((missing + 1))
}

mda=http://drobilla.net/plugins/mda

profile mda-ambience $mda/Ambience
profile mda-combo $mda/Combo
profile mda-delay $mda/Delay
profile mda-dynamics $mda/Dynamics
profile mda-leslie $mda/Leslie
profile mda-multiband $mda/MultiBand
profile mda-overdrive $mda/Overdrive
profile mda-ringmod $mda/RingMod
profile mda-thruzero $mda/ThruZero

if [ $missing -gt 0 ]; then
  echo "$missing not made: see above" >&2
  exit 1
fi
