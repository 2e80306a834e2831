#!/bin/sh
# Trains the controllers that ship, models/*.salmodel with a card each, on the train split of folders of recordings.
# Usage: tools/train_models.sh <folder>[,<folder>...] [name ...]    only these, e.g. mda-delay; default: all
# SOUNDALIKE names the program (default build/bin/soundalike), ENCODER the encoder, JOBS the render workers, OPTIONS the
# other options of soundalike train controller. Runs stay in runs/ (RUNS names another folder) for TensorBoard and --resume.
set -eu
program=$(realpath "${SOUNDALIKE:-build/bin/soundalike}")
cd "$(dirname "$0")/.."
data=$1
shift
wanted=" $* "
runs=${RUNS:-runs}
# A minute of four cores for the renders of each, a minute of one for what is learnt from them, as much for the finish.
options=${OPTIONS:-"--examples 8000 --validation-examples 160 --steps 2400 --hidden 128,128,64"}

# controller <file> <effect> [finish steps, learning rate, option]: more where knobs that cannot be known must be hedged.
controller() {
  file=$1 effect=$2 finish=${3:-60} rate=${4:-0.0006} more=${5:-}
  case $wanted in "  " | *" $file "*) ;; *) return 0 ;; esac
  echo "models/$file.salmodel" >&2
  resume=
  if [ -f "$runs/$file/run.json" ]; then resume=--resume; fi
  # shellcheck disable=SC2046,SC2086  # options are words
  "$program" train controller -e "lv2:$effect" $(printf ' --data %s' $(echo "$data" | tr , ' ')) \
    --encoder "${ENCODER:-style-features}" --run "$runs/$file" $resume --output "models/$file.salmodel" \
    --jobs "${JOBS:-0}" --finish-steps "$finish" --finish-learning-rate "$rate" $more $options
}

mda=http://drobilla.net/plugins/mda
controller mda-overdrive $mda/Overdrive
controller mda-delay $mda/Delay
controller mda-ambience $mda/Ambience
controller mda-ringmod $mda/RingMod
controller mda-combo $mda/Combo
controller mda-dynamics $mda/Dynamics 160 0.002
controller mda-multiband $mda/MultiBand
controller mda-thruzero $mda/ThruZero
controller mda-leslie $mda/Leslie 320 0.003 --rough
calf=http://calf.sourceforge.net/plugins
controller calf-filter $calf/Filter
controller calf-phaser $calf/Phaser 320 0.003 --rough
controller dragonfly-plate urn:dragonfly:plate
controller x42-compressor "http://gareus.org/oss/lv2/darc#stereo"
