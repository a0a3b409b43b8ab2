"""`make run`: one machine, demo data, plain http on localhost."""

from __future__ import annotations

import os

from hotich.config.settings.base import *  # noqa: F403
from hotich.config.settings.base import STATE

DEMO = (STATE / "demo").exists()  # written by `hotich load-demo`
DEBUG = os.environ.get("HOTICH_DEBUG") == "1"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # plain http: browsers offer keys on localhost only
