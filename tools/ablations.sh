#!/bin/sh
# What each part of training a controller gives: the same small training again and again, one thing changed in each, and
# a table in Markdown of how the predictions do on the validation split. Not for numbers to be proud of.
# Usage: tools/ablations.sh <folder>[,<folder>...] [effect ...]    default: a smooth effect and one with rough knobs
# SOUNDALIKE names the program (default build/bin/soundalike), JOBS the render workers, CACHE where rendered examples are
# kept (default: runs/ablations/cache), OPTIONS other options of soundalike train controller for all rows.
set -eu
program=$(realpath "${SOUNDALIKE:-build/bin/soundalike}")
cd "$(dirname "$0")/.."
data=$1
shift
[ $# -gt 0 ] || set -- 'MDA Overdrive' 'MDA Delay'
runs=${RUNS:-runs/ablations}
mkdir -p "$runs"
cat > "$runs/base.toml" <<END
encoder = "style-features"
examples = 1200
validation_examples = 48
steps = 200
hidden = "64,64"
finish_steps = 80
finish_batch = 4
finish_learning_rate = 0.001
END

# controller <run> [option ...]
controller() {
  run=$1
  shift
  rm -rf "$run"
  # shellcheck disable=SC2046,SC2086  # options are words
  "$program" train controller -q -e "$effect" $(printf ' --data %s' $(echo "$data" | tr , ' ')) \
    --config "$runs/base.toml" --run "$run" --output "$run.salmodel" --cache "${CACHE:-$runs/cache}" \
    --jobs "${JOBS:-0}" ${OPTIONS:-} "$@"
}

# row [--rejudge] <name> [option ...]; --rejudge: by the validation examples of the other rows, not by its own
row() {
  rejudge=
  [ "$1" != --rejudge ] || { rejudge=1; shift; }
  name=$1
  shift
  run=$runs/$(printf %s "$effect $name" | tr -c 'A-Za-z0-9\n' -)
  said=$(controller "$run" "$@")
  [ -z "$rejudge" ] || said=$(controller "$run-judged" --from "$run.salmodel" --steps 0 --finish-steps 0)
  loss=$(printf %s "$said" | sed -n 's/^validation MRSTFT: prediction \([0-9.]*\), dry.*/\1/p')
  # The controller's knobs come first, then a forest's.
  errors=$(printf %s "$said" | sed '/^random forest/,$d' |
    sed -n 's/^  \([^ ]*\) *error \([0-9.]*\).*bias \(.*\)/\1 \2 (\3)/p' | tr '\n' ',' | sed 's/,$//; s/,/, /g')
  if [ "$name" = 'as it is' ]; then
    printf '| | doing nothing | %s | |\n' "$(printf %s "$said" | sed -n 's/^validation.* dry \([0-9.]*\),.*/\1/p')"
  fi
  printf '| | %s | %s | %s |\n' "$name" "$loss" "$errors"
  printf %s "$said" | sed -n 's/^random forest: validation MRSTFT \([0-9.]*\)$/| | random forest, same examples | \1 | |/p'
}

printf '| effect | | MRSTFT | error of the knobs (bias) |\n|---|---|--:|---|\n'
for effect in "$@"; do
  printf '| **%s** | | | |\n' "$effect"
  row 'as it is' --forest 100
  row 'known settings alone' --finish-steps 0
  row 'through the plugin alone' --steps 1
  row 'rough knobs through the plugin too' --rough
  row '4 perturbations' --perturbations 4
  row '16 perturbations' --perturbations 16
  row 'central differences' --gradient central
  row 'step of 0.01 for all knobs' --step 0.01
  row 'step of 0.1 for all knobs' --step 0.1
  row 'with 100 x L1' --loss 'matched-mrstft+100*matched-l1'
  row 'through the plugin alone, with 100 x L1' --steps 1 --loss 'matched-mrstft+100*matched-l1'
  row 'mel STFT as the loss' --loss matched-mel-stft
  row 'MRSTFT and what the encoder hears' --loss 'matched-mrstft+embedding'
  row 'no probabilities of parts' --parts 0
  row 'each recording in five variations' --variations 4
  row --rejudge 'drawn pairs' --drawn 600
  row --rejudge 'drawn pairs, pitch and tempo as they are' --drawn 600 --stretched 0
  row --rejudge 'drawn pairs, a tenth of them clean' --drawn 600 --clean 0.1
  row --rejudge 'no settings that leave noise' --similarity 0.75
  row 'mean of three networks' --members 3
  row 'four times as many renders' --examples 4800 --steps 400
  row 'all of the embeddings in every step' --input-dropout 0
  row 'style axes' --encoder style-axes
  row 'style encoder, frozen' --encoder style-encoder
  row 'style encoder, learning too' --encoder style-encoder --train-encoder
  row 'mel VAE, frozen' --encoder mel-vae-small
  row 'VQ-VAE, frozen' --encoder vq-vae-small
  row 'linear VAE, frozen' --encoder spectrogram-vae-small
done
