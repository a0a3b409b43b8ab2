"""The test settings with the style guide open to everybody, for the browser tests of the shared parts."""

from hotich.config.settings.test import *  # noqa: F403

DEBUG = True
