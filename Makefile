# Two commands for everybody: `make demo` and `make test`. Everything else is for those who change Dateline.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BENCH  ?= ../shared/bench
GOLD   ?= ../shared/gold
JOBS   ?= 2
LOCKED := dev pandas polars geo network plot xlsx docs notebooks spacy sklearn
MINUTES ?= 5
TRAIN  := $(BIN)/python -m training.train --data $(BENCH)
LAST_MIX := ewt=0.36,gum=0.16,names=0.27,quotes=0.15,nouns=0.03,lexicon=0.03
BEFORE ?= build/shipped
MORE_MIX := ewt=0.28,gum=0.11,names=0.28,quotes=0.27,nouns=0.03,lexicon=0.03
SIXTH_MIX := ewt=0.34,gum=0.14,names=0.27,quotes=0.19,nouns=0.02,lexicon=0.04
OPEN_MIX := ewt=0.42,gum=0.18,names=0.26,nouns=0.08,lexicon=0.06

.PHONY: demo test docs dist test-dist page browser postgres readers lint bench bench-peers train train-coding train-linking train-more train-open train-gpu ablations fuzz lock clean

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

$(VENV)/.engines: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements-dev.txt -e ".[ray,spark]"
	touch $@

$(VENV)/.peers: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[peers]"
	touch $@

## demo: set up, code the sample reports, keep them, and say what was found and where to look
demo: $(VENV)/.run page
	$(BIN)/python samples/demo.py

## test: lint, types and every test
test: $(VENV)/.engines page browser postgres readers lint
	$(BIN)/python -m pytest -n $(JOBS)

## docs: the documentation as a site, in build/docs; a warning fails it, and no network is asked for anything
docs: $(VENV)/.dev
	$(BIN)/python -m sphinx -q -W --keep-going -c docs/site docs build/docs
	@echo "Look at build/docs/index.html"

## dist: wheel and source distribution in dist/, as they are released
dist: $(VENV)/.dev page
	rm -rf dist
	DATELINE_RELEASE=1 $(BIN)/python -m build --no-isolation

## test-dist: installs what dist made in a clean environment, codes a sentence there, serves a page, and builds once more
test-dist: dist
	DATELINE_DIST=dist $(BIN)/python -m pytest -n 0 -rA tests/test_dist.py

## page: bundles the page's scripts, if node is at hand and they are not bundled yet
page: $(VENV)/.run
	@$(BIN)/python tools/build_page.py

## browser: a Chromium for the tests of pages, from Debian's packages if there is none
browser: $(VENV)/.dev
	@$(BIN)/python -m tools.install_browser

## postgres: a PostgreSQL for the tests of publishing, from Debian's packages if there is none
postgres: $(VENV)/.dev
	@$(BIN)/python -m tools.install_postgres

## readers: what the tests open exports with and no wheel brings, if it can be had
readers: $(VENV)/.dev
	@$(BIN)/python -m tools.install_readers

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## bench: the figures of docs/benchmarks.md that this tree can make (BENCH and GOLD name the data folders)
bench: $(VENV)/.dev
	$(BIN)/python -m bench articles --data $(GOLD)
	$(BIN)/python -m bench calibration --data $(GOLD)
	$(BIN)/python -m bench plover --data $(BENCH)/event_coding/plover_gsr_cameo
	$(BIN)/python -m bench petrarch --data $(BENCH)/event_coding/petrarch2_gsr_validation
	$(BIN)/python -m bench india --data $(BENCH)/india_police_events
	$(BIN)/python -m bench muc --data $(BENCH)/muc4
	$(BIN)/python -m bench acled --data $(BENCH)/case2021_task2
	$(BIN)/python -m bench status
	$(BIN)/python -m bench checks
	$(BIN)/python -m bench protests
	$(BIN)/python -m bench lexicon --data $(BENCH)/event_coding/conflibert_cameo/data.jsonl $(BENCH)/india_police_events/docs.train.jsonl $(BENCH)/muc4/train.jsonl --limit 1500
	$(BIN)/python -m bench reprints --data $(BENCH)/quotes_polnear
	$(BIN)/python -m bench reprints --data $(BENCH)/gva_incidents
	$(BIN)/python -m bench identity --data $(BENCH)/ecbplus
	$(BIN)/python -m bench identity --data $(BENCH)/gva_incidents
	$(BIN)/python -m bench linking
	$(BIN)/python -m bench syntax --data $(BENCH)/ud-ewt
	$(BIN)/python -m bench syntax --data $(BENCH)/ud-gum
	$(BIN)/python -m bench genres --data $(BENCH)/ud-gum
	$(BIN)/python -m bench names --data $(BENCH)/worldwide-newswire
	$(BIN)/python -m bench regions --data $(BENCH)/worldwide-newswire
	$(BIN)/python -m bench roles --data $(BENCH)/propbank-ewt
	$(BIN)/python -m bench roles --data $(BENCH)/qanom
	$(BIN)/python -m bench coref --data $(BENCH)/coref-ontogum
	$(BIN)/python -m bench gap --data $(BENCH)/gap
	$(BIN)/python -m bench quotes --data $(BENCH)/quotes_polnear
	$(BIN)/python -m bench quotes --data $(BENCH)/quotes_polnear --reading
	$(BIN)/python -m bench places --data $(BENCH)/geo_lgl
	$(BIN)/python -m bench places --data $(BENCH)/geo_lgl --home learned
	$(BIN)/python -m bench places --data $(BENCH)/geo_geovirus
	$(BIN)/python -m bench places --data $(BENCH)/geo_geowebnews
	$(BIN)/python -m bench time --data $(BENCH)/time_tbaq
	$(BIN)/python -m bench numbers --data $(BENCH)/numbers_newsquant
	$(BIN)/python -m bench heads --data $(BENCH)
	$(BIN)/python -m bench spellings --data $(BENCH)/coref-ontogum --split train --gap $(BENCH)/gap
	$(BIN)/python -m bench pages
	$(BIN)/python -m bench event_places --data $(BENCH)/gva_incidents
	$(BIN)/python -m bench event_places --data $(BENCH)/wikievents
	$(BIN)/python -m bench speed --data $(GOLD)
	$(BIN)/python -m bench tutorial

## bench-peers: Dateline beside other libraries for dates and numbers, all in one run
bench-peers: $(VENV)/.peers
	$(BIN)/python -m bench peers --data $(BENCH)

## train: the language model from BENCH; some three and a half hours on two cores (or what GPU there is), goes on where it was stopped
train: $(VENV)/.training
	$(BIN)/python -m training.segmentation --data $(BENCH) --out src/dateline/language/model
	$(BIN)/python -m training.lemmas --data $(BENCH) --out src/dateline/language/model
	$(TRAIN) --out build/model --mix ewt=0.33,gum=0.22,names=0.45 --subwords 5 --rate 2.5e-4
	$(TRAIN) --start build/model --out build/model-second --mix ewt=0.27,gum=0.18,names=0.55 --subwords 4 --rate 1.5e-4 --seed 20200819
	$(BIN)/python -m training.silver --data $(BENCH)
	$(TRAIN) --start build/model-second --out build/model-third --subwords 7 --seed 20200820
	$(BIN)/python -m training.average --out build/model-averaged build/model-second=0.35 build/model-third=0.65
	$(TRAIN) --start build/model-averaged --out build/model-fourth --mix $(LAST_MIX) --subwords 1.2 --rate 6e-5 --seed 20200821
	$(BIN)/python -m training.average --out build/model-last build/model-second=0.3 build/model-fourth=0.7
	$(MAKE) train-more BEFORE=build/model-last
	$(BIN)/python -m training.coreference --data $(BENCH) --out src/dateline/knowledge/coreference/weights.json

## train-coding: the second opinion on records, from sets coded by others; some six minutes on one core
train-coding: $(VENV)/.training
	$(BIN)/python -m training.coding --data $(BENCH) --gold $(GOLD) --out src/dateline/knowledge/weighing/weights.json

## train-linking: what a pair of tellings is worth, from gold mentions and from reports of shootings; three quarters of an hour on one core
train-linking: $(VENV)/.training
	$(BIN)/python -m training.rarity --data $(BENCH)
	$(BIN)/python -m training.linking --data $(BENCH) --out src/dateline/knowledge/linking --kept build/linking
	$(BIN)/python -m training.news --data $(BENCH)/gva_incidents

build/shipped/checkpoint.pt: | $(VENV)/.training
	$(BIN)/python -m training.restore --out build/shipped

## train-more: goes on from the shipped weights, which needs no earlier run; an hour on two cores
train-more: $(VENV)/.training $(BEFORE)/checkpoint.pt
	$(BIN)/python -m training.silver --data $(BENCH)
	$(TRAIN) --start $(BEFORE) --out build/model-fifth --mix $(MORE_MIX) --subwords 3 --rate 1.2e-4 --seed 20261128
	$(BIN)/python -m training.average --out build/model-between $(BEFORE)=0.5 build/model-fifth=0.5
	$(TRAIN) --start build/model-between --out build/model-sixth --mix $(SIXTH_MIX) --subwords 0.75 --rate 6e-5 --seed 20261129
	$(BIN)/python -m training.average --out build/model-more $(BEFORE)=0.65 build/model-sixth=0.35
	$(BIN)/python -m training.export --checkpoint build/model-more

## train-open: the same from openly licensed sets alone, in one run of half an hour; the weights go to build/open-model
train-open: $(VENV)/.training
	$(TRAIN) --out build/open-only --open-only --silver none --mix $(OPEN_MIX) --subwords 1.2 --rate 2.5e-4
	$(BIN)/python -m training.export --open-only --checkpoint build/open-only --out build/open-model
	cp src/dateline/language/model/lemmas.json src/dateline/language/model/segmentation.json build/open-model

## train-gpu: the longer recipe for a GPU: raw text first, three runs, and what they agree on taught to a fourth
train-gpu: $(VENV)/.training
	$(BIN)/python -m training.pretrain --data $(BENCH) --out build/pretrained
	for seed in 1 2 3; do $(TRAIN) --start build/pretrained --out build/teacher-$$seed --subwords 40 --batch 6144 --seed $$seed || exit 1; done
	$(TRAIN) --start build/pretrained --out build/student --subwords 60 --batch 6144 --teachers build/teacher-1 build/teacher-2 build/teacher-3
	$(BIN)/python -m training.export --checkpoint build/student

## ablations: one encoder against several, with word shapes and without, a million subwords each side; some 40 minutes
ablations: $(VENV)/.training
	$(TRAIN) --out build/ablation-shared --subwords 1 --rate 2.5e-4
	$(TRAIN) --out build/ablation-no-shapes --no-shapes --subwords 1 --rate 2.5e-4
	$(TRAIN) --out build/ablation-names --mix names=1 --subwords 0.31 --rate 2.5e-4
	$(TRAIN) --out build/ablation-syntax --mix ewt=0.72,gum=0.28 --subwords 0.4 --rate 2.5e-4
	$(TRAIN) --out build/ablation-quotes --mix quotes=1 --subwords 0.17 --rate 2.5e-4

## fuzz: every parser of bytes given changed seeds for MINUTES, which finds are kept under build/fuzz
fuzz: $(VENV)/.dev
	$(BIN)/python -m fuzz --minutes $(MINUTES)

## lock: pin what pyproject.toml allows
lock: $(VENV)/.dev
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links $(addprefix --extra ,$(LOCKED)) --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

clean:
	rm -rf build dist src/dateline/web/static/build demo-ledger demo.html .pytest_cache .mypy_cache .ruff_cache
