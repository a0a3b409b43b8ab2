"""Stand-ins of the systems that belong to others: servers of their own, for demo and tests, never for real data."""
