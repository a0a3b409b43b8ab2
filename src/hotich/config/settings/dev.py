"""`make run`: one machine, demo data, plain http on localhost."""

from __future__ import annotations

import os

from hotich.config.settings.base import *  # noqa: F403
from hotich.config.settings.base import STATE

DEMO = (STATE / "demo").exists()  # written by `hotich load-demo`
DEBUG = os.environ.get("HOTICH_DEBUG") == "1"
