"""Pages of keying, one module a subject."""
