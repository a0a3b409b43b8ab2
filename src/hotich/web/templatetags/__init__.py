"""The tag library `hotich`."""
