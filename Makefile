# `make help` lists what there is. Everything also works as the plain commands
# shown here; the Makefile only saves typing.

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=

release := .build/release/plimsoll

# An installed program must not need the toolchain's libraries.
ifeq ($(shell uname -s),Linux)
static := --static-swift-stdlib
endif

.DEFAULT_GOAL := help
.PHONY: help bootstrap demo test lint bench install clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-16s %s\n' "$$name" "$$text"; done
	@echo 'make install takes PREFIX=DIR (default /usr/local) and DESTDIR=DIR'

bootstrap: ## Install what is missing: system libraries, HiGHS, duckdb and charts into .tools
	@scripts/bootstrap

demo: bootstrap ## Build the release program and run the quickstart scenario
	swift build -c release --product plimsoll
	$(release) run Scenarios/quickstart/quickstart.yaml --out out/quickstart

test: bootstrap ## Build everything and run all tests; skipped ones are listed at the end
	@scripts/focus-validator
	@scripts/test-peers
	@scripts/test

lint: ## Check format, shell scripts and house rules
	@scripts/lint

bench: bootstrap ## Run the benchmarks
	@scripts/bench

install: bootstrap ## Install the program, its solver and duckdb under PREFIX
	swift build -c release --product plimsoll $(static)
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/lib' '$(DESTDIR)$(PREFIX)/share/licenses/plimsoll'
	install -m 755 $(release) '$(DESTDIR)$(PREFIX)/bin/plimsoll'
	for library in .tools/lib/libhighs.*; do case $$library in \
		*.LICENSE*|*.THIRD_PARTY*) install -m 644 "$$library" '$(DESTDIR)$(PREFIX)/share/licenses/plimsoll/' ;; \
		*) install -m 755 "$$library" '$(DESTDIR)$(PREFIX)/lib/' ;; esac || exit 1; done
	if [ -f .tools/share/chart.min.js ]; then \
		install -d '$(DESTDIR)$(PREFIX)/share/plimsoll'; \
		install -m 644 .tools/share/chart.min.js '$(DESTDIR)$(PREFIX)/share/plimsoll/'; \
		install -m 644 .tools/share/chart.LICENSE '$(DESTDIR)$(PREFIX)/share/licenses/plimsoll/'; fi
	install -d '$(DESTDIR)$(PREFIX)/lib/plimsoll'
	if [ -e .tools/bin/duckdb ]; then install -m 755 .tools/bin/duckdb '$(DESTDIR)$(PREFIX)/lib/plimsoll/'; fi
	install -m 644 LICENSE '$(DESTDIR)$(PREFIX)/share/licenses/plimsoll/'

clean: ## Remove build products and outputs (.tools stays)
	rm -rf .build out Benchmarks/.build
