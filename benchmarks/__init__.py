"""Figures of docs/benchmarks.md: each a ratio to a named baseline measured in the same run. `make bench`."""
