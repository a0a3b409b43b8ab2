"""From a scanned page to one legible PDF a case: plain Python on images, no Django, no database (decision 0018).

The way of a page: `ingest` (bytes → pages) → `early` (refuse what cannot become legible) → `rectify` (borders, skew,
turn, perspective) → `split` (cases of a page) → `encode` (race of candidates within the budget) → `gate` (judges the
finished PDF). `batch` does it for a folder; `workers` keeps a bad page from harming the others.
"""
