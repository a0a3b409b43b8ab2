"""What operation writes into tables."""
