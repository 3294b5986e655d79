# Set-up, build, serve and test. Needs make and Python 3.11 or later; all else goes into .venv.

PORT ?= 8000
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

# The first of these that is new enough; another can be named: make PYTHON=/path/to/python3.12
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
  "$$name" $(NEW_ENOUGH) 2>/dev/null && echo "$$name" && break; done)

# Scripts in an environment name its folder: one that was moved, or lost its Python, is made anew.
$(shell test ! -e .venv/folder || { test -x $(BIN)/python && test "$$(cat .venv/folder)" = "$$(pwd -P)"; } \
  || rm -rf .venv)

.DEFAULT_GOAL := help
.PHONY: serve build test check context docs links clean help

serve: .venv/installed  ## set up, build the graph, serve it on http://127.0.0.1:8000 (or PORT=8001)
	@$(BIN)/missiongraph build
	@# The shell waits, so that Ctrl-C is no error to make, and hands on the signal that ends make.
	@$(BIN)/missiongraph serve --port $(PORT) & server=$$!; trap 'kill $$server' INT TERM; exec 2>/dev/null; \
	  wait $$server; code=$$?; wait $$server; test $$code = 0 || test $$code -gt 128

build: .venv/installed  ## set up, build the graph and publish it as a release
	@$(BIN)/missiongraph build

test: check  ## set up, run every check and every test
	$(BIN)/pytest -n auto --dist loadgroup

check: .venv/installed-for-tests  ## set up, run the checks: lint, format, types, directions of dependence
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

context: .venv/installed  ## write what is made from ontology, shapes and queries: context, claims' schema, stub of questions
	@$(BIN)/python -c 'from missiongraph.ontology import our_ontology as ours; print(ours().context_text(), end="")' \
	  > .venv/context.jsonld && mv .venv/context.jsonld ontology/context.jsonld
	@$(BIN)/python -c 'from missiongraph.ingest.claims_schema import our_claims_schema as ours; print(ours(), end="")' \
	  > .venv/claims.schema.json && mv .venv/claims.schema.json ontology/claims.schema.json
	@$(BIN)/python -c 'from missiongraph.client.stubs import our_stub as ours; print(ours(), end="")' \
	  > .venv/stored.pyi && mv .venv/stored.pyi missiongraph/client/stored.pyi

docs: .venv/installed-for-tests  ## build the documentation as a site in site/, every link checked
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet && echo "site/index.html"

links: .venv/installed-for-tests  ## follow every link of the documentation that leads elsewhere; needs a network
	MISSIONGRAPH_FOLLOW_LINKS=1 $(BIN)/pytest -n 0 tests/docs/test_site.py -k elsewhere

clean:  ## remove the environment and the built releases
	rm -rf .venv .missiongraph site

help:  ## show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1|\2/p' Makefile | while IFS='|' read -r name does; do \
	  printf '  %-12s %s\n' "$$name" "$$does"; done

$(BIN)/python:
	@"$(PYTHON)" $(NEW_ENOUGH) 2>/dev/null || { \
	  echo "missiongraph needs Python 3.11 or later. Install it, or name it: make PYTHON=/path/to/python3.12" >&2; \
	  exit 1; }
	@"$(PYTHON)" -m venv --clear .venv || { rm -rf .venv; \
	  echo "$(PYTHON) makes no virtual environments here. On Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; }
	@pwd -P > .venv/folder

.venv/installed: pyproject.toml | $(BIN)/python
	@echo "Setting up missiongraph in .venv (once; takes about half a minute)"
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-for-tests: pyproject.toml | $(BIN)/python
	@echo "Setting up missiongraph and the tools of its tests in .venv (once; takes about a minute)"
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ .venv/installed
