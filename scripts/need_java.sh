#!/usr/bin/env bash
# The test of matching on several machines needs Java 17 or 21: install Debian's where we may, else say so in one line.
set -u
command -v java >/dev/null && java -version 2>&1 | grep -Eq 'version "(17|21)[."]' && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing Java …"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update >/dev/null 2>&1
  for package in openjdk-21-jre-headless openjdk-17-jre-headless; do
    apt-get install -y --no-install-recommends "$package" >/dev/null 2>&1 && exit 0
  done
fi
echo "the test of matching on several machines needs Java 17 or 21: apt-get install openjdk-17-jre-headless" >&2
[ -z "${HOTICH_REQUIRE_ALL:-}" ]
