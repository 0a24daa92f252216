# Two commands for everybody: `make demo` and `make test`. Everything else is for those who change Dateline.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BENCH  ?= ../shared/bench
GOLD   ?= ../shared/gold
JOBS   ?= 2

.PHONY: demo test lint bench train lock clean

$(VENV)/.run: pyproject.toml requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(VENV)/.training: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[training]"
	touch $@

## demo: set up, code the sample reports, keep them, and say what was found and where to look
demo: $(VENV)/.run
	$(BIN)/python samples/demo.py

## test: lint, types and every test
test: $(VENV)/.dev lint
	$(BIN)/python -m pytest -n $(JOBS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## bench: the figures of docs/benchmarks.md that this tree can make (BENCH and GOLD name the data folders)
bench: $(VENV)/.dev
	$(BIN)/python -m bench articles --data $(GOLD)
	$(BIN)/python -m bench plover --data $(BENCH)/event_coding/plover_gsr_cameo
	$(BIN)/python -m bench status
	$(BIN)/python -m bench syntax --data $(BENCH)/ud-ewt
	$(BIN)/python -m bench syntax --data $(BENCH)/ud-gum
	$(BIN)/python -m bench names --data $(BENCH)/worldwide-newswire
	$(BIN)/python -m bench time --data $(BENCH)/time_tbaq
	$(BIN)/python -m bench numbers --data $(BENCH)/numbers_newsquant
	$(BIN)/python -m bench speed --data $(GOLD)

## train: the language model and the sentence splitter from BENCH; some two hours on two cores, goes on where it was stopped
train: $(VENV)/.training
	$(BIN)/python -m training.segmentation --data $(BENCH) --out src/dateline/language/model
	$(BIN)/python -m training.lemmas --data $(BENCH) --out src/dateline/language/model
	$(BIN)/python -m training.train --data $(BENCH) --out build/model --subwords 5
	$(BIN)/python -m training.train --data $(BENCH) --start build/model --out build/model-second \
		--subwords 4 --rate 1.5e-4 --entities 0.55 --seed 20200819
	$(BIN)/python -m training.export --checkpoint build/model-second

## lock: pin what pyproject.toml allows
lock: $(VENV)/.dev
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

clean:
	rm -rf build demo-ledger demo.html .pytest_cache .mypy_cache .ruff_cache
