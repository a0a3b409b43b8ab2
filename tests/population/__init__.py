"""A drawn population and the registers that mention it, errors and truth included: for tests and benchmarks of matching."""
