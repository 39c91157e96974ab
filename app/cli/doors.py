"""What does the command line need that it may not know: files, windows, the opened desk?

``app.main`` builds this once. So the commands stay free of the file readers, the window and the
database, and a command that needs none of them starts without loading them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from app.domain.roles import Actor
from app.errors import StoreError
from app.services.desk import Desk


def _nobody_there(_error: StoreError, _address: str, _operator: str) -> str:
    """Answer for a person who is not there: leave it."""
    return ""


OpenDesk = Callable[[str | None, str], AbstractContextManager[Desk]]


@dataclass(frozen=True, slots=True)
class WindowWish:
    """How the window is to be opened."""

    demo: bool
    screenshots: Path | None
    theme: str
    files: tuple[Path, ...] = ()
    practises: bool = False


@dataclass(frozen=True, slots=True)
class Doors:
    """What ``app.main`` hands to the commands.

    ``desk`` opens the store at a database address (``None``: the usual one) for an operator (empty:
    the owner), and closes it at the end. ``actor`` is
    who acts on a store that may be damaged, for a restore. ``window`` shows the desk until it is closed, and returns the exit status. ``address`` is the
    database that is meant when none is named. ``recover`` shows a person why a database cannot be
    opened, and returns the address to open instead; nothing, to leave it.
    """

    desk: OpenDesk
    actor: Callable[[str, str], Actor]
    window: Callable[[Desk, WindowWish], int]
    address: Callable[[], str]
    recover: Callable[[StoreError, str, str], str] = _nobody_there
