# The front door: `just` lists the commands.

set shell := ["bash", "-euo", "pipefail", "-c"]

_list:
    @just --list

# Install everything for working on firstlight into the current environment.
install:
    pip install -c constraints.txt -e '.[dev]'

# Format, lint, types, layers, tests: what CI runs.
check: format-check lint types layers test

# Rewrite files in our format.
format:
    ruff format .
    ruff check --fix .

format-check:
    ruff format --check .

lint:
    ruff check .

types:
    mypy

layers:
    lint-imports

test *options:
    pytest {{ options }}

# Build the documentation site into site/, strictly.
docs:
    python docs/make_site.py

# The tests that take more than ten seconds each.
test-slow:
    pytest -m slow -n 1

# Measure everything that the documentation claims; close other programs first.
benchmark:
    python -m benchmarks.loader
    python -m benchmarks.startup
    python -m benchmarks.article
    python -m benchmarks.whole_process
    python -m benchmarks.against_keras
    python -m benchmarks.time_to_accuracy
    python -m benchmarks.sweep
    python -m benchmarks.drawings
