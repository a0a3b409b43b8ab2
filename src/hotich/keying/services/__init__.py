"""Writes of keying: from the book on the shelf to checked cases in intake."""
