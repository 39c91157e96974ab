"""Which failures can a person act on? Those carry a title and advice; anything else is a bug."""

from __future__ import annotations

import re
import sys
import traceback
from typing import Final

# What a bug says of the values at hand: quoted, or longer than the numbers of places and kinds.
_VALUES: Final = re.compile(
    r"""(?P<mark>["'`“]).*(?:["'`”])|[^\s]*[@/=][^\s]*|\d{3,}|[^\x00-\x7f]+""", re.DOTALL
)
_MOST: Final = 300


def details_of(bug: BaseException | None = None) -> str:
    """Return where a bug was met and of which kind it is, to be copied and sent to strangers.

    What it says of the values at hand is left out: it may be a buyer's name, or a key.
    """
    bug = sys.exception() if bug is None else bug
    if bug is None:
        return ""
    parts: list[str] = []
    seen: BaseException | None = bug
    while seen is not None:
        frames = "".join(traceback.format_list(traceback.extract_tb(seen.__traceback__)))
        parts.append(f"{frames}{type(seen).__name__}: {_without_values(str(seen))}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n\nwhich came of this:\n\n".join(["Traceback:\n" + parts[0], *parts[1:]]) + "\n"


def _without_values(said: str) -> str:
    return _VALUES.sub("…", said)[:_MOST]


class DeskError(Exception):
    """A failure that a person can act on.

    ``title`` says what happened and what was *not* done; ``advice`` says what to do next.
    """

    def __init__(self, title: str, advice: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()


class RefusedError(DeskError):
    """The request cannot be carried out as asked; nothing was changed."""


class NotAllowedError(RefusedError):
    """The operator's role does not permit the action; nothing was changed."""


class NotFoundError(RefusedError):
    """What was asked for does not exist here; nothing was changed."""


class OutOfStockError(RefusedError):
    """The units asked for are not free any more; nothing was changed."""


class LeftForLaterError(DeskError):
    """The program ends before the work does; what was begun is finished at the next start."""


class StoreError(DeskError):
    """The database cannot be opened, is newer than this program, or is damaged."""


class DamagedError(DeskError):
    """What decides here was changed behind the program's back, and cannot be read any more."""


class NoOwnerError(StoreError):
    """Nobody owns the desk any more, so nobody can be taken to act when no one is named."""
