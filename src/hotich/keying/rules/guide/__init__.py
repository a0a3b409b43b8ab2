"""The printed guide for keyers: `guide.typ`, two A4 pages."""
