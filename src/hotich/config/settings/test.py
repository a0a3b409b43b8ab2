"""Tests: the embedded server (or DATABASE_URL), plain static files, cheap password hashes."""

from __future__ import annotations

from hotich.database import launcher

if not launcher.uses_server():
    launcher.up()  # before base reads the port

from hotich.config.settings.base import *  # noqa: F403
from hotich.config.settings.base import STATE, STORAGES

DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STATE / "test-files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
(STATE / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise asks for it
