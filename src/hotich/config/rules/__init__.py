"""Pure rules of running an installation: no Django, no clock, no input or output."""
