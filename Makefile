# What one does with Dateline, one word each. The first use makes .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run demo test lint vendor bench extension clean

help:  ## list these words
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1	\2/'

run: $(VENV)/run  ## start the archive and print a sign-in link
	$(BIN)/dateline serve

demo: $(VENV)/run  ## open a throw-away archive full of sample articles
	$(BIN)/dateline demo

test: $(VENV)/dev  ## run every test
	$(BIN)/python -m pytest

lint: $(VENV)/dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

vendor: $(VENV)/dev  ## fetch htmx again and hold it against its hashes
	$(BIN)/python static/vendor/vendor.py

bench: $(VENV)/dev  ## measure; ARGS="--pages DIR --payloads FILE" for what needs material
	$(BIN)/python -m benchmarks $(ARGS)

extension: $(VENV)/run  ## pack the browser extension for both browsers into dist/, and lint it where there is npx
	$(BIN)/python tools/build_extension.py dist
	if command -v npx >/dev/null; then npx --yes web-ext@10.6.0 lint --warnings-as-errors --source-dir dist/dateline-firefox-*.zip; \
		else echo "There is no npx here: web-ext lint was left out."; fi

clean:  ## remove what make made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Debian's python3 may lack ensurepip: then the pip outside brings one in. pip before 23.3 stumbles over an extra written in
# two ways that our libraries ask of lxml, so the environment gets a newer one first.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { $(PYTHON) -m venv --without-pip --clear $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=23.3'

$(VENV)/run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/run
