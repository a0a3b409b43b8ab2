"""From the paper book to its cases: scans (batches, pages, layouts, cases)."""
