"""What is the customer owed for a unit, and how much of it has been given? Custody is another question.

Amounts are whole minor units of the return's currency; what is owed never exceeds what was paid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from app.domain.returning.custody import Custody
from app.errors import RefusedError


class Owed(StrEnum):
    """How far the money for a unit is."""

    NONE = "none"
    PROMISED = "promised"
    PARTLY = "partly_refunded"
    REFUNDED = "refunded"
    DENIED = "denied"


class Settling(StrEnum):
    """What may happen to the money for a unit."""

    PROMISE = "promise"
    PAY = "pay"
    WITHDRAW = "withdraw"
    DENY = "deny"
    RECONSIDER = "reconsider"
    TAKE_BACK = "take_back"


class Earliest(StrEnum):
    """How far a unit must have come before money is promised for it."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    INSPECTED = "inspected"


@dataclass(frozen=True, slots=True)
class Account:
    """The money for one unit: what the customer paid, what is promised and not given yet, what was
    given."""

    worth: int
    promised: int = 0
    refunded: int = 0
    is_denied: bool = False

    @property
    def left(self) -> int:
        """What could still be promised."""
        return self.worth - self.promised - self.refunded

    @property
    def state(self) -> Owed:
        """How far the money is."""
        if self.is_denied:
            return Owed.DENIED
        if self.promised:
            return Owed.PROMISED
        if not self.refunded:
            return Owed.NONE
        return Owed.REFUNDED if self.refunded >= self.worth else Owed.PARTLY


STEPS: Final[Mapping[Settling, frozenset[Owed]]] = {
    Settling.PROMISE: frozenset({Owed.NONE, Owed.PARTLY}),
    Settling.PAY: frozenset({Owed.PROMISED}),
    Settling.WITHDRAW: frozenset({Owed.PROMISED}),
    Settling.DENY: frozenset({Owed.NONE, Owed.PARTLY}),
    Settling.RECONSIDER: frozenset({Owed.DENIED}),
    Settling.TAKE_BACK: frozenset({Owed.PARTLY, Owed.REFUNDED}),
}


def settle(account: Account, settling: Settling, amount: int = 0) -> Account:
    """Return the account after a step; ``amount`` is what is promised, or taken back of what was paid.

    Raises:
        RefusedError: that cannot happen to it, or more than was paid would be given.
    """
    if account.state not in STEPS[settling]:
        raise RefusedError(
            f"Money that is {words(account.state)} cannot be {_DONE[settling]}; nothing was changed.",
            "Look at the steps of the return.",
        )
    return _SETTLED[settling](account, amount)


def _promise(account: Account, amount: int) -> Account:
    if not 0 < amount <= account.left:
        raise RefusedError(
            "No more can be given back for a unit than was paid for it; nothing was changed.",
            "Choose a smaller amount.",
        )
    return replace(account, promised=amount)


def _take_back(account: Account, amount: int) -> Account:
    if not 0 < amount <= account.refunded:
        raise RefusedError("That much was not refunded; nothing was changed.",
                           "Look at the steps of the return.")  # fmt: skip
    return replace(account, promised=amount, refunded=account.refunded - amount)


_SETTLED: Final[Mapping[Settling, Callable[[Account, int], Account]]] = {
    Settling.PROMISE: _promise,
    Settling.PAY: lambda a, _: replace(a, promised=0, refunded=a.refunded + a.promised),
    Settling.WITHDRAW: lambda a, _: replace(a, promised=0),
    Settling.DENY: lambda a, _: replace(a, is_denied=True),
    Settling.RECONSIDER: lambda a, _: replace(a, is_denied=False),
    Settling.TAKE_BACK: _take_back,
}
_DONE: Final[Mapping[Settling, str]] = {
    Settling.PROMISE: "promised",
    Settling.PAY: "refunded",
    Settling.WITHDRAW: "withdrawn",
    Settling.DENY: "denied",
    Settling.RECONSIDER: "considered again",
    Settling.TAKE_BACK: "taken back",
}


def words(state: Owed) -> str:
    """Return a state for a person."""
    return _WORDS[state]


_WORDS: Final[Mapping[Owed, str]] = {
    Owed.NONE: "not promised",
    Owed.PROMISED: "promised",
    Owed.PARTLY: "partly refunded",
    Owed.REFUNDED: "refunded",
    Owed.DENIED: "denied",
}

_FAR_ENOUGH: Final[Mapping[Earliest, frozenset[Custody]]] = {
    Earliest.ANNOUNCED: frozenset(Custody),
    Earliest.RECEIVED: frozenset({Custody.RECEIVED, Custody.GRADED, Custody.DISPOSED}),
    Earliest.INSPECTED: frozenset({Custody.GRADED, Custody.DISPOSED}),
}


def may_promise(earliest: Earliest, custody: Custody) -> bool:
    """Return whether a unit has come far enough for money to be promised."""
    return custody in _FAR_ENOUGH[earliest]


def shared(amount: int, worths: list[int]) -> list[int]:
    """Return an amount shared out over units by what each cost; it adds up to the minor unit.

    Raises:
        RefusedError: it is more than they cost together.
    """
    total = sum(worths)
    if not 0 < amount <= total:
        raise RefusedError(
            "No more can be given back than was paid, and nothing is no refund; nothing was changed.",
            "Choose an amount between the two.",
        )
    shares: list[int] = []
    before = 0
    for worth in worths:
        given = amount * (before + worth) // total - amount * before // total
        shares.append(given)
        before += worth
    return shares


def nth_share(amount: int, parts: int, at: int) -> int:
    """Return what one of several equal units cost; all of them add up to the amount."""
    return amount * (at + 1) // parts - amount * at // parts
