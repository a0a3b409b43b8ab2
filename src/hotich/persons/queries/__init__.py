"""Reads of persons, by subject: what drawing needs (`component`), what pages show (`profile`, `search`)."""
