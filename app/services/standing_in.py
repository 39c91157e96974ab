"""A line finds no stock: may something else be sent, may it follow later, and when?

What is asked here is asked only where something is short, so that orders that find all their goods pay
nothing for it. Units of a substitute are reserved like any others; the line keeps what was ordered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, select

from app.domain.cases import CaseKind
from app.domain.explaining import plain_day
from app.domain.inventory import StockPool
from app.domain.promising.policy import Backorders
from app.domain.reservation import Claim, Shortfall, claim
from app.domain.routing.policy import Substitute
from app.domain.routing.substitutes import approved_for
from app.models import house
from app.models.base import is_state
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.inbound import expected_receipt_lines, expected_receipts
from app.models.orders import order_lines
from app.models.sets import among
from app.services import policies, reserving
from app.services.policies import Policies


@dataclass(frozen=True, slots=True)
class Waits:
    """What a short line waits for: ``due`` is the day on which enough has come in, if that is known.

    ``follows`` says that the other lines need not wait for it; ``could`` is a substitute (its code) that
    nobody has approved for this channel.
    """

    short: Shortfall
    due: date | None = None
    follows: bool = False
    could: str = ""

    @property
    def sentence(self) -> str:
        """Say when it can leave, and what could be sent instead; nothing where neither is known."""
        said = [f"Enough comes in on {plain_day(self.due)}."] if self.due else []
        if self.could:
            said.append(
                f"{self.could} could be sent instead; nobody has approved it for this channel."
            )
        return " ".join(said)

    def as_told(self) -> dict[str, Any]:
        """Return it as a suggestion keeps it."""
        told: dict[str, Any] = {
            "line": self.short.line_id, "sku": self.short.sku_id, "needed": self.short.needed,
            "free": self.short.free, "follows": self.follows,
        }  # fmt: skip
        told |= {"due": self.due.isoformat()} if self.due else {}
        return told | (
            {"could": self.could, "reason": "substitution_not_approved"} if self.could else {}
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """What a suggestion tells beside its parcels: what is sent instead of what, and what waits."""

    substituted: tuple[tuple[int, ...], ...] = ()  # line, ordered, sent, units, given to the buyer
    waiting: tuple[dict[str, Any], ...] = ()

    @property
    def follows(self) -> bool:
        """Return whether a later parcel belongs to the order."""
        return any(each.get("follows") for each in self.waiting)

    @classmethod
    def of(
        cls, claims: Sequence[Claim], ordered: Mapping[int, int | None], waiting: Sequence[Waits],
        pool: StockPool, gives: Callable[[int, int], int],
    ) -> Beside:  # fmt: skip
        """Return what is told of these claims, given the SKU that each line ordered."""
        told = tuple(each.as_told() for each in waiting)
        sent = tuple(
            (each.line_id, sku, each.sku_id, each.quantity, each.quantity * gives(sku, each.sku_id))
            for each in claims
            if (sku := ordered.get(each.line_id)) and sku != each.sku_id and sku not in pool.kits
        )
        return cls(sent, told) if sent or told else NOTHING_BESIDE

    def as_told(self) -> dict[str, Any]:
        """Return it as a suggestion keeps it."""
        sent = (
            {"substituted": [list(each) for each in self.substituted]} if self.substituted else {}
        )
        return {**sent, **({"waiting": list(self.waiting)} if self.waiting else {})}


NOTHING_BESIDE = Beside()


@dataclass(slots=True)
class _Ahead:
    """What is due of a SKU, by day, and the units that older orders wait for."""

    due: Sequence[tuple[date, int]]
    waiting: int


class StandIns:
    """The substitutes and deliveries of one write unit, read when something is short."""

    def __init__(self, db: Connection, known: Policies, now: datetime) -> None:
        self._db, self._known, self._now = db, known, now
        self._codes: dict[str, int] | None = None
        self._incoming: dict[int, list[tuple[date, int]]] | None = None
        self._ahead: dict[int, _Ahead] = {}
        self._approved: dict[str, Mapping[str, list[Substitute]]] = {}

    def claim(
        self, channel: str, line_id: int, sku_id: int, units: int, pool: StockPool
    ) -> tuple[Claim, ...] | Shortfall:
        """Claim a line's units, or all of them of a substitute that is approved for the channel."""
        got = claim(line_id, sku_id, units, pool)
        if not isinstance(got, Shortfall) or not self._known.routing.substitutes:
            return got
        for other in self.others(channel, sku_id):
            self._know(other, pool)
            instead = claim(line_id, other, units, pool)
            if not isinstance(instead, Shortfall):
                return instead
        return got

    def waits(self, channel: str, short: Shortfall) -> Waits:
        """Return what a short line waits for; a line is asked about once, the oldest first."""
        contract = self._known.channel(channel)
        due = self._due(short)
        lines = contract.backorders is Backorders.LINES and contract.may_split
        follows = due is not None and lines and contract.most_parcels > 1
        return Waits(short, due, follows, self._unapproved(channel, short.sku_id))

    def gives(self, ordered: int, sent: int) -> int:
        """Return what the buyer is given for a unit that is substituted, minor units."""
        codes = self._sku_codes()
        return next((row.cost for row in self._known.routing.substitutes
                     if (codes.get(row.sku), codes.get(row.substitute)) == (ordered, sent)), 0)  # fmt: skip

    def is_named(self, sku_id: int) -> bool:
        """Return whether a SKU may replace another, or be replaced."""
        return sku_id in self.codes

    @cached_property
    def codes(self) -> Mapping[int, str]:
        """Return the SKUs that may replace one another, by id."""
        return {sku_id: code for code, sku_id in self._sku_codes().items()}

    def others(self, channel: str, sku_id: int) -> list[int]:
        """Return the SKUs that may be sent instead, in the owner's order."""
        if not self._known.channel(channel).may_substitute:
            return []
        codes = self._sku_codes()
        if channel not in self._approved:
            self._approved[channel] = approved_for(self._known.routing.substitutes, channel)
        return [codes[row.substitute] for code, rows in self._approved[channel].items()
                if codes.get(code) == sku_id for row in rows if row.substitute in codes]  # fmt: skip

    def _unapproved(self, channel: str, sku_id: int) -> str:
        rows = self._known.routing.substitutes
        if not rows:
            return ""
        may, codes = self._known.channel(channel).may_substitute, self._sku_codes()
        return next((row.substitute for row in rows if codes.get(row.sku) == sku_id
                     and not (may and row.approved_by and row.is_for(channel))), "")  # fmt: skip

    def _sku_codes(self) -> dict[str, int]:
        if self._codes is None:
            self._codes = _named(self._db, self._known.routing.substitutes)
        return self._codes

    def _know(self, sku_id: int, pool: StockPool) -> None:
        """Read the stock of a SKU that no line of the batch has asked about yet."""
        if sku_id in pool.claimable or sku_id in pool.at:
            return
        read = reserving.load_pool(self._db, {sku_id})
        pool.claimable.update(read.claimable)
        pool.at.update(read.at)
        pool.safety.update(read.safety)
        pool.weight_g.update(read.weight_g)

    # ---- what is on its way ---------------------------------------------------------------------

    def _due(self, short: Shortfall) -> date | None:
        """Return the day on which enough has come in for this line and those that waited before."""
        if short.sku_id not in self._expected():
            return None
        ahead = self._ahead.get(short.sku_id)
        if ahead is None:
            waiting = self._db.execute(
                _WAITING, {"sku": short.sku_id, "line": short.line_id}
            ).scalar()
            ahead = _Ahead(self._expected()[short.sku_id], int(waiting or 0))
            self._ahead[short.sku_id] = ahead
        ahead.waiting += short.needed
        there = short.free
        for day, units in ahead.due:
            there += units
            if there >= ahead.waiting:
                return day
        return None

    def _expected(self) -> dict[int, list[tuple[date, int]]]:
        if self._incoming is None:
            zone = ZoneInfo(house.time_zone(self._db))
            found: dict[int, list[tuple[date, int]]] = defaultdict(list)
            for sku_id, at, units in self._db.execute(_EXPECTED, {"now": self._now}):
                found[sku_id].append((at.astimezone(zone).date(), int(units)))
            self._incoming = dict(found)
        return self._incoming


_line, _receipt = expected_receipt_lines.c, expected_receipts.c
_EXPECTED = (
    select(_line.sku_id, _receipt.expected_at, func.sum(_line.outstanding))
    .join(expected_receipts, _receipt.id == _line.receipt_id)
    .where(
        _line.outstanding > 0,
        _receipt.state == "open",
        _receipt.expected_at > bindparam("now"),
    )
    .group_by(_line.sku_id, _receipt.expected_at)
    .order_by(_receipt.expected_at, _line.sku_id)
)
# Lines have ascending ids: those that were taken in before wait longer.
_WAITING = select(func.sum(order_lines.c.quantity * order_lines.c.pack)).where(
    is_state(order_lines.c.claim, "short", "unmapped"),
    order_lines.c.claim == "short",
    order_lines.c.sku_id == bindparam("sku"),
    order_lines.c.id < bindparam("line"),
)


def _named(db: Connection, rows: Sequence[Substitute]) -> dict[str, int]:
    """Return the SKUs that are named; regulated goods are not among them, whatever was approved before."""
    named = sorted({code for each in rows for code in (each.sku, each.substitute)})
    return dict(db.execute(_FREE_TO_SEND, {"codes": named}).all())


def replaced_by(db: Connection, sku_ids: Collection[int]) -> set[int]:
    """Return the SKUs that these may be sent instead of."""
    rows = policies.in_force(db).routing.substitutes
    if not rows:
        return set()
    codes = _named(db, rows)
    return {codes[each.sku] for each in rows
            if each.sku in codes and codes.get(each.substitute) in sku_ids}  # fmt: skip


def beside_of(
    db: Connection, rows: Sequence[Any], claims: Mapping[int, Sequence[Claim]], pool: StockPool,
    known: Policies, now: datetime,
) -> dict[int, Beside]:  # fmt: skip
    """Return what is told of stored orders: what their cases say of short lines, and what is sent instead."""
    ids, stand_ins = [row.id for row in rows], StandIns(db, known, now)
    ordered = dict(db.execute(_ORDERED, {"orders": ids}).all())
    waiting = {
        row.subject_id: row.facts.get("missing", ())
        for row in db.execute(_SHORT, {"orders": [row.id for row in rows if row.is_short]})
    }
    found = {}
    for order_id in ids:
        sent = Beside.of(claims.get(order_id, ()), ordered, (), pool, stand_ins.gives).substituted
        told = tuple(waiting.get(order_id, ()))
        if sent or told:
            found[order_id] = Beside(sent, told)
    return found


_FREE_TO_SEND = select(skus.c.code, skus.c.id).where(
    among(skus.c.code, "codes"), ~skus.c.is_hazmat, ~skus.c.is_kit,
    func.coalesce(skus.c.minimum_age, 0) == 0,
)  # fmt: skip
_ORDERED = (
    select(order_lines.c.id, order_lines.c.sku_id)
    .join(skus, skus.c.id == order_lines.c.sku_id)
    .where(among(order_lines.c.order_id, "orders"), ~skus.c.is_kit)
)
_SHORT = select(exception_cases.c.subject_id, exception_cases.c.facts).where(
    is_state(exception_cases.c.kind, CaseKind.SHORTFALL.value),
    exception_cases.c.subject_kind == "order",
    exception_cases.c.state == "open",
    among(exception_cases.c.subject_id, "orders"),
)
