"""Which failures can a person act on? Those carry a title and advice; anything else is a bug."""

from __future__ import annotations


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
