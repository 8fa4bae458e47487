"""Which change an undo or a redo is about, read from the history alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

CREATION = 1  # the revision that made the project; taking it back would leave a project without data


@dataclass(frozen=True)
class Step:
    """One line of the history, without its texts."""

    revision: int
    who: str
    undoes: int | None = None
    redoes: int | None = None


@dataclass
class Stacks:
    """Edits that stand (`done`: revision to author) and edits taken back (`undone`: to author and who did it)."""

    done: dict[int, str] = field(default_factory=dict)
    undone: dict[int, tuple[str, str]] = field(default_factory=dict)

    def add(self, step: Step) -> None:
        """Follow the history by one step; an edit ends what its author could redo."""
        if step.undoes is not None:
            self.undone[step.undoes] = (self.done.pop(step.undoes), step.who)
        elif step.redoes is not None:
            self.done[step.redoes] = self.undone.pop(step.redoes)[0]
        else:
            self.done[step.revision] = step.who
            self.undone = {revision: by for revision, by in self.undone.items() if by[1] != step.who}


def to_undo(steps: Iterable[Step], who: str) -> int | None:
    """The revision of the latest edit by `who` that still stands, given the steps oldest first.

    >>> to_undo([Step(1, "Ada"), Step(2, "Ada"), Step(3, "Ada"), Step(4, "Bo"), Step(5, "Ada", undoes=3)], "Ada")
    2
    """
    own = [revision for revision, author in _followed(steps).done.items() if author == who and revision != CREATION]
    return own[-1] if own else None


def to_redo(steps: Iterable[Step], who: str) -> int | None:
    """The revision of the edit that `who` took back last and has not edited past since.

    >>> to_redo([Step(1, "Ada"), Step(2, "Ada"), Step(3, "Ada", undoes=2)], "Ada")
    2
    """
    own = [revision for revision, (_, by) in _followed(steps).undone.items() if by == who]
    return own[-1] if own else None


def stands(steps: Iterable[Step], revision: int) -> bool:
    """Whether the edit of that revision has been made and not taken back."""
    return revision != CREATION and revision in _followed(steps).done


def _followed(steps: Iterable[Step]) -> Stacks:
    stacks = Stacks()
    for step in steps:
        stacks.add(step)
    return stacks
