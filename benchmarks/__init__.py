"""One script for each claim, each measuring its peer in the same run: ``python -m benchmarks.<name>``."""
