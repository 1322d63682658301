# Everything here works on a fresh machine with python3 (3.11 or newer), make and git; `make` alone lists the commands.
# What is set up once is not set up again: a stamp under .venv/.stamps says that a step is done, and a step is done
# again when the file that declares it (constraints.txt, pyproject.toml, package.json) has changed since.

PYTHON ?= python3
VENV := .venv
STAMPS := $(VENV)/.stamps
NODE := tests/servers/node
PEERS := bench/node

# The virtual environment's own stamp names the place: one that was copied here from elsewhere would run the programs
# of that place, and is made anew.
MADE := $(STAMPS)/venv-$(firstword $(shell pwd | cksum))

# -P: no directory of the checkout is importable by accident; what is tested is the installed wheel.
RUN := $(VENV)/bin/python -P
PIP := $(RUN) -m pip --disable-pip-version-check -qq
INSTALL := $(PIP) install --constraint constraints.txt

# The wheel is stamped with what it is made of, so that a deleted file and a switched branch count as well.
MATTER := $(shell find src docs/codes pyproject.toml README.md LICENSE -type f ! -name '*.pyc' 2>/dev/null \
	| LC_ALL=C sort | xargs cksum | cksum | tr ' ' '-')
WHEEL := $(STAMPS)/wheel-$(MATTER)

# Two jobs, each one's output in one piece where this make can; a -j from outside is left alone.
PARALLEL = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j2) \
	$(if $(filter output-sync,$(.FEATURES)),-Otarget)

unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help demo test test-browsers lint bench constraints clean test-setup lint-setup debian browsers node peers
.DELETE_ON_ERROR:
.SUFFIXES:

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | while IFS='	' read -r name what; do \
		printf '  make %-14s %s\n' "$$name" "$$what"; done

demo: $(WHEEL) ## set up what the tool needs, and show it at work
	@$(VENV)/bin/crossorigin demo

test: ## set everything up and run the tests against the built wheel (some of them: ARGS="-k name")
	@+$(PARALLEL) test-setup
	@$(RUN) -m pytest -n 2 --dist loadgroup $(ARGS)

test-browsers: ## compare the engines with the installed browsers over SEED=7 N=10000 scenarios
	@+$(PARALLEL) test-setup
	@SEED=$(SEED) N=$(N) $(RUN) -m pytest -n 2 --dist loadgroup tests/browsers/test_agreement.py -k fixed_seed $(ARGS)

lint: lint-setup ## check the code: ruff, its formatting, strict types
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@$(RUN) -m mypy

bench: $(STAMPS)/bench $(WHEEL) peers ## compare with the peers, side by side, in one run
	@for file in bench/[!_]*.py; do \
		[ -e "$$file" ] || { echo 'bench/ holds no benchmark'; exit 1; }; \
		echo "== $$file"; PYTHONPATH=. $(RUN) "$$file" || exit; done

constraints: ## pin the newest versions of everything anew, in constraints.txt
	@rm -rf .cache/constraints
	@$(PYTHON) -m venv .cache/constraints
	@.cache/constraints/bin/python -m pip install -qq --upgrade pip
	@.cache/constraints/bin/python -m pip install -qq --group build --group lint --group test --group bench '.[cli]'
	@{ echo '# Exact versions of everything that any part of the project installs. Refresh with: make constraints'; \
		.cache/constraints/bin/python -m pip freeze --all --exclude crossorigin --exclude setuptools --exclude wheel \
		| LC_ALL=C sort -f; } >.cache/constraints.txt
	@rm -rf .cache/constraints
	@mv .cache/constraints.txt constraints.txt

clean: ## remove everything that these commands have made
	@rm -rf $(VENV) $(NODE)/node_modules $(PEERS)/node_modules .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	@find src tests bench docs examples scripts -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# --- what has to be there ---

test-setup: $(STAMPS)/test node browsers

lint-setup: $(STAMPS)/lint

$(MADE): constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'This needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || scripts/debian-packages python3-venv
	@echo "making the virtual environment $(VENV)"
	@grep -qsF '$(CURDIR)/$(VENV)/bin/' $(VENV)/bin/pip || $(PYTHON) -m venv --clear $(VENV)
	@$(INSTALL) --upgrade pip
	@mkdir -p $(@D) && touch $@

$(STAMPS)/build: $(MADE) pyproject.toml
	@$(INSTALL) --group build
	@touch $@

$(WHEEL): $(STAMPS)/build
	@echo 'building the wheel, and installing it'
	@rm -rf .cache/wheel $(STAMPS)/wheel-*
	@mkdir -p .cache/wheel
	@$(RUN) -m hatchling build --target wheel --directory .cache/wheel >.cache/wheel/log 2>&1 || \
		{ cat .cache/wheel/log >&2; exit 1; }
	@$(INSTALL) --force-reinstall --no-deps .cache/wheel/*.whl
	@set -- .cache/wheel/*.whl && $(INSTALL) "$$1[cli]"
	@touch $@

# One pip at a time in one environment: hence the order.
$(STAMPS)/test: $(MADE) pyproject.toml | $(WHEEL)
	@echo 'installing what the tests need'
	@$(INSTALL) --group test
	@touch $@

$(STAMPS)/bench: $(STAMPS)/test
	@echo 'installing the peers to measure'
	@$(INSTALL) --group bench
	@touch $@

# The benchmarks are checked too, and name the peers.
$(STAMPS)/lint: $(STAMPS)/bench
	@echo 'installing what the checks need'
	@$(INSTALL) --group lint
	@touch $@

# Real servers. What cannot be installed is said here, and again by the tests that then do not run; a package that
# cannot be had does not lose the others, which are then tried one by one.
debian: | $(MADE)
	@PATH="$$PATH:/usr/sbin:/sbin"; missing=; \
	command -v node >/dev/null || missing="$$missing nodejs"; \
	command -v npm >/dev/null || missing="$$missing npm"; \
	scripts/debian-packages $$missing || echo 'the tests that need them WILL NOT RUN' >&2; \
	missing=; \
	command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	command -v apache2 >/dev/null || missing="$$missing apache2"; \
	command -v caddy >/dev/null || missing="$$missing caddy"; \
	command -v haproxy >/dev/null || missing="$$missing haproxy"; \
	command -v lighttpd >/dev/null || missing="$$missing lighttpd"; \
	command -v curl >/dev/null || missing="$$missing curl"; \
	[ -e /usr/lib/lighttpd/mod_magnet.so ] || missing="$$missing lighttpd-modules-lua"; \
	scripts/debian-packages $$missing || for each in $$missing; do \
		scripts/debian-packages $$each || echo "the tests that need $$each WILL NOT RUN" >&2; done

# Real browsers, each by itself: apt-get installs all that it is asked for or nothing, and one that cannot be had here
# must not take the others along. After `debian`, for apt-get's own lock lets only one be at work.
browsers: | debian
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || scripts/debian-packages chromium || \
		echo 'the tests of Chromium WILL NOT RUN' >&2
	@command -v firefox-esr >/dev/null || command -v firefox >/dev/null || scripts/debian-packages firefox-esr || \
		echo 'the tests of Firefox WILL NOT RUN' >&2
	@missing=; command -v Xvfb >/dev/null || missing=xvfb; \
	ls /usr/lib/*/webkit*gtk-*/MiniBrowser >/dev/null 2>&1 || missing="$$missing webkit2gtk-driver"; \
	scripts/debian-packages $$missing || echo 'the tests of WebKit WILL NOT RUN' >&2

# Once for each package.json. A package that is missing afterwards is as bad as a failure, and is named. Vite's bundler is
# a program of this machine that comes as a package of its own, and needs no script to be installed.
NODE_PEERS := Express, Fastify, Koa, Hono, NestJS, Vite and webpack
node: | debian
	@if ! command -v npm >/dev/null; then echo 'npm is missing: the tests of $(NODE_PEERS) WILL NOT RUN' >&2; \
	elif [ ! $(NODE)/node_modules/.stamp -nt $(NODE)/package.json ]; then \
		echo 'installing $(NODE_PEERS)'; cd $(NODE) && rm -f node_modules/.stamp; \
		npm install --ignore-scripts --no-audit --no-fund --no-package-lock \
			--no-update-notifier --loglevel=error >/dev/null && \
		for each in express cors fastify @fastify/cors koa @koa/cors hono @nestjs/core typescript vite webpack \
			webpack-dev-server; do \
			[ -d node_modules/$$each ] || { echo "npm has not installed $$each" >&2; exit 1; }; done && \
		touch node_modules/.stamp || \
			echo 'npm install failed: the tests of $(NODE_PEERS) WILL NOT RUN' >&2; fi

# The proxies that ours is measured beside, and what asks them.
peers: | $(MADE)
	@PATH="$$PATH:/usr/sbin:/sbin"; missing=; \
	command -v wrk >/dev/null || missing="$$missing wrk"; \
	command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	command -v node >/dev/null || missing="$$missing nodejs"; \
	command -v npm >/dev/null || missing="$$missing npm"; \
	for each in $$missing; do \
		scripts/debian-packages $$each || echo "what is measured with $$each WILL BE MISSING" >&2; done
	@if ! command -v npm >/dev/null; then \
		echo 'npm is missing: http-proxy-3, Vite and cors-anywhere WILL NOT BE MEASURED' >&2; \
	elif [ ! $(PEERS)/node_modules/.stamp -nt $(PEERS)/package.json ]; then \
		echo 'installing http-proxy-3, Vite and cors-anywhere'; cd $(PEERS) && rm -f node_modules/.stamp; \
		npm install --ignore-scripts --no-audit --no-fund --no-package-lock \
			--no-update-notifier --loglevel=error >/dev/null && \
		for each in http-proxy-3 vite cors-anywhere; do \
			[ -d node_modules/$$each ] || { echo "npm has not installed $$each" >&2; exit 1; }; done && \
		touch node_modules/.stamp || \
			echo 'npm install failed: http-proxy-3, Vite and cors-anywhere WILL NOT BE MEASURED' >&2; fi
