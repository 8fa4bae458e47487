"""The commands and their arguments, and one sentence for what is wrong with them."""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path
from typing import NoReturn

from persona_core.errors import WrongArgument

MOST_SEGMENTS = 12  # not imported from segments, which would take half a second


class _Parser(argparse.ArgumentParser):
    """Says in a sentence what is wrong with the arguments, where the usage would fill the screen."""

    def error(self, message: str) -> NoReturn:
        for pattern, words in _PLAIN.items():
            message = re.sub(pattern, words, message)
        raise WrongArgument(f"{message}; {self.prog} --help explains the arguments.")


_PLAIN = {
    r"^the following arguments are required: (.+)$": r"No \1 was given",
    r"^unrecognized arguments: (.+)$": r"It is not known what to do with \1",
    r"^argument COMMAND: invalid choice: (.+) \(choose from (.+)\)$": r"There is no command \1, only \2",
    r"^argument (\S+): expected one argument$": r"\1 needs a value",
    r"^argument [^ :]+: ": "",
}


def parser() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    top = _Parser(
        prog="python -m persona_core",
        description="Personas from a company's own customer data, with the evidence on every line.",
        allow_abbrev=False,
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True, dest="command")
    _add_build(commands.add_parser("build", help="write the personas of a file", allow_abbrev=False))
    _add_segment(commands.add_parser("segment", help="write every customer's segment", allow_abbrev=False))
    _add_inspect(commands.add_parser("inspect", help="say what is in files, without using them", allow_abbrev=False))
    _add_score(commands.add_parser("score", help="put a file's customers into saved segments", allow_abbrev=False))
    return top


def _add_inspect(inspect: argparse.ArgumentParser) -> None:
    inspect.description = (
        "Print one line of JSON for each file: its tables and how they were read, or why it was refused."
    )
    inspect.add_argument(
        "files", nargs="+", metavar="FILE", help="CSV, Excel, ODS, Parquet, JSON, or packed as zip or gzip"
    )


def _add_build(build: argparse.ArgumentParser) -> None:
    build.description = (
        "Write the personas (personas.pdf, personas.json), who is in which (customers.csv), the model for score "
        "(model.json) and the questions (questions.json, questions.xlsx) into a folder, and print a summary as JSON."
    )
    build.add_argument(
        "input",
        nargs="+",
        metavar="INPUT",
        help="a file with one row a customer, several files that share a customer's number (customers, orders, survey, "
        "feedback), or one of the words grocer and sample",
    )
    build.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder to write to; made if missing")
    _add_k(build, 2, "the suggested number without it")


def _add_segment(segment: argparse.ArgumentParser) -> None:
    segment.description = (
        "Write the key, segment and certainty of every customer as CSV, and print as JSON what was found and how far "
        "it can be trusted."
    )
    segment.add_argument("file", metavar="FILE", help="a CSV or Excel file with one row a customer")
    segment.add_argument("--out", required=True, type=Path, metavar="FILE", help="the CSV file to write")
    _add_k(segment, 1, "the suggested number without it")
    segment.add_argument("--model", type=Path, metavar="FILE", help="the JSON file to write for the command score")
    segment.add_argument(
        "--seed", type=_seed, default=0, metavar="S", help="where the search starts: same seed, same segments (0)"
    )
    segment.add_argument(
        "--leave-out",
        type=_names,
        action="extend",
        default=[],
        metavar="COL,COL",
        help="columns that shall not form segments",
    )


def _add_score(score: argparse.ArgumentParser) -> None:
    score.description = (
        "Put every customer of a file into the segments of a saved model, write key, segment and certainty as CSV, and "
        "print a summary as JSON."
    )
    score.add_argument(
        "model", metavar="MODEL", help="what segment --model wrote, or the questions (JSON) of the page Questions"
    )
    score.add_argument("file", metavar="FILE", help="a CSV or Excel file with one row a customer")
    score.add_argument("--out", required=True, type=Path, metavar="FILE", help="the CSV file to write")
    _add_k(score, 1, "the number that the model was made for without it; questions know only that")


def _add_k(command: argparse.ArgumentParser, fewest: int, without: str) -> None:
    def number(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,2}", text) or not fewest <= int(text) <= MOST_SEGMENTS:
            raise argparse.ArgumentTypeError(
                f"--k must be a whole number from {fewest} to {MOST_SEGMENTS}, not {text!r}"
            )
        return int(text)

    words = f"how many segments, {fewest} to {MOST_SEGMENTS}; {without}"
    command.add_argument("--k", type=number, metavar="K", help=words)


def _seed(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise argparse.ArgumentTypeError(f"--seed must be a whole number from 0 to 999999999, not {text!r}")
    return int(text)


def _names(text: str) -> list[str]:
    """Column names between commas; one with a comma inside stands in quotes."""
    return [name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip()]
