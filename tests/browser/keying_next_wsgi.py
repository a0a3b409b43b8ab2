"""The same server after an upgrade: its service worker has another version, as after any change of the screen."""

from hotich.config.wsgi import application as application
from hotich.keying.views import offline

_before = offline._worker_source()
offline._worker_source = lambda: f"{_before}\n// next"  # type: ignore[assignment]
