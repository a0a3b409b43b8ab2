"""A real installation: TLS in front, a server named by DATABASE_URL."""

from __future__ import annotations

from hotich.config.settings.base import *  # noqa: F403

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
# what else is served under the same domain is not ours to decide on (W005, W021): the proxy may add it; a scan stands
# beside its form in a frame of our own page, and no other site may frame us (W019)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W019", "security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True

# the lock-out counts the officer's own address, which the one proxy in front puts into this header
AXES_IPWARE_PROXY_COUNT = 1
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
