"""Which failures can a person act on? Those carry a title and advice; anything else is a bug."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator
from typing import Final

# What a bug says of the values at hand: quoted, or longer than the numbers of places and kinds.
_QUOTED: Final = re.compile(r"""["'`“].*["'`”]""", re.DOTALL)
_LONG: Final = re.compile(r"\d{3,}|[^\x00-\x7f]+")
_IN_ADDRESSES: Final = frozenset("@/=")
_READ, _MOST = 2_000, 300


def details_of(bug: BaseException | None = None) -> str:
    """Return where a bug was met and of which kind it is, to be copied and sent to strangers.

    What it says of the values at hand is left out: it may be a buyer's name, or a key.
    """
    bug = sys.exception() if bug is None else bug
    if bug is None:
        return ""
    parts: list[str] = []
    for each in _chain(bug):
        frames = "".join(traceback.format_list(traceback.extract_tb(each.__traceback__)))
        parts.append(f"{frames}{type(each).__name__}: {_without_values(str(each))}")
    return "\n\nwhich came of this:\n\n".join(["Traceback:\n" + parts[0], *parts[1:]]) + "\n"


def _chain(bug: BaseException) -> Iterator[BaseException]:
    """Return a bug and what it came of, each once: the database's errors name each other in a circle."""
    met: set[int] = set()
    each: BaseException | None = bug
    while each is not None and id(each) not in met:
        met.add(id(each))
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _without_values(said: str) -> str:
    """Leave values out; of a very long text (a statement with all its values) only the beginning is read.

    Where that was cut a value may be open: it is closed there.
    """
    read = said if len(said) <= _READ else f'{said[:_READ]}"'
    words = re.split(r"(\s+)", _QUOTED.sub("…", read))
    return "".join("…" if _IN_ADDRESSES & set(each) else _LONG.sub("…", each) for each in words)[
        :_MOST
    ]


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


class UnprovenError(RefusedError):
    """Nothing speaks for it yet; whoever may do it can do it anyway, with a reason. Nothing was changed."""


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
