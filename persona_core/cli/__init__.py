"""The command line: the whole main job without a browser, for a script or a schedule.

What takes long to import is imported by the function that needs it, so that --help and a wrong argument answer at once.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence

from persona_core.cli.arguments import parser
from persona_core.cli.commands import COMMANDS
from persona_core.cli.inspect import inspected
from persona_core.errors import PersonaError

__all__ = ["main", "one_sentence", "parser"]

FAILED, STOPPED, NOBODY_LISTENS = 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 2 with one sentence on standard error."""
    try:
        try:
            return _run(argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_LISTENS


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(argv)
        if arguments.command == "inspect":
            return _inspect(arguments.files)
        print(json.dumps(COMMANDS[arguments.command](arguments), allow_nan=False))
    except PersonaError as error:
        print(one_sentence(str(error)), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped before the end.", file=sys.stderr)
        return STOPPED
    return 0


def _inspect(files: Sequence[str]) -> int:
    """One line of JSON a file, each as soon as it is known; FAILED where any file could not be read."""
    failed = False
    for told in inspected(files):
        if "error" in told:
            failed, told["error"] = True, one_sentence(told["error"])
        print(json.dumps(told), flush=True)
    return FAILED if failed else 0


def one_sentence(message: str) -> str:
    """A message of several sentences as one, on one line.

    >>> one_sentence("people.csv is empty. Check that the export finished.")
    'people.csv is empty; check that the export finished.'
    """
    first, *rest = re.split(r"(?<=[^.\s])[.] (?=[A-Z][\w’']* )", " ".join(message.split()))
    return "; ".join([first, *(part if re.match("[A-Z]{2}", part) else part[:1].lower() + part[1:] for part in rest)])
