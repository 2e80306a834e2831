#!/bin/sh
# Trains the models that ship, models/*.salmodel with a card each, on the train split of folders of recordings.
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
# The long recipe takes four to five minutes of one core; the short one stays where it predicts better on pairs of the
# validation split (Overdrive, Leslie, Phaser). The wide one hears loops of two seconds too, and music that `soundalike data
# synth` makes; for the effects whose predictions lost to doing nothing on music, of which the corpus holds little, it comes
# with more dropout and a longer finish through the plugin, which is where a controller learns to hold back.
long="--encoder style-features --examples 8000 --validation-examples 160 --steps 2400 --hidden 128,128,64"
short="--encoder style-axes --examples 2500 --validation-examples 64 --steps 2000 --batch 64 --parts 0"
wide="--examples 4000 --validation-examples 160 --steps 1500 --minimum-seconds 1"
wide_features="$wide --encoder style-features --hidden 128,128,64"

# controller <recipe> <file> <effect> [finish steps, learning rate, option]: more where knobs that cannot be known must be hedged.
controller() {
  options=${OPTIONS:-$1} file=$2 effect=$3 finish=${4:-60} rate=${5:-0.0006} more=${6:-}
  heard=$data
  case $1 in "$wide"*) heard=$data,$synthetic ;; esac
  case $wanted in "  " | *" $file "*) ;; *) return 0 ;; esac
  echo "models/$file.salmodel" >&2
  resume=
  if [ -f "$runs/$file/run.json" ]; then resume=--resume; fi
  # shellcheck disable=SC2046,SC2086  # options are words
  "$program" train controller -e "lv2:$effect" $(printf ' --data %s' $(echo "$heard" | tr , ' ')) \
    --run "$runs/$file" $resume --output "models/$file.salmodel" \
    --jobs "${JOBS:-0}" --finish-steps "$finish" --finish-learning-rate "$rate" $more $options
}

# encoder <name> [option ...]
encoder() {
  name=$1
  shift
  case $wanted in "  " | *" $name "*) ;; *) return 0 ;; esac
  echo "models/$name.salmodel" >&2
  resume=
  if [ -f "$runs/$name/run.json" ]; then resume=--resume; fi
  # shellcheck disable=SC2046,SC2086  # options are words
  "$program" train encoder -m "$name" $(printf ' --data %s' $(echo "$data" | tr , ' ')) \
    --effects models/style/effects.txt --run "$runs/$name" $resume --output "models/$name.salmodel" --jobs "${JOBS:-0}" "$@"
}

encoder style-encoder --episodes 420 --steps 1500
vae="--validation-episodes 16 --beta 0.0003 --beta-low 0.00003"
# shellcheck disable=SC2086  # options are words
{
  encoder mel-vae-small --episodes 420 --steps 1500 $vae
  encoder vq-vae-small --episodes 420 --steps 1000 $vae
  encoder spectrogram-vae-small --episodes 220 --steps 300 --batch 8 $vae
}

synthetic=$runs/synthetic
[ -d "$synthetic" ] || "$program" data synth --to "$synthetic" --minutes 40 --speech 0 --seed 3
mda=http://drobilla.net/plugins/mda
controller "$short" mda-overdrive $mda/Overdrive
controller "$long" mda-delay $mda/Delay
controller "$long" mda-ambience $mda/Ambience
controller "$long" mda-ringmod $mda/RingMod
controller "$long" mda-combo $mda/Combo
controller "$wide --encoder style-axes --hidden 128,64 --dropout 0.2" mda-dynamics $mda/Dynamics 400 0.002
controller "$long" mda-multiband $mda/MultiBand
controller "$wide_features --dropout 0.4" mda-thruzero $mda/ThruZero 400 0.002
controller "$short" mda-leslie $mda/Leslie 320 0.003 --rough
calf=http://calf.sourceforge.net/plugins
controller "$long" calf-filter $calf/Filter
controller "$short" calf-phaser $calf/Phaser 320 0.003 --rough
controller "$wide_features" dragonfly-plate urn:dragonfly:plate 240 0.002
controller "$wide_features --parts 0" x42-compressor "http://gareus.org/oss/lv2/darc#stereo" 240 0.002
