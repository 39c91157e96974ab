"""What is offered when a parcel goes wrong? The owner's matrix: situation, channel, money, customer.

Rows are asked from the top; the first that fits says what is offered, best first. Amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final


class Situation(StrEnum):
    """What is wrong with a parcel."""

    LATE = "late"
    STUCK = "stuck"
    LOST = "lost"
    DAMAGED = "damaged"
    RETURNED = "returned"
    MISSING = "missing"


class OfferKind(StrEnum):
    """A way to make a parcel good."""

    WAIT = "wait"
    RESHIP = "reship"
    REFUND = "refund"
    PARTIAL = "partial"


SITUATIONS: Final[Mapping[Situation, str]] = {
    Situation.LATE: "late",
    Situation.STUCK: "not moving",
    Situation.LOST: "lost",
    Situation.DAMAGED: "damaged",
    Situation.RETURNED: "came back",
    Situation.MISSING: "delivered, and not received",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """One entry of a row: a kind, for how many days to wait, how much in a hundred to give back."""

    kind: OfferKind
    days: int = 0
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """For which parcels a row is, and what it offers. Empty sets mean any; 0 means no limit."""

    offers: tuple[Meant, ...]
    situations: frozenset[Situation] = frozenset()
    channels: frozenset[str] = frozenset()
    value_from: int = 0
    value_below: int = 0
    customer_from: int = 0
    name: str = ""

    def fits(self, parcel: Parcel) -> bool:
        """Return whether this row is about the parcel."""
        return (
            (not self.situations or parcel.situation in self.situations)
            and (not self.channels or parcel.channel in self.channels)
            and parcel.value >= self.value_from
            and (not self.value_below or parcel.value < self.value_below)
            and parcel.customer >= self.customer_from
        )


@dataclass(frozen=True, slots=True)
class Parcel:
    """What an offer is weighed by. ``value`` is what the customer paid for what is in the parcel,
    ``customer`` what they have spent with the brand in all. ``goods_cost`` is unknown where a SKU has no
    cost; ``missing`` says what keeps it from being sent again."""

    situation: Situation
    channel: str
    value: int
    customer: int
    goods_cost: int | None
    postage: int | None
    missing: str = ""
    given_back: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """One way out, costed. ``why_not`` says what speaks against it; then it cannot be taken."""

    kind: OfferKind
    goods_cost: int = 0
    postage_cost: int = 0
    refund: int = 0
    wait_until: datetime | None = None
    why_not: str = ""
    is_cost_known: bool = True

    @property
    def cost(self) -> int:
        """What it costs the brand in all."""
        return self.goods_cost + self.postage_cost + self.refund


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows in force, and their version."""

    rows: tuple[Row, ...]
    version: int = 0

    def row_for(self, parcel: Parcel) -> Row | None:
        """Return the first row that fits."""
        return next((row for row in self.rows if row.fits(parcel)), None)


def offers(matrix: Matrix, parcel: Parcel, now: datetime) -> tuple[Offer, ...]:
    """Return what may be offered, best first; what cannot be done stands last, with why."""
    row = matrix.row_for(parcel)
    made = [_offer(meant, parcel, now) for meant in (row.offers if row else _USUAL)]
    return tuple(sorted(made, key=lambda each: bool(each.why_not)))


def _offer(meant: Meant, parcel: Parcel, now: datetime) -> Offer:
    left = parcel.value - parcel.given_back
    if meant.kind is OfferKind.WAIT:
        return Offer(meant.kind, wait_until=now + timedelta(days=meant.days))
    if meant.kind is OfferKind.RESHIP:
        return Offer(
            meant.kind, parcel.goods_cost or 0, parcel.postage or 0, why_not=parcel.missing,
            is_cost_known=parcel.goods_cost is not None and parcel.postage is not None,
        )  # fmt: skip
    amount = (
        left if meant.kind is OfferKind.REFUND else min(left, parcel.value * meant.percent // 100)
    )
    return Offer(meant.kind, refund=max(0, amount),
                 why_not="" if amount > 0 else "everything was given back already")  # fmt: skip


_USUAL: Final = (Meant(OfferKind.WAIT, days=3), Meant(OfferKind.RESHIP), Meant(OfferKind.REFUND))


def read_matrix(version: int, body: Sequence[Mapping[str, Any]]) -> Matrix:
    """Return the matrix from its stored form.

    Raises:
        KeyError, TypeError, ValueError: it says something that cannot be understood.
    """
    return Matrix(tuple(read_row(each) for each in body), version)


def as_said(row: Row) -> dict[str, Any]:
    """Return a row in its stored form; what it leaves open is left out."""
    said: dict[str, Any] = {"name": row.name} if row.name else {}
    said |= {name: sorted(map(str, each)) for name, each in
             (("situations", row.situations), ("channels", row.channels)) if each}  # fmt: skip
    said |= {name: getattr(row, name) for name in _AMOUNTS if getattr(row, name)}
    return {**said, "offers": [
        {"kind": str(each.kind), **{name: getattr(each, name) for name in ("days", "percent") if getattr(each, name)}}
        for each in row.offers
    ]}  # fmt: skip


_AMOUNTS: Final = ("value_from", "value_below", "customer_from")


def read_row(body: Mapping[str, Any]) -> Row:
    """Return a row from its stored form.

    Raises:
        KeyError, TypeError, ValueError: it says something that cannot be understood.
    """
    offered = tuple(
        Meant(OfferKind(each["kind"]), int(each.get("days", 0)), int(each.get("percent", 0)))
        for each in body["offers"]
    )
    if not 1 <= len(offered) <= 3:
        raise ValueError("a row offers one to three ways out")
    if any(each.kind is OfferKind.PARTIAL and not 0 < each.percent < 100 for each in offered):
        raise ValueError("a part is more than 0 and less than 100 percent")
    return Row(
        offered,
        frozenset(map(Situation, body.get("situations", ()))),
        frozenset(map(str, body.get("channels", ()))),
        int(body.get("value_from", 0)),
        int(body.get("value_below", 0)),
        int(body.get("customer_from", 0)),
        str(body.get("name", "")),
    )


_WAIT_2, _WAIT_3 = {"kind": "wait", "days": 2}, {"kind": "wait", "days": 3}
_RESHIP, _REFUND = {"kind": "reship"}, {"kind": "refund"}
# What a new desk offers until its owner says otherwise: a good customer is not kept waiting, a small
# parcel is not worth a second one.
DEFAULT_MATRIX: Final[list[dict[str, Any]]] = [
    {"name": "Late, good customer", "situations": ["late"], "customer_from": 20_000,
     "offers": [_WAIT_2, {"kind": "partial", "percent": 15}, _RESHIP]},
    {"name": "Late", "situations": ["late"],
     "offers": [_WAIT_3, {"kind": "partial", "percent": 10}, _REFUND]},
    {"name": "Not moving, good customer", "situations": ["stuck"], "customer_from": 20_000,
     "offers": [_RESHIP, _REFUND, _WAIT_2]},
    {"name": "Not moving", "situations": ["stuck"], "offers": [_RESHIP, _WAIT_3, _REFUND]},
    {"name": "Lost, small", "situations": ["lost"], "value_below": 1_200,
     "offers": [_REFUND, _RESHIP]},
    {"name": "Lost", "situations": ["lost"], "offers": [_RESHIP, _REFUND]},
    {"name": "Damaged, small", "situations": ["damaged"], "value_below": 1_500,
     "offers": [_REFUND, _RESHIP, {"kind": "partial", "percent": 50}]},
    {"name": "Damaged", "situations": ["damaged"],
     "offers": [_RESHIP, {"kind": "partial", "percent": 50}, _REFUND]},
    {"name": "Delivered, not received", "situations": ["missing"], "offers": [_WAIT_2, _RESHIP, _REFUND]},
    {"name": "Came back", "situations": ["returned"], "offers": [_RESHIP, _REFUND]},
]  # fmt: skip
