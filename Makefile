# Two commands do everything on a fresh machine with Python 3.11 or newer: make run, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Debian keeps Chromium here; CHROMIUM=... names another one.
CHROMIUM ?= /usr/bin/chromium

.DEFAULT_GOAL := help

help:  ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.run: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

run: $(VENV)/.run  ## Set up and open the app; the Grocer is one click away
	$(BIN)/python -m streamlit run server.py

test: $(VENV)/.test tools lint types  ## Set up everything the tests need and run them all
	$(BIN)/python -m pytest -n auto --dist loadfile

tools:  # the browser and the PDF reader that the tests use
	@sh tests/tools.sh

lint: $(VENV)/.test  ## Format and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.test  ## Types
	$(BIN)/mypy

format: $(VENV)/.test  ## Put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/.bench: benchmarks/requirements.txt $(VENV)/.test
	$(BIN)/python -m pip install --quiet -r benchmarks/requirements.txt
	touch $@

bench: $(VENV)/.bench  ## The figures of the README: speed and quality beside the usual way
	$(BIN)/python benchmarks/main_job.py
	$(BIN)/python benchmarks/map.py
	$(BIN)/python benchmarks/orders.py
	$(BIN)/python benchmarks/personal.py

bench-segments: $(VENV)/.bench  ## How right the segments, names and questions are; needs the planted tables beside the project
	$(BIN)/python benchmarks/quality.py --cli
	$(BIN)/python benchmarks/stability.py
	$(BIN)/python benchmarks/names.py
	$(BIN)/python benchmarks/questions.py
	$(BIN)/python benchmarks/distinctive.py
	$(BIN)/python benchmarks/map.py --renewal

shots: $(VENV)/.test tools  ## The screenshots of the README
	$(BIN)/python docs/screenshots.py

.PHONY: help run test tools lint types format bench bench-segments shots
