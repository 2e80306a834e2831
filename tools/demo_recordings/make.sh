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

effect() { build/bin/soundalike render "$1" -e "$2" ${4:+$(printf -- '--settings %s ' $4)} -o "$3" --quiet; }
sox "$work/other.flac" "$work/other.wav"
effect "$work/other.wav" "urn:dragonfly:room" "$out/voice-reference.flac" "dry_level=60 early_level=40 late_level=45 decay=1.2"
effect "$work/chorus.wav" "http://calf.sourceforge.net/plugins/Saturator" "$out/band-reference.flac" "drive=6 lp_pre_freq=6000"
ls -l "$out"
