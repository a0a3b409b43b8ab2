"""Pure rules of this app: no Django, no clock, no input or output."""
