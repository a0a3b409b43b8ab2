"""The demo's own population database: `hotich serve` runs `partners/population` of the checkout beside the web.

Only ever on demo state: whoever has a real one names its address (`HOTICH_POPULATION_URL`).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from django.conf import settings

from hotich.database.state import CHECKOUT, secret, state_folder

CITIZENS = 200_000
PROGRAM = "partners.population"
PEOPLE, PLACES = "people.jsonl", "places.csv"
LAST_IN_LINE = 10  # making citizens takes what the first pages leave of the machine


def is_wanted() -> bool:
    """A demo in a checkout that has no other population database."""
    return bool(
        settings.DEMO
        and not settings.HOTICH_POPULATION_URL
        and settings.HOTICH_POPULATION_ADAPTER in ("", "live")
        and (CHECKOUT / "partners" / "population").is_dir()
    )


def command(port: int, citizens: int) -> list[str]:
    """What makes the citizens where there are none yet (a few seconds), then serves."""
    mine = [sys.executable, "-m", "hotich.config.operation.stand_in", "--port", str(port), "--citizens", str(citizens)]
    return [*mine, "--client", settings.HOTICH_POPULATION_CLIENT]


def folder() -> Path:
    """Where its database lies, and nothing of the installation."""
    return state_folder() / "population"


def main(arguments: list[str]) -> None:
    """Become the stand-in: this process is what `hotich serve` watches and ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--citizens", required=True)
    parser.add_argument("--port")
    parser.add_argument("--client")
    given = parser.parse_args(arguments)
    if given.port is None:
        _become_the_generator(given.citizens)
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder() / "population.sqlite").exists():
        _generate(given.citizens)
        for name in (PEOPLE, PLACES):
            (folder() / name).unlink()
    key = folder() / "client-secret"
    key.touch(mode=0o600)
    key.write_text(secret("population"))
    _become("serve", "--port", given.port, "--client", given.client, "--secret-file", str(key))


def _generate(citizens: str) -> None:
    """In a process that lets all others go first, and that ends with this one."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    mine = [sys.executable, "-m", "hotich.config.operation.stand_in", "--citizens", citizens]
    with subprocess.Popen(mine, preexec_fn=lambda: os.nice(LAST_IN_LINE)) as generator:
        try:
            if generator.wait():
                sys.exit(generator.returncode)
        finally:
            generator.terminate()


def _become_the_generator(citizens: str) -> None:
    """The people of the demo books, of those to be keyed, too, and invented ones up to the number."""
    from hotich.config.demo import generate
    from hotich.config.demo.citizens import write_people, write_places
    from hotich.config.demo.keying import of_keying

    people, places = folder() / PEOPLE, folder() / PLACES
    write_people((generate(), of_keying()), people)
    write_places(places)
    _become("generate", "--size", citizens, "--people", str(people), "--places", str(places))


def _become(name: str, *options: str) -> NoReturn:
    os.chdir(CHECKOUT)
    os.execv(sys.executable, [sys.executable, "-m", PROGRAM, name, "--data", str(folder()), *options])


if __name__ == "__main__":
    main(sys.argv[1:])
