#!/usr/bin/env bash
# Makes the bundled demo recordings in examples/audio/. Needed only to change them: espeak-ng, sox, python3-numpy and a
# built soundalike. The dry ones are ours (a speech synthesiser reading our sentences; a small synthesiser playing our
# bars); the references are other sentences and other bars through effects that the demo does not match with.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=examples/audio
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { espeak-ng -v en-gb -s 150 -p "$1" -w "$work/$2.wav" "$3"; sox "$work/$2.wav" -b 16 "$work/$2.flac" gain -n -6; }
say 42 voice "Turn the knobs until it sounds right. Then write them down, and nobody has to turn them twice."
say 42 other "The reference may say something else altogether. What counts is the room it was said in."
cp "$work/voice.flac" "$out/voice.flac"

python3 tools/demo_recordings/band.py "$work/band.wav" "$work/chorus.wav"
sox "$work/band.wav" -b 16 "$out/band.flac"

sox "$work/other.flac" "$work/other.wav"
build/bin/soundalike render "$work/other.wav" -e urn:dragonfly:room -s dry_level=50% -s early_level=30% -s late_level=55% \
  -s decay=1.4 -s size=20 -o "$out/voice-reference.flac" --format int16 --loudness -20 --quiet
build/bin/soundalike render "$work/chorus.wav" -e http://calf.sourceforge.net/plugins/Saturator -s drive=9 -s level_in=6 \
  -s pre=off -s post=on -s lp_post_freq=5000 -o "$out/band-reference.flac" --format int16 --loudness -16 --quiet
ls -l "$out"
