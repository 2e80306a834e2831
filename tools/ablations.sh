#!/bin/sh
# What each part of training a controller gives: the same small training again and again, one thing changed in each, and
# a table in Markdown of how the predictions do on the validation split. Not for numbers to be proud of.
# Usage: tools/ablations.sh <folder>[,<folder>...] [effect]
# SOUNDALIKE names the program (default build/bin/soundalike), JOBS the render workers, ENCODERS other encoders to
# compare (files, separated by spaces), CACHE where rendered examples are kept (default: runs/ablations/cache).
set -eu
program=$(realpath "${SOUNDALIKE:-build/bin/soundalike}")
cd "$(dirname "$0")/.."
data=$1
effect=${2:-MDA Overdrive}
runs=${RUNS:-runs/ablations}
mkdir -p "$runs"
cat > "$runs/base.toml" <<END
encoder = "style-encoder"
examples = 1200
validation_examples = 96
steps = 150
hidden = "64,64"
finish_steps = 80
finish_batch = 4
finish_learning_rate = 0.001
END

# row <name> [option ...]
row() {
  name=$1
  shift
  run=$runs/$(printf %s "$name" | tr -c 'a-z0-9\n' -)
  rm -rf "$run"
  # shellcheck disable=SC2046  # options are words
  said=$("$program" train controller -q -e "$effect" $(printf ' --data %s' $(echo "$data" | tr , ' ')) \
    --config "$runs/base.toml" --run "$run" --output "$run.salmodel" --cache "${CACHE:-$runs/cache}" --jobs "${JOBS:-0}" \
    "$@")
  loss=$(printf %s "$said" | sed -n 's/^validation MRSTFT: prediction \([0-9.]*\), dry \([0-9.]*\),.*/\1 | \2/p')
  # The controller's knobs come first, then a forest's.
  errors=$(printf %s "$said" | sed '/^random forest/,$d' | sed -n 's/^  \([^ ]*\) *error \([0-9.]*\).*/\1 \2/p' | tr '\n' ',' |
    sed 's/,$//; s/,/, /g')
  printf '| %s | %s | %s |\n' "$name" "$loss" "$errors"
  printf %s "$said" | sed -n 's/^random forest: validation MRSTFT \([0-9.]*\)$/| random forest, same examples | \1 | | |/p'
}

printf '| %s | MRSTFT | dry | error of the knobs |\n|---|--:|--:|---|\n' "$effect"
row 'as it is: style encoder, one perturbation, probed step, no L1' --forest 100
row 'settings alone, no finish' --finish-steps 0
row 'finish alone' --steps 1
row '4 perturbations' --perturbations 4
row '16 perturbations' --perturbations 16
row 'central differences' --gradient central
row 'fixed step 0.01' --step 0.01
row 'fixed step 0.1' --step 0.1
row 'with 100 x L1' --l1 100
row 'no probabilities of parts' --parts 0
row 'style axes' --encoder style-axes
row 'style features' --encoder style-features
for encoder in ${ENCODERS:-}; do row "$(basename "$encoder" .salmodel)" --encoder "$encoder"; done
