#!/usr/bin/env bash
# The main job on the bundled recordings: a voice into another room, a band through another distortion. The references
# were made with effects that the matches do not use (examples/audio/README.md).
set -euo pipefail
cd "$(dirname "$0")/.."
soundalike=build/bin/soundalike
rm -rf demo
mkdir demo

echo "== A voice, to sound as if said in the reference's room =="
"$soundalike" match examples/audio/voice.flac examples/audio/voice-reference.flac \
  -e "lv2:http://drobilla.net/plugins/mda/Ambience" -o demo/voice.wav --picture demo/voice.png
echo
echo "== A band, to sound as driven as the reference =="
"$soundalike" match examples/audio/band.flac examples/audio/band-reference.flac \
  -e "lv2:http://drobilla.net/plugins/mda/Overdrive" -o demo/band.wav --picture demo/band.png
echo
echo "Listen: demo/voice.wav against examples/audio/voice-reference.flac, demo/band.wav against examples/audio/band-reference.flac"
echo "Look:   demo/voice.png, demo/band.png"
echo "Play:   build/bin/soundalike serve --open        a map of all that an effect can do, in the browser"
