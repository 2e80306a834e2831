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
  "$program" effects probe "$effect" --quiet -o "profiles/$file.json" "$@" > /dev/null || missing=$((missing + 1))
}

# Those that come with the program.
profile builtin-chorus builtin:chorus
profile builtin-compressor builtin:compressor
profile builtin-delay builtin:delay
profile builtin-eq builtin:eq
profile builtin-filter builtin:filter
profile builtin-gain builtin:gain
profile builtin-limiter builtin:limiter
profile builtin-reverb builtin:reverb
profile builtin-saturator builtin:saturator

mda=lv2:http://drobilla.net/plugins/mda
profile mda-ambience $mda/Ambience
profile mda-combo $mda/Combo
profile mda-delay $mda/Delay
profile mda-dynamics $mda/Dynamics
profile mda-leslie $mda/Leslie
profile mda-multiband $mda/MultiBand
profile mda-overdrive $mda/Overdrive
profile mda-ringmod $mda/RingMod
profile mda-thruzero $mda/ThruZero

# Input gains of effects that depend on the level do what threshold and drive do; a dry level does what a wet level
# does, once the loudness is matched; a tempo does what its subdivision does.
calf=lv2:http://calf.sourceforge.net/plugins
profile calf-compressor $calf/Compressor level_in=1
profile calf-deesser $calf/Deesser
profile calf-exciter $calf/Exciter level_in=1
profile calf-filter $calf/Filter
profile calf-multichorus $calf/MultiChorus dry=1
profile calf-phaser $calf/Phaser dry=1
profile calf-saturator $calf/Saturator level_in=1 p_level=1 p_freq=2000 p_q=1
profile calf-vintage-delay $calf/VintageDelay bpm=120 subdiv=4 dry=1
profile dragonfly-plate lv2:urn:dragonfly:plate
profile guitarix-chorus "lv2:http://guitarix.sourceforge.net/plugins/gx_chorus_stereo#_chorus_stereo"
profile x42-compressor "lv2:http://gareus.org/oss/lv2/darc#stereo"
profile x42-eq "lv2:http://gareus.org/oss/lv2/fil4#stereo"
profile x42-limiter "lv2:http://gareus.org/oss/lv2/dpl#stereo"

if [ $missing -gt 0 ]; then
  echo "$missing not made: see above" >&2
  exit 1
fi
