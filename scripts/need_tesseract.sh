#!/usr/bin/env bash
# The tests of reading by machine need tesseract with Vietnamese: install Debian's where we may, else say so in one line.
set -u
command -v tesseract >/dev/null && tesseract --list-langs 2>/dev/null | grep -qx vie && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing tesseract …"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-vie; } >/dev/null 2>&1 && exit 0
fi
echo "tests of reading by machine need tesseract: apt-get install tesseract-ocr tesseract-ocr-vie" >&2
[ -z "${HOTICH_REQUIRE_ALL:-}" ]
