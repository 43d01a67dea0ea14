# What people type. Everything runs in .venv, which is made once and again when a pin changes.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
COURSE := dist/nbgrader
SUBMISSIONS ?= $(COURSE)/submitted
OUT ?= dist/graded
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
BY_FILES := --dist loadscope --no-loadscope-reorder
# Three workers for two cores: many tests wait for a program that they have started. Those of the fast lane do not.
WORKERS := -n 3 $(BY_FILES)
CHOSEN ?= not proof
STUDENTS ?= 50
.DEFAULT_GOAL := help

.PHONY: help setup sandbox attacks ablation demo test test-fast proofs test-pythons coverage lab release check verify grade report \
        solutions feedback formgrader results scaling coffee timing bench lint clean

help: ## say what there is to type
	@echo "make TARGET, one of:"
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | awk -F '|' '{printf "  %-12s %s\n", $$1, $$2}'

setup: .venv/installed ## set up .venv (every other target does it by itself)

# torch before everything else: whatever needs torch is then satisfied by the pinned one. Our own three by path and in
# one command: no index is asked for their names, which belong to nobody there.
.venv/installed: pyproject.toml scalelab/pyproject.toml notebook_checks/pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: Python 3.11 or later is needed; name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "make: no virtual environment can be made; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv (a few minutes, once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt "torch==2.13.0" "setuptools>=77"
	@$(BIN)/pip uninstall --quiet --yes autograder scalelab 2>/dev/null || true # their names before version 0.2
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ./notebook_checks -e ./scalelab -e '.[dev]'
	@$(MAKE) --no-print-directory sandbox
	@touch $@

sandbox: ## install bubblewrap, the sandbox for student code, where it is missing
	@command -v bwrap >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing bubblewrap …"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq bubblewrap libseccomp2 >/dev/null; \
	fi; command -v bwrap >/dev/null || \
	  echo "make: the sandbox for student code is missing. Type: sudo apt-get install bubblewrap libseccomp2"

demo: .venv/installed ## release, grade a bundled class with nbgrader and with otter, print the scores
	@$(BIN)/autograder demo

test: .venv/installed ## run every test but the proofs
	@$(BIN)/pytest $(WORKERS) -m "$(CHOSEN)"

test-fast: .venv/installed ## run the tests that open no room and start no other program (under a minute)
	@$(BIN)/pytest -n 2 $(BY_FILES) -m "not room and not tool and not proof"

proofs: .venv/installed ## run what goes through all attacks and all answers of the bank, or sets up everything anew
	@$(BIN)/pytest -n 2 --dist loadgroup -m proof

test-pythons: ## run those that need no torch with Python 3.11 to 3.13, as far as they are installed
	@tests/pythons.sh 3.11 3.12 3.13

coverage: .venv/installed ## run what `make test` runs, and measure which lines ran (minutes more)
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest $(WORKERS) -m "not proof"
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report

lab: .venv/installed $(COURSE)/gradebook.db ## open a copy of the student notebooks in JupyterLab
	@$(BIN)/python -m autograder.release.lab_copy notebooks/compound_scaling lab/compound_scaling
	@cd lab/compound_scaling && ../../$(BIN)/jupyter lab $(AS_ROOT)

release: .venv/installed ## make notebooks/ and dist/ from the source
	@$(BIN)/autograder release

check: .venv/installed ## fail where notebooks/ is not what the source gives
	@$(BIN)/autograder release --check

$(COURSE)/gradebook.db: | .venv/installed
	@$(BIN)/autograder release

verify: .venv/installed $(COURSE)/gradebook.db ## grade the answer bank with both engines, and mutants of the model answers
	@$(BIN)/autograder verify
	@$(BIN)/autograder verify --mutants

grade: .venv/installed $(COURSE)/gradebook.db ## grade a class: make grade SUBMISSIONS=folder-or-zip [OUT=folder]
	@$(BIN)/autograder grade "$(SUBMISSIONS)" --out "$(OUT)"

report: .venv/installed ## bring in TAs' points, and tell how the class did: make report [OUT=folder]
	@$(BIN)/autograder report --out "$(OUT)"

solutions: .venv/installed ## what students get after the deadline, as notebooks and pages (minutes: everything is run)
	@$(BIN)/autograder solutions

feedback: .venv/installed ## make the graded students' feedback pages: make feedback [OUT=folder]
	@$(BIN)/autograder feedback --out "$(OUT)"

formgrader: .venv/installed $(COURSE)/gradebook.db ## grade what is written, in nbgrader's formgrader
	@cd "$(COURSE)" && PATH="$(CURDIR)/$(BIN):$$PATH" jupyter lab $(AS_ROOT) --LabApp.default_url=/formgrader

attacks: .venv/installed ## hand in every attack that we know of, and print what came of each
	@$(BIN)/python -m tests.attacks

results: .venv/installed ## train the comparison models on all of CIFAR-10, and write data/results/
	@$(BIN)/python data/make_imagenet.py
	@$(BIN)/python data/make_results.py

scaling: .venv/installed ## train a small EfficientNet grown in four ways (hours; stopped at any time, it goes on when typed again)
	@nice -n 19 $(BIN)/python data/make_scaling.py --sample
	@nice -n 19 $(BIN)/python data/make_scaling.py

ablation: .venv/installed ## train one network with one thing of the recipe changed at a time (an hour; stopped, it goes on when typed again)
	@nice -n 19 $(BIN)/python data/make_ablation.py

coffee: .venv/installed ## train one network for ten minutes on the whole machine, and see how good it gets
	@$(BIN)/python data/coffee_break.py

timing: .venv/installed ## measure how long those networks take (a minute, on a machine that does nothing else)
	@$(BIN)/python data/time_scaling.py
	@$(BIN)/python data/time_layouts.py

bench: .venv/installed ## measure grading, rooms, training and the notebooks: make bench [STUDENTS=500] (half an hour; hours with 500)
	@$(BIN)/python benchmarks/grading.py
	@$(BIN)/python benchmarks/cluster.py
	@$(BIN)/python benchmarks/big_class.py --students $(STUDENTS)
	@$(BIN)/python -m benchmarks.attackers
	@$(BIN)/python benchmarks/rooms.py
	@$(BIN)/python benchmarks/training.py
	@$(BIN)/python benchmarks/notebooks.py
	@$(BIN)/python -m benchmarks.playground

lint: .venv/installed ## ruff, import-linter and mypy, as pre-commit runs them
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-logo --no-cache && $(BIN)/mypy

clean: ## remove what was made, but for .venv
	rm -rf dist build .pytest_cache .ruff_cache .mypy_cache
