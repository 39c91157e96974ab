"""How can handing a message over end, whichever way it goes?"""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import DeskError


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Whether it was handed over at all, and what it is known by there."""

    is_done: bool
    reference: str = ""


class NotTakenError(DeskError):
    """It was not taken, and nothing was delivered: it may be tried again."""

    def __init__(self, title: str, advice: str = "The desk tries again by itself.") -> None:
        super().__init__(title, advice)


class RefusedByServerError(DeskError):
    """It will not be taken like this: somebody has to look."""

    def __init__(self, title: str, advice: str = "Look at the buyer's address.") -> None:
        super().__init__(title, advice)


class UnclearError(DeskError):
    """Nobody knows whether it was taken: it is not sent again by itself."""

    def __init__(self, title: str, advice: str = "Ask the buyer, or drop the message.") -> None:
        super().__init__(title, advice)
