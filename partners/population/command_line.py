"""Commands of the stand-in: generate, serve, client, faults, answer, planted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from partners.population import access, faults
from partners.population.generator import MOST, SEED, SIZE, generate
from partners.population.store import FILE, open_folder

CANNOT = 2


def main(arguments: list[str]) -> int:
    """The exit code; 2 with a sentence when something cannot be done."""
    options = _parser().parse_args(arguments)
    deed: Callable[[argparse.Namespace], None] = options.deed
    try:
        deed(options)
    except FileNotFoundError as missing:
        print(
            f"population: {missing.filename or missing} is not there (`generate` makes the database)", file=sys.stderr
        )
        return CANNOT
    except ValueError as wrong:
        print(f"population: {wrong}", file=sys.stderr)
        return CANNOT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m partners.population", description="Stand-in of the population database"
    )
    commands = parser.add_subparsers(required=True)

    def command(name: str, deed: Callable[[argparse.Namespace], None], words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words)
        made.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="where the database lies")
        made.set_defaults(deed=deed)
        return made

    for name, deed, words in (
        ("generate", _generate, "make the citizens, unless they are there"),
        ("serve", _serve, "answer calls on this machine, until stopped; makes the citizens first"),
    ):
        made = command(name, deed, words)
        made.add_argument("--size", type=int, default=SIZE, help=f"so many citizens, at most {MOST}")
        made.add_argument("--people", type=Path, metavar="FILE.jsonl", help="people to be among them")
        made.add_argument("--places", type=Path, metavar="FILE.csv", help="communes to live in")
        made.add_argument("--seed", type=int, default=SEED)
        if name == "serve":
            made.add_argument("--port", type=int, required=True)
            made.add_argument("--rate", type=float, default=access.CALLS_A_SECOND, help="calls a second and client")
            _add_client(made, needed=False)
    _add_client(command("client", _client, "make a client known, or give it another secret"), needed=True)
    _add_faults(command("faults", _faults, "switch faults on and off while it serves; alone: list them"))
    made = command("answer", _answer, "answer a signed request file with a signed response file")
    made.add_argument("request", type=Path)
    made.add_argument("response", type=Path)
    command("planted", _planted, "people handed over who are not in it as they were, and why")
    return parser


def _add_client(parser: argparse.ArgumentParser, *, needed: bool) -> None:
    parser.add_argument("--client", metavar="ID", required=needed)
    parser.add_argument("--secret-file", type=Path, metavar="FILE", required=needed, help="holds what both sides know")


def _add_faults(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("switch", nargs="?", choices=("on", "off"))
    parser.add_argument("name", nargs="?", default="", help=f"{', '.join(faults.DEFAULTS)}; off without a name: all")
    parser.add_argument("--value", default="", help="seconds, or a kind of wrong answer")
    parser.add_argument("--call", action="append", default=[], help="only this call; may be repeated")
    parser.add_argument("--times", type=int, help="only the next so many calls")


def _generate(options: argparse.Namespace) -> None:
    count = generate(options.data, size=options.size, people=options.people, places=options.places, seed=options.seed)
    print(f"{count} citizens")


def _serve(options: argparse.Namespace) -> None:
    from partners.population.server import serve  # the other commands need no server

    if not (options.data / FILE).exists():
        _generate(options)
    if options.client:
        _client(options)
    serve(options.data, options.port, options.rate)


def _client(options: argparse.Namespace) -> None:
    if not options.secret_file:
        raise ValueError("--client needs --secret-file")
    secret = options.secret_file.read_text(encoding="utf-8").strip()
    access.register_client(open_folder(options.data), options.client, secret)


def _faults(options: argparse.Namespace) -> None:
    db = open_folder(options.data)
    if options.switch == "on":
        faults.switch_on(db, options.name, options.value, calls=tuple(options.call), times=options.times)
    elif options.switch == "off":
        faults.switch_off(db, options.name)
    for fault in faults.switched_on(db):
        limits = [*fault.calls, *([f"{fault.remaining} times"] if fault.remaining is not None else [])]
        print(*filter(None, (fault.name, fault.value, *limits)))


def _answer(options: argparse.Namespace) -> None:
    from partners.population.files import answer_file

    print(f"{answer_file(open_folder(options.data), options.request, options.response)} requests answered")


def _planted(options: argparse.Namespace) -> None:
    for row in open_folder(options.data).execute("select * from planted order by kind, citizen"):
        print(row["kind"], row["citizen"], row["full_name"], sep="\t")
