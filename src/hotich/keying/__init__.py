"""How a keyed book comes to be: inventory, packages, keying with and without a line, checking, acceptance, figures."""
