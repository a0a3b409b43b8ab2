"""Reads of reconciliation, by subject; import from the modules."""
