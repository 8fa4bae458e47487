"""What the commands read and write: customers in, whole files out, progress to the person who watches."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from persona_core.errors import StorageFailed, UnreadableFile, WrongArgument

if TYPE_CHECKING:
    import pandas as pd

    from persona_core.customers import Customers

Progress = Callable[[str, float], None]
GROCER, SAMPLE = "grocer", "sample"
_CLEAR_LINE = "\r\x1b[K"


@dataclass(frozen=True)
class Source:
    """Customers and what is said of them: `project` names the result, `data` the file, `origin` where it is from."""

    project: str
    data: str
    customers: Customers
    origin: str
    notes: tuple[str, ...] = ()


def open_source(names: Sequence[str], tell: Progress) -> Source:
    """The customers of one file, of several that are connected, or of a project that comes with the program.

    Raises UnreadableFile, NotATable, UnknownKey, WrongArgument.
    """
    tell("Reading the customers", 0.0)
    if len(names) > 1:
        return _files(names, tell)
    if names[0] == GROCER:
        return _grocer()
    if names[0] == SAMPLE:
        return _sample()
    return _file(names[0])


def _grocer() -> Source:
    from persona_core import samples

    return Source("Grocer", "The Complete Journey", samples.grocer(), samples.GROCER_ORIGIN)


def _sample() -> Source:
    from persona_core import samples

    return Source("Outdoor shop", "data/sample", samples.small_company(), samples.SMALL_COMPANY_ORIGIN)


def _file(name: str) -> Source:
    check_file(name)
    from persona_core import tables
    from persona_core.columns import humanise
    from persona_core.customers import from_table

    found, *others = tables.read(name)
    shown = Path(name).name
    project = humanise(Path(shown.removesuffix(".gz")).stem)
    more = f"{shown} holds {len(others) + 1} tables; only the first, {found.name}, was used."
    return Source(project, shown, from_table(found), f"The file {shown}.", (more,) if others else ())


def _files(names: Sequence[str], tell: Progress) -> Source:
    """Several files, connected as they are guessed to belong together; every doubt is a note."""
    for name in names:
        if name in (GROCER, SAMPLE):
            raise WrongArgument(f"{name} is a whole project; it cannot be connected with files. Name it alone.")
        check_file(name)
    from persona_core import customers, tables
    from persona_core.columns import humanise

    frames: dict[str, pd.DataFrame] = {}
    notes = []
    for number, name in enumerate(names):
        tell(f"Reading {Path(name).name}", 0.1 * number / len(names))
        found, *others = tables.read(name)
        frames[found.name] = found.frame
        if others:
            notes.append(f"{Path(name).name} holds {len(others) + 1} tables; only the first, {found.name}, was used.")
    if len(frames) < len(names):
        raise WrongArgument("Two of the files have the same name. Rename one of them, so that results can say which.")
    links = customers.guess_links(frames)
    together = [customers.Linked(name, frame, links[name]) for name, frame in frames.items()]
    notes += [f"{one.name} was read as {one.link.kind}." for one in together]
    notes += [f"{offer.sentence} They were not." for offer in customers.key_offers(together)]
    shown = [Path(name).name for name in names]
    project = humanise(Path(shown[0].removesuffix(".gz")).stem)
    origin = f"The files {', '.join(shown)}."
    return Source(project, ", ".join(shown), customers.join(together), origin, tuple(notes))


def check_file(name: str) -> None:
    """Raises UnreadableFile, with what may have been meant, where there is no such file."""
    if not name.isprintable():  # such a name can stand in no document
        raise UnreadableFile(f"The name {name!a} holds letters that cannot be shown. Rename the file.")
    if os.path.isdir(name):
        raise UnreadableFile(f"{name} is a folder. Name the file in it that holds the customers.")
    if os.path.exists(name):
        return
    folder = os.path.dirname(name) or "."
    beside = os.listdir(folder) if os.path.isdir(folder) and os.access(folder, os.R_OK) else []
    near = difflib.get_close_matches(os.path.basename(name), [*beside, GROCER, SAMPLE], n=1)
    hint = f"Did you mean {near[0]}?" if near else "Check the name and the folder."
    raise UnreadableFile(f"There is no file {name}. {hint}")


def target_in_folder(wanted: Path, sources: Sequence[str], option: str = "--out") -> Path:
    """The file to write into a folder that is there, checked before anything is computed."""
    target = target_of(wanted, sources, option)
    if not target.parent.is_dir():
        raise WrongArgument(f"The folder {target.parent} is not there. Make it first, or choose another {option}.")
    return target


def target_of(wanted: Path, sources: Sequence[str], option: str = "--out") -> Path:
    """The file to write, checked before anything is computed."""
    target = wanted.resolve()
    read = [source for source in sources if os.path.exists(source)]
    if os.path.exists(target) and any(os.path.samefile(target, source) for source in read):
        raise WrongArgument(f"{wanted} is the file to read, which would be lost. Choose another place for {option}.")
    if os.path.exists(target) and not os.path.isfile(target):
        kind = "a folder" if os.path.isdir(target) else "no file that can be replaced"
        raise WrongArgument(f"{wanted} is {kind}. Choose another place for {option}.")
    there = next(folder for folder in target.parents if os.path.exists(folder))
    if not os.path.isdir(there):
        raise WrongArgument(f"{there} is a file, not a folder. Choose another place for {option}.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise StorageFailed(f"The folder {there} may not be written to. Choose another place for {option}.")
    return target


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Put every file under its name when all of them are on the disk, so that none is ever seen half-written."""
    parts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.with_name(f".{uuid4().hex}.part").open("xb") as file:
                parts[path] = Path(file.name)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        reason = (error.strerror or "the disk refused it").lower()
        raise StorageFailed(
            f"The result could not be written to {next(iter(contents)).parent} ({reason}). "
            "Make room there or choose another place for --out."
        ) from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


@contextmanager
def telling() -> Iterator[Progress]:
    """Names the step on standard error where a person watches."""
    watched = sys.stderr.isatty()

    def tell(step: str, share: float) -> None:
        if watched:
            print(f"{_CLEAR_LINE}{share:4.0%}  {step}", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        if watched:
            print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)
