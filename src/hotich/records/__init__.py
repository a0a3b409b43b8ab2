"""The evidence: civil-status records as the book has them, their annotations, and the current view."""
