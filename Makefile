# For GNU make 3.81 and BSD tools, as macOS ships them.

ifeq ($(CONDA_DEFAULT_ENV),llama_thesis)
ENV := $(CONDA_PREFIX)
else
ENV := .venv
endif
BIN := $(ENV)/bin
INSTALLED := $(ENV)/.installed
VALIDATORS := .work/validators/.installed
PYTHONS := $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
CODE := $(wildcard stages thesis experiments tests benchmarks data/*/*.py)
# Waits until another dvc command (a push, a status) releases the repository. Without it, a stage that ends
# meanwhile is lost after 3 seconds, unrecorded. It does not wait for a stage that another dvc runs: a second
# `make repro` then fails at once (".../… is busy, it is being blocked by (PID …)"), and disturbs nothing.
DVC := $(BIN)/dvc --wait-for-lock
# Build requirements are pinned too: pip before 25.3 reads PIP_CONSTRAINT for them, newer ones PIP_BUILD_CONSTRAINT.
PIP_INSTALL := PIP_CONSTRAINT=requirements.lock PIP_BUILD_CONSTRAINT=requirements.lock $(BIN)/python -m pip install
# One process per core; the tests of a file, which share a slow setup, run in one process.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile

# dvc.yaml runs the stages as `python`: let it find the one of this environment.
export PATH := $(abspath $(BIN)):$(PATH)
export DVC_NO_ANALYTICS := 1
export HF_HUB_DISABLE_TELEMETRY := 1

.PHONY: help install repro record unchanged declared calibrate validate bench bench-7b bench-mac test test-slow check format lock check-mac remote push pull release restore clean faults machines

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

install: $(INSTALLED)  ## install the environment .venv with the versions of requirements.lock

repro: $(INSTALLED)  ## run the whole pipeline: what changed since the last run
	@$(BIN)/python -m experiments.declared > /dev/null
	$(DVC) repro
	@echo
	@echo "Done. The numbers: metrics/ (dvc metrics show; dvc metrics diff compares with the last commit),"
	@echo "tables: metrics/tables/, figures: dvc plots show, the report: reports/"
	@echo "dvc works without make after: source $(BIN)/activate"

record: $(INSTALLED)  ## copy time, memory and versions of this machine's runs to metrics/runs/
	$(BIN)/python -m stages.shell.runs

unchanged: $(INSTALLED)  ## after corrected comments or messages: record the stages whose code is the same
	$(BIN)/python -m experiments.unchanged

declared: $(INSTALLED)  ## record when contrasts were declared, against when the first draws were made
	$(BIN)/python -m experiments.declared

calibrate: $(INSTALLED)  ## train with further seeds and draw more: which contrasts stand? (an hour; resumes)
	$(BIN)/python -m experiments.calibrate

validate: $(INSTALLED)  ## simulate studies: are planted effects found, and nothing else? (minutes)
	$(BIN)/python -m experiments.validate

machines: $(INSTALLED)  ## measure how far scores and losses differ between this computer's kernels (15 minutes)
	$(BIN)/python -m experiments.machines $(ARGS)

faults: $(INSTALLED)  ## kill and damage the pipeline in over 70 ways: does it end in the same bytes? (an hour; Linux, macOS)
	$(BIN)/python -m experiments.faults $(ARGS)

bench: $(INSTALLED)  ## compare speed and memory with TRL, llama.cpp and others, into docs/speed.md (40 minutes)
	$(BIN)/python -m benchmarks.side_by_side --write

bench-mac: $(INSTALLED)  ## measure this Mac (minutes) and write one file that can be sent in: docs/mac.md
	$(BIN)/python -m benchmarks.mac $(ARGS)

bench-7b: $(INSTALLED)  ## run the whole pipeline on random weights of Llama 2 7B's shape (Linux; an hour, 15 GB)
	$(PIP_INSTALL) -e ".[dev,quantized]"
	$(BIN)/python -m benchmarks.whole_dag

test: $(INSTALLED)  ## run the quick tests
	$(PYTEST) -m "not slow"

# Two checkers of the archive's files need older packages than the project.
$(VALIDATORS): tests/validators.txt | $(INSTALLED)
	$(BIN)/python -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet -r tests/validators.txt
	@touch $@

test-slow: $(INSTALLED) $(VALIDATORS)  ## run the tests that take minutes
	$(PIP_INSTALL) -e ".[dev,claims,quantized,remotes,signing]"
	$(PYTEST) -m slow

check: $(INSTALLED)  ## check formatting, lint and types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy $(CODE)

format: $(INSTALLED)  ## format the code and fix what lint can fix
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# CUDA's packages are left out: torch asks for those it needs, and a CPU build needs none. (xgrammar asks for triton.)
# UPGRADE="--upgrade-package trl" or UPGRADE=--upgrade changes versions.
lock: | $(BIN)/uv  ## update requirements.lock from pyproject.toml, keeping the versions that still fit
	cp requirements.lock requirements.lock.part
	$(BIN)/uv pip compile --quiet --universal --no-annotate --fork-strategy fewest --all-extras $(UPGRADE) \
		--custom-compile-command "make lock" --output-file requirements.lock.part pyproject.toml
	sed -E '/^(nvidia-|cuda-)/d' requirements.lock.part > requirements.lock
	rm requirements.lock.part

# antlr4-python3-runtime is pure Python, published as source only.
check-mac: $(INSTALLED)  ## check that the lock resolves for macOS 14 on arm64, without installing
	@mkdir -p .work
	@for version in 3.11 3.12 3.13 3.14; do \
		echo "Python $$version on macOS 14, arm64:"; \
		MACOSX_DEPLOYMENT_TARGET=14.0 $(BIN)/uv pip install --dry-run --target .work/check-mac \
			--python-platform aarch64-apple-darwin --python-version $$version \
			--only-binary :all: --no-binary antlr4-python3-runtime \
			-c requirements.lock -r pyproject.toml --all-extras 2> .work/check-mac.log \
			|| { cat .work/check-mac.log; exit 1; }; \
		grep -E '^Would' .work/check-mac.log; \
	done

remote: STORE = $(patsubst ~/%,$(HOME)/%,$(URL))
remote: $(INSTALLED)  ## set where push and pull go: make remote URL=… (a folder, s3://…, ssh://…, webdavs://…)
	@test -n "$(URL)" || { \
		echo "Usage: make remote URL=/Volumes/disk/thesis   (or s3://…, ssh://…, webdavs://…)"; exit 1; }
	@case "$(STORE)" in \
		s3://*|ssh://*|webdav://*|webdavs://*) $(PIP_INSTALL) -e ".[dev,remotes]";; \
		*://*) ;; \
		*) mkdir -p "$(STORE)";; \
	esac
	$(BIN)/dvc remote add --local -f -d thesis "$(STORE)"
	$(BIN)/dvc remote modify --local thesis verify true
	@echo "Now: make push, make pull"

# release/store is the default of a fresh clone, to pull from; only make release writes there.
push: $(INSTALLED)  ## upload the artifacts to your own remote, which make remote set
	@own=$$($(BIN)/dvc config --local core.remote 2>/dev/null); test -n "$$own" && test "$$own" != store || { \
		echo "You have no remote of your own, and release/store takes only what make release puts there."; \
		echo "Set one, then push again: make remote URL=/Volumes/disk/thesis   (or s3://…, ssh://…, webdavs://…)"; \
		exit 1; }; \
	$(DVC) push --remote "$$own"

pull: $(INSTALLED)  ## download the exact artifacts of this commit: from your own remote, or else from release/store
	@$(DVC) pull || { $(BIN)/python -m experiments.release.unpulled; exit 1; }
	@echo "Next: thesis verify   (source $(BIN)/activate first)"

# WITHOUT="TAG …" leaves out what only these tags need, if the store would grow beyond 60 MiB.
release: $(INSTALLED)  ## put the artifacts of this commit into release/store, which git carries to every clone
	$(BIN)/python -m experiments.release $(if $(WITHOUT),--without $(WITHOUT))

restore: $(INSTALLED)  ## restore the outputs of the last commit, after a run that stopped
	git checkout -q -- metrics reports
	$(DVC) checkout

clean:  ## remove scratch files, caches, and half-finished stages and calibrations; never data, models or .venv
	rm -rf .work build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv: ; $(MAKE) $(INSTALLED)

$(INSTALLED): pyproject.toml requirements.lock
	@$(BIN)/python -c "import pip" 2>/dev/null || { \
		for python in $(PYTHONS); do \
			$$python -c "$(FITS)" 2>/dev/null && exec $$python -m venv --clear .venv; \
		done; \
		echo "No Python from 3.11 to 3.14 with venv was found. On a Mac, run one of these:"; \
		echo "  brew install python@3.12"; \
		echo "  (or use the installer from https://www.python.org/downloads/macos/)"; \
		echo "  conda env create -f environment.yml && conda activate llama_thesis"; \
		echo "On Debian or Ubuntu: sudo apt install python3-venv (3.11 or newer). Elsewhere: PYTHON=/path/to/python3"; \
		echo "Then run again: make $(MAKECMDGOALS)"; \
		exit 1; }
	$(PIP_INSTALL) -e ".[dev]"
	@touch $@
