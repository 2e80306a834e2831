#!/bin/sh
# Fills a folder with some hours of music and loops under the GNU GPL, version 2 or later, from packages of Debian 12, for training
# where a corpus holds little music: soundtracks of games, and the samples of LMMS that last a second or more.
# Usage: tools/free_music.sh <folder>    nothing is installed; 420 MB are fetched; a folder that is there is left as it is
# Needs apt-get, dpkg-deb and unzip. Each package's statement of copyright lies beside its recordings.
set -eu
if [ $# -ne 1 ]; then
  echo "usage: tools/free_music.sh <folder>" >&2
  exit 2
fi
to=$1
if [ -e "$to" ]; then
  echo "tools/free_music.sh: $to is there already; remove it to make it again" >&2
  exit 0
fi
mkdir -p "$(dirname "$to")"
work=$(mktemp -d "$to.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# take <package> <folder in it>: its recordings, below a folder of the package's name
take() {
  echo "$1" >&2
  mkdir "$work/fetched"
  (cd "$work/fetched" && apt-get download -qq -o APT::Sandbox::User=root "$1" && dpkg-deb -x ./*.deb .)
  find "$work/fetched/$2" -name '*.pk3' -execdir unzip -q {} \;
  (cd "$work/fetched/$2" && find . -type f \( -name '*.ogg' -o -name '*.mp3' -o -name '*.wav' \) \
    -exec sh -c 'for file; do mkdir -p "$0/${file%/*}"; cp "$file" "$0/$file"; done' "$work/music/$1" {} +)
  cp "$work/fetched/usr/share/doc/$1/copyright" "$work/music/$1/"
  rm -r "$work/fetched"
}
mkdir "$work/music"
take lmms-common usr/share/lmms/samples
take wesnoth-1.16-music usr/share/games/wesnoth
take ufoai-music usr/share/games/ufoai
take hyperrogue-music usr/share/hyperrogue/music
take asc-music usr/share/games/asc/music
take lincity-ng-data usr/share/games/lincity-ng/music
take extremetuxracer-data usr/share/games/etr/music
# What is under another licence than the GPL, beats that others sample as well, and so may stand in a corpus already, and a file
# that breaks off.
(cd "$work/music" && rm hyperrogue-music/hr3-caves.ogg hyperrogue-music/hr-domina-hunting.ogg \
  hyperrogue-music/hr-savino-caribbean.ogg lmms-common/beats/break0?.ogg lmms-common/beats/jungle01.ogg \
  lmms-common/instruments/e_organ01.ogg)
mv "$work/music" "$to"
find "$to" -type f ! -name copyright | wc -l | sed 's/$/ recordings/' >&2
