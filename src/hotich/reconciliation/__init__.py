"""Is this person in the population database: equal, different, absent; what differs is settled, what is missing sent."""
