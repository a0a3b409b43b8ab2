"""Plain Python that knows no framework: dates, names, numbers, problems, clock. No Django, no I/O."""
