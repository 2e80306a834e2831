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
# The mda effects learn from 160 000 renders of each, since a network learns 30 000 partly by heart: of the corpus, of songs and
# of what `soundalike data synth` makes, in as many pairs of each folder, five in the mean from each recording, and predict the
# mean of three networks (deep: 13 minutes on four cores, 3.4 GB). RingMod gained nothing by more than 60 000 (more), Leslie
# nothing by more than 30 000 (many). The others have smaller recipes: the long one, the short one (Phaser), and the wide one
# with music that is made, where the finish through the plugin is longer.
made=$runs/synthetic made_wider=$runs/synthetic-wider made_music=$runs/synthetic-music songs=$runs/songs
shared="--encoder style-features --minimum-seconds 1 --parts 64 --settings-weight 0.3"
of_mda="$shared --validation-examples 240 --hidden 256,256,128"

# Sets what the recipe named hears, and its options.
take_recipe() {
  heard=$data
  case $1 in
    deep)
      options="$of_mda --even --members 3 --examples 160000 --variations 4 --finish-batch 48 --perturbations 2"
      heard=$data,$made_wider,$songs
      ;;
    more)
      options="$of_mda --even --members 3 --examples 60000 --variations 8 --steps 12000"
      heard=$data,$made_wider,$songs
      ;;
    many) options="$of_mda --examples 30000 --variations 4 --steps 8000" heard=$data,$made ;;
    long) options="--encoder style-features --examples 8000 --validation-examples 160 --steps 2400 --hidden 128,128,64" ;;
    short) options="--encoder style-axes --examples 2500 --validation-examples 64 --steps 2000 --batch 64 --parts 0" ;;
    wide)
      options="--encoder style-features --examples 4000 --validation-examples 160 --steps 1500 --minimum-seconds 1 \
        --hidden 128,128,64"
      heard=$data,$made_music
      ;;
  esac
  options=${OPTIONS:-$options}
}

# Makes or fetches what is heard and not there.
prepare() {
  case ,$heard, in *",$made,"*) synthesise "$made" --minutes 120 --speech 25 --seed 4 ;; esac
  case ,$heard, in *",$made_wider,"*) synthesise "$made_wider" --minutes 120 --speech 20 --textures 30 --seed 5 ;; esac
  case ,$heard, in *",$made_music,"*) synthesise "$made_music" --minutes 40 --speech 0 --seed 3 ;; esac
  case ,$heard, in *",$songs,"*) [ -d "$songs" ] || tools/free_music.sh "$songs" ;; esac
}
synthesise() {
  [ -d "$1" ] || "$program" data synth --to "$@"
}

# controller <recipe> <file> <effect> [finish steps, learning rate, option]: more where knobs that cannot be known must be hedged.
controller() {
  file=$2 effect=$3 finish=${4:-60} rate=${5:-0.0006} more=${6:-}
  case $wanted in "  " | *" $file "*) ;; *) return 0 ;; esac
  echo "models/$file.salmodel" >&2
  take_recipe "$1"
  prepare
  resume=
  if [ -f "$runs/$file/run.json" ]; then resume=--resume; fi
  # shellcheck disable=SC2046,SC2086  # options are words
  "$program" train controller -e "lv2:$effect" $(printf ' --data %s' $(echo "$heard" | tr , ' ')) \
    --run "$runs/$file" $resume --output "models/$file.salmodel" \
    --jobs "${JOBS:-0}" --finish-steps "$finish" --finish-learning-rate "$rate" $more $options
}

# choose_anew <file> <effect> <recipe>: only finds out again, on four times as many examples, what is a mean and what a guess.
choose_anew() {
  case $wanted in "  " | *" $1 "*) ;; *) return 0 ;; esac
  take_recipe "$3"
  prepare
  cp "models/$1.salmodel" "$runs/$1-begun.salmodel"
  rm -rf "$runs/$1-chosen"
  # shellcheck disable=SC2046,SC2086  # options are words
  "$program" train controller -e "lv2:$2" $(printf ' --data %s' $(echo "$heard" | tr , ' ')) $shared --even --variations 4 \
    --examples 500 --validation-examples 960 --from "$runs/$1-begun.salmodel" --steps 0 --finish-steps 0 \
    --run "$runs/$1-chosen" --output "models/$1.salmodel" --jobs "${JOBS:-0}"
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

mda=http://drobilla.net/plugins/mda
controller deep mda-overdrive $mda/Overdrive 300 0.0007 "--steps 10000"
controller deep mda-delay $mda/Delay 300 0.0007 "--steps 10000"
controller deep mda-ambience $mda/Ambience 300 0.0007 "--steps 10000"
controller more mda-ringmod $mda/RingMod 100 0.001
choose_anew mda-ringmod $mda/RingMod more
controller deep mda-combo $mda/Combo 300 0.0007 "--steps 10000"
controller deep mda-dynamics $mda/Dynamics 300 0.0007 "--steps 10000 --input-dropout 0.4"
controller deep mda-multiband $mda/MultiBand 300 0.0007 "--steps 10000"
controller deep mda-thruzero $mda/ThruZero 300 0.0007 "--steps 12000"
controller many mda-leslie $mda/Leslie 500 0.001 "--rough --perturbations 4"
calf=http://calf.sourceforge.net/plugins
controller long calf-filter $calf/Filter
controller short calf-phaser $calf/Phaser 320 0.003 --rough
controller wide dragonfly-plate urn:dragonfly:plate 240 0.002
controller wide x42-compressor "http://gareus.org/oss/lv2/darc#stereo" 240 0.002 "--parts 0"
