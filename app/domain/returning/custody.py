"""Where is a unit on its way back, and what became of it? Its money is another question (``owed``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.inventory import Bucket, Cause
from app.errors import RefusedError


class Custody(StrEnum):
    """Who has the unit, and whether somebody has looked at it."""

    AUTHORISED = "authorised"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    GRADED = "graded"
    DISPOSED = "disposed"
    NOT_RETURNED = "not_returned"


class Handling(StrEnum):
    """What may happen to a unit on its way back."""

    SEND = "send"
    RECEIVE = "receive"
    GRADE = "grade"
    DISPOSE = "dispose"
    GIVE_UP = "give_up"
    TAKE_BACK = "take_back"


class Grade(StrEnum):
    """What somebody saw who looked at it."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Disposition(StrEnum):
    """What becomes of a unit that was looked at."""

    RESTOCK = "restock"
    QUARANTINE = "quarantine"
    DAMAGED = "damaged"
    WRITE_OFF = "write_off"
    SUPPLIER = "supplier"


GRADES: Final[Mapping[Grade, str]] = {
    Grade.A: "as new",
    Grade.B: "opened, good",
    Grade.C: "used or worn",
    Grade.D: "broken",
}
# In our hands: stock of ours, though not for sale before it was looked at.
HERE: Final = frozenset({Custody.RECEIVED, Custody.GRADED})
AWAITED: Final = frozenset({Custody.AUTHORISED, Custody.IN_TRANSIT})

STEPS: Final[Mapping[tuple[Custody, Handling], Custody]] = {
    (Custody.AUTHORISED, Handling.SEND): Custody.IN_TRANSIT,
    (Custody.AUTHORISED, Handling.RECEIVE): Custody.RECEIVED,
    (Custody.IN_TRANSIT, Handling.RECEIVE): Custody.RECEIVED,
    (Custody.NOT_RETURNED, Handling.RECEIVE): Custody.RECEIVED,
    (Custody.AUTHORISED, Handling.GIVE_UP): Custody.NOT_RETURNED,
    (Custody.IN_TRANSIT, Handling.GIVE_UP): Custody.NOT_RETURNED,
    (Custody.RECEIVED, Handling.GRADE): Custody.GRADED,
    (Custody.GRADED, Handling.GRADE): Custody.GRADED,
    (Custody.GRADED, Handling.DISPOSE): Custody.DISPOSED,
}


def step(custody: Custody, handling: Handling) -> Custody:
    """Return where the unit is then.

    Raises:
        RefusedError: that cannot happen to a unit there; nothing goes on sale that nobody looked at.
    """
    try:
        return STEPS[custody, handling]
    except KeyError:
        raise RefusedError(
            f"A unit that is {words(custody)} cannot be {_DONE[handling]}; nothing was changed.",
            _ADVICE.get(custody, "Look at the steps of the return."),
        ) from None


_DONE: Final[Mapping[Handling, str]] = {
    Handling.SEND: "on its way",
    Handling.RECEIVE: "received",
    Handling.GRADE: "inspected",
    Handling.DISPOSE: "put away",
    Handling.GIVE_UP: "given up",
    Handling.TAKE_BACK: "taken back",
}
_ADVICE: Final[Mapping[Custody, str]] = {
    Custody.AUTHORISED: "Receive it first, when it has arrived.",
    Custody.IN_TRANSIT: "Receive it first, when it has arrived.",
    Custody.RECEIVED: "Look at it and grade it first.",
}


def words(custody: Custody) -> str:
    """Return a state for a person."""
    return _WORDS[custody]


_WORDS: Final[Mapping[Custody, str]] = {
    Custody.AUTHORISED: "announced",
    Custody.IN_TRANSIT: "on its way back",
    Custody.RECEIVED: "received and not looked at",
    Custody.GRADED: "inspected",
    Custody.DISPOSED: "put away",
    Custody.NOT_RETURNED: "not coming",
}


@dataclass(frozen=True, slots=True)
class Shift:
    """What a step does to the stock of the unit's location, for one unit."""

    bucket: Bucket
    units: int
    cause: Cause


IN: Final = (
    Shift(Bucket.ON_HAND, 1, Cause.RETURN),
    Shift(Bucket.RETURNS_HOLD, 1, Cause.RETURN),
)
_GONE: Final = (
    Shift(Bucket.RETURNS_HOLD, -1, Cause.WRITE_OFF),
    Shift(Bucket.ON_HAND, -1, Cause.WRITE_OFF),
)
AWAY: Final[Mapping[Disposition, tuple[Shift, ...]]] = {
    Disposition.RESTOCK: (Shift(Bucket.RETURNS_HOLD, -1, Cause.PUT_BACK),),
    Disposition.QUARANTINE: (
        Shift(Bucket.RETURNS_HOLD, -1, Cause.SET_ASIDE),
        Shift(Bucket.QUARANTINE, 1, Cause.SET_ASIDE),
    ),
    Disposition.DAMAGED: (
        Shift(Bucket.RETURNS_HOLD, -1, Cause.SET_ASIDE),
        Shift(Bucket.DAMAGED, 1, Cause.SET_ASIDE),
    ),
    Disposition.WRITE_OFF: _GONE,
    Disposition.SUPPLIER: _GONE,
}


def opposite(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
    """Return what takes a step back: the same buckets, the other way."""
    return tuple(Shift(each.bucket, -each.units, each.cause) for each in shifts)
