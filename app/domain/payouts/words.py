"""What is wrong with what was paid, as a sentence with money?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from app.domain.explaining import PLAIN
from app.domain.payouts.judging import Trouble

_money: Final = PLAIN.money


class Differs(Protocol):
    """What was found: amounts in minor units of ``currency``, ``label`` a fee in the channel's words."""

    @property
    def trouble(self) -> str:
        """What is wrong, as :class:`Trouble` names it."""

    @property
    def label(self) -> str:
        """The fee that it is about, or nothing."""

    @property
    def expected(self) -> int:
        """What was to be expected."""

    @property
    def actual(self) -> int:
        """What was booked."""

    @property
    def currency(self) -> str:
        """The currency of both."""


def finding_words(found: Differs, money: Callable[[int, str], str] = _money) -> str:
    """Say what differs: what was booked, and what was to be expected."""
    expected = money(abs(found.expected), found.currency)
    actual = money(abs(found.actual), found.currency)
    too_much = money(abs(found.actual - found.expected), found.currency)
    said = {
        Trouble.DIFFERENT: f"{actual} was booked for the sale, {expected} was expected.",
        Trouble.FEE: f"{found.label} is {actual}, and {expected} by all the other fees of its kind.",
        Trouble.DOUBLE_FEE: f"{found.label} was taken more than once, {too_much} too much.",
        Trouble.UNPAID: f"it has shipped, and no payout pays for it; {expected} was expected.",
        Trouble.PAYOUT: f"its lines add up to {expected}, and {actual} was paid out.",
    }
    return said[Trouble(found.trouble)]
