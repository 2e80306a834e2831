#!/usr/bin/env bash
# Says whether web/dist is what web/src gives. The sums written when it was built say so without Node; where Node and
# web/node_modules are, the bundle is also built again and compared byte by byte.
set -euo pipefail
cd "$(dirname "$0")/../web"
listed=$(sed 's/^[0-9a-f]*  //' dist.sha256 | sort)
found=$({ find src dist -type f; printf '%s\n' build.mjs package-lock.json package.json; } | sort)
if [ "$listed" != "$found" ] || ! sha256sum --check --quiet --strict dist.sha256; then
  diff <(echo "$listed") <(echo "$found") || true
  echo "web/dist is not what web/src gives: run 'make web' and commit web/dist and web/dist.sha256"
  exit 1
fi
if command -v node > /dev/null && [ -d node_modules/esbuild ]; then
  node build.mjs --check
else
  echo "skipped: building the pages again (needs Node and 'npm ci' in web/); their sums are right"
fi
