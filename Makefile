# What one does with Dateline, one word each. The first use makes .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run demo test lint vendor bench clean

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

bench: $(VENV)/dev  ## measure; benchmarks/README.md says what
	$(BIN)/python -m benchmarks

clean:  ## remove what make made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Debian's python3 may lack ensurepip: then the pip outside fills the environment.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || $(PYTHON) -m venv --without-pip --clear $(VENV)

$(VENV)/run: pyproject.toml | $(VENV)/bin/python
	$(call install,.)
	touch $@

$(VENV)/dev: pyproject.toml | $(VENV)/bin/python
	$(call install,.[dev])
	touch $@ $(VENV)/run

install = if $(BIN)/python -m pip --version >/dev/null 2>&1; \
	then $(BIN)/python -m pip install --quiet --editable '$(1)'; \
	else $(PYTHON) -m pip --python $(BIN)/python install --quiet --editable '$(1)'; fi
