"""Who did what to what: append-only, one hash chain per office; and the event log other apps read."""
