"""`python -m partners.population COMMAND …` from a checkout."""

import sys

from partners.population.command_line import main

sys.exit(main(sys.argv[1:]))
