# The two commands are `make demo` and `make test`; the rest is here to be read.
SHELL := /bin/bash
PRESET ?= release
JOBS ?= $(shell nproc)
# Never reinstalls what is there; asks for root only when something is missing.
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help packages configure build demo test lint format results bench web test-web clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make packages  install the missing Debian packages of packages.txt
packages:
	@missing=$$(sed 's/#.*//' packages.txt | xargs -n1 | while read -r p; do \
	  dpkg-query -W -f='$${Status}' "$$p" 2>/dev/null | grep -q 'ok installed' || echo "$$p"; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing:" $$missing; \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing > /dev/null; \
	fi

configure: packages
	@cmake --preset $(PRESET) --log-level=NOTICE

## make build     build the program: build/bin/soundalike
build: configure
	@cmake --build --preset $(PRESET) -j $(JOBS)

## make demo      build, then match two bundled recordings with two effects; results in demo/
demo: build
	@tools/demo.sh

## make test      build and run every test
test: build
	@ctest --preset $(PRESET) -j $(JOBS)

## make lint      check format, names and common mistakes
lint: packages
	@tools/lint.sh

## make format    rewrite the sources in the project's format
format: packages
	@git ls-files '*.cpp' '*.hpp' '*.c' | xargs clang-format -i

## make results   every number of docs/results.md, from RECORDINGS=<folder>, PAIRS=<per effect>; hours. QUICK=1: minutes
results: build
	@PAIRS=$(PAIRS) tools/results.sh $(if $(QUICK),--quick) "$(RECORDINGS)"

## make bench     run the benchmarks; JSON in build/bench/
bench: build
	@tools/bench.sh

## make web       build the pages of `soundalike serve` anew from web/src (needs Node, once a network)
web: web/node_modules
	@cd web && npm run --silent check-types && npm run --silent build

## make test-web  test the pages: functions, and every feature in Chromium against the real server
test-web: build web/node_modules
	@cd web && npm run --silent check && npm run --silent test && npm run --silent test:browser

web/node_modules: web/package-lock.json
	@cd web && npm ci --no-fund --no-audit --loglevel=error && touch node_modules

clean:
	@rm -rf build demo
