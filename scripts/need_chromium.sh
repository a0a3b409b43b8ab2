#!/usr/bin/env bash
# The browser tests need Chromium: install Debian's where we may, else say so in one line.
set -u
[ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && exit 0
for name in chromium chromium-browser google-chrome; do command -v "$name" >/dev/null && exit 0; done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing chromium …"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1 && exit 0
fi
echo "browser tests need Chromium: apt-get install chromium (or set CHROMIUM to a browser)" >&2
[ -z "${HOTICH_REQUIRE_ALL:-}" ]
