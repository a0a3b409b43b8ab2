"""Reads of keying."""
