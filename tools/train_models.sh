#!/bin/sh
# Trains the controllers that ship, models/*.salmodel with a card each, on the train split of folders of recordings.
# Usage: tools/train_models.sh <folder>[,<folder>...] [name ...]    only these, e.g. mda-delay; default: all
# SOUNDALIKE names the program (default build/bin/soundalike), JOBS the render workers, OPTIONS other options of soundalike
# train controller than those of the recipes below. Runs stay in runs/ (RUNS names another folder) for TensorBoard and --resume.
set -eu
program=$(realpath "${SOUNDALIKE:-build/bin/soundalike}")
cd "$(dirname "$0")/.."
data=$1
shift
wanted=" $* "
runs=${RUNS:-runs}
# The long recipe takes four to five minutes of one core; the short one stays where it predicts better on 60 pairs of the
# validation split (Overdrive, Dynamics, Leslie), and for the three last, which the long one has not been tried on.
long="--encoder style-features --examples 8000 --validation-examples 160 --steps 2400 --hidden 128,128,64"
short="--encoder style-axes --examples 2500 --validation-examples 64 --steps 2000 --batch 64 --parts 0"

# controller <recipe> <file> <effect> [finish steps, learning rate, option]: more where knobs that cannot be known must be hedged.
controller() {
  options=${OPTIONS:-$1} file=$2 effect=$3 finish=${4:-60} rate=${5:-0.0006} more=${6:-}
  case $wanted in "  " | *" $file "*) ;; *) return 0 ;; esac
  echo "models/$file.salmodel" >&2
  resume=
  if [ -f "$runs/$file/run.json" ]; then resume=--resume; fi
  # shellcheck disable=SC2046,SC2086  # options are words
  "$program" train controller -e "lv2:$effect" $(printf ' --data %s' $(echo "$data" | tr , ' ')) \
    --run "$runs/$file" $resume --output "models/$file.salmodel" \
    --jobs "${JOBS:-0}" --finish-steps "$finish" --finish-learning-rate "$rate" $more $options
}

mda=http://drobilla.net/plugins/mda
controller "$short" mda-overdrive $mda/Overdrive
controller "$long" mda-delay $mda/Delay
controller "$long" mda-ambience $mda/Ambience
controller "$long" mda-ringmod $mda/RingMod
controller "$long" mda-combo $mda/Combo
controller "$short" mda-dynamics $mda/Dynamics 160 0.002
controller "$long" mda-multiband $mda/MultiBand
controller "$long" mda-thruzero $mda/ThruZero
controller "$short" mda-leslie $mda/Leslie 320 0.003 --rough
calf=http://calf.sourceforge.net/plugins
controller "$long" calf-filter $calf/Filter
controller "$short" calf-phaser $calf/Phaser 320 0.003 --rough
controller "$short" dragonfly-plate urn:dragonfly:plate
controller "$short" x42-compressor "http://gareus.org/oss/lv2/darc#stereo"
