"""What comes back, how far is each of it, and what is owed for it? One page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from app.domain.returning import custody, owed
from app.domain.returning.custody import AWAITED, Custody
from app.domain.returning.owed import Owed
from app.errors import NotFoundError
from app.models.catalogue import skus
from app.models.inventory import locations
from app.models.orders import order_lines, orders, sales_channels
from app.models.returns import refunds, return_steps, return_units, returns
from app.models.sets import among
from app.queries.return_search import return_condition

_kept, _unit = returns.c, return_units.c


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return. ``step`` says what is next: whose, expected, inspect, put away, refund, decide or done.

    ``items`` reads "2 × TEA-001". ``worth`` is what was paid for it, ``promised`` and ``refunded`` what of
    that was promised and given, in minor units of ``currency``. ``who`` is the buyer, or the sender that
    stands on the parcel.
    """

    id: int
    number: str
    order_id: int | None
    order_number: str
    channel: str
    channel_name: str
    who: str
    items: str
    units: int
    step: str
    money_state: str
    grades: str
    reason_code: str
    reason: str
    source: str
    carrier: str
    tracking_number: str
    location: str
    worth: int
    promised: int
    refunded: int
    currency: str
    opened_at: datetime
    expected_by: datetime | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: what it is, where it is, what was seen, where it went, and its money."""

    id: int
    sku: str
    title: str
    custody: str
    custody_words: str
    grade: str
    finding: str
    disposition: str
    location: str
    money: str
    money_words: str
    worth: int
    promised: int
    refunded: int


@dataclass(frozen=True, slots=True)
class RefundRow:
    """Money that is owed or was given for a return."""

    id: int
    amount: int
    currency: str
    state: str
    way: str
    reason: str
    promised_by: str
    promised_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing that happened to units of a return, in words."""

    at: datetime
    who: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnDetail:
    """One return with its units, its refunds and what happened, oldest first."""

    row: ReturnRow
    units: tuple[UnitRow, ...]
    refunds: tuple[RefundRow, ...]
    steps: tuple[StepRow, ...]
    clue: str


def return_rows(
    db: Connection, *, query: str = "", now: datetime, sort: str = "opened_at",
    descending: bool = True, limit: int | None = 200, offset: int = 0,
) -> list[ReturnRow]:  # fmt: skip
    """Return a page of the returns that a search finds.

    Raises:
        SearchError: the query cannot be read.
    """
    return rows_of(
        db,
        matching_returns(db, query=query, now=now, sort=sort, descending=descending, limit=limit,
                         offset=offset),
    )  # fmt: skip


def matching_returns(
    db: Connection, *, query: str = "", now: datetime, sort: str = "opened_at",
    descending: bool = True, limit: int | None = None, offset: int = 0,
) -> list[int]:  # fmt: skip
    """Return the ids of the returns that a search finds, in order."""
    by = SORTS.get(sort, _kept.opened_at)
    order = (by.desc() if descending else by.asc(), _kept.id.desc())
    found = _joined(select(_kept.id)).where(return_condition(db, query, now)).order_by(*order)
    return list(db.execute(found.limit(limit).offset(offset)).scalars())


def count_returns(db: Connection, *, query: str = "", now: datetime) -> int:
    """Return how many returns a search finds."""
    found = _joined(select(func.count())).where(return_condition(db, query, now))
    return int(db.execute(found).scalar_one())


def rows_of(db: Connection, return_ids: Sequence[int]) -> list[ReturnRow]:
    """Return the rows of these returns, in the order given."""
    wanted = {"returns": list(return_ids)}
    units: dict[int, list[Any]] = {}
    for unit in db.execute(_UNITS, wanted):
        units.setdefault(unit.return_id, []).append(unit)
    found = {row.id: _row(row, units.get(row.id, [])) for row in db.execute(_ROWS, wanted)}
    return [found[each] for each in return_ids if each in found]


def return_detail(db: Connection, return_id: int) -> ReturnDetail:
    """Return everything about one return.

    Raises:
        NotFoundError: there is none.
    """
    rows = rows_of(db, [return_id])
    if not rows:
        raise NotFoundError("There is no such return.", "Look for it among the returns.")
    wanted = {"returns": [return_id]}
    units = tuple(_unit_row(each) for each in db.execute(_UNITS, wanted))
    given = db.execute(
        select(refunds).where(refunds.c.return_id == return_id).order_by(refunds.c.id)
    )
    clue = db.execute(select(_kept.clue).where(_kept.id == return_id)).scalar_one()
    return ReturnDetail(rows[0], units, tuple(_refund_row(each) for each in given),
                        _steps(db, return_id), clue)  # fmt: skip


def find_return(db: Connection, text: str) -> int | None:
    """Return the return that a person means: by its number, or by the number on its parcel."""
    wanted = text.strip()
    query = select(_kept.id).where(
        (func.upper(_kept.number) == wanted.upper()) | (_kept.tracking_number == wanted)
    )
    return db.execute(query.order_by(_kept.id.desc())).scalars().first()


def returns_of(db: Connection, order_id: int) -> list[ReturnRow]:
    """Return what comes back of an order."""
    query = select(_kept.id).where(_kept.order_id == order_id).order_by(_kept.id)
    return rows_of(db, list(db.execute(query).scalars()))


SORTS: Final[Mapping[str, ColumnElement[Any]]] = {
    "opened_at": _kept.opened_at,
    "number": _kept.id,
    "order": func.coalesce(orders.c.number, ""),
    "channel": func.coalesce(orders.c.channel, ""),
    "buyer_name": func.coalesce(orders.c.buyer_name, _kept.sender),
    "expected_by": func.coalesce(_kept.expected_by, _kept.opened_at),
}


def _joined(query: Any) -> Any:
    return query.select_from(returns).outerjoin(orders, orders.c.id == _kept.order_id)


_ROWS: Final = (
    select(
        returns, orders.c.number.label("order_number"), orders.c.channel, orders.c.buyer_name,
        sales_channels.c.name.label("channel_name"),
    )
    .outerjoin(orders, orders.c.id == _kept.order_id)
    .outerjoin(sales_channels, sales_channels.c.code == orders.c.channel)
    .where(among(_kept.id, "returns"))
)  # fmt: skip
_UNITS: Final = (
    select(
        return_units, skus.c.code.label("sku"), skus.c.title.label("sku_title"),
        order_lines.c.title, locations.c.name.label("place"),
    )
    .join(skus, skus.c.id == _unit.sku_id)
    .outerjoin(order_lines, order_lines.c.id == _unit.order_line_id)
    .outerjoin(locations, locations.c.id == _unit.location_id)
    .where(among(_unit.return_id, "returns"))
    .order_by(_unit.id)
)  # fmt: skip


def _row(row: Any, units: Sequence[Any]) -> ReturnRow:
    return ReturnRow(
        row.id, row.number, row.order_id, row.order_number or "", row.channel or "",
        row.channel_name or row.channel or "", row.buyer_name or row.sender,
        ", ".join(f"{n} × {sku}" for sku, n in Counter(each.sku for each in units).items()),
        len(units), step_of(row.order_id, units), _money_of(units),
        "".join(sorted({each.grade for each in units if each.grade})), row.reason_code, row.reason,
        row.source, row.carrier, row.tracking_number,
        ", ".join(dict.fromkeys(each.place for each in units if each.place)),
        sum(each.worth for each in units), sum(each.promised for each in units),
        sum(each.refunded for each in units), row.currency, row.opened_at, row.expected_by,
    )  # fmt: skip


def step_of(order_id: int | None, units: Sequence[Any]) -> str:
    """Return what is next for a return: what is here comes before what is to come."""
    at = {each.custody for each in units}
    money = {each.money for each in units if each.custody != Custody.NOT_RETURNED}
    if Custody.RECEIVED in at:
        return "inspect"
    if Custody.GRADED in at:
        return "put away"
    if order_id is None:
        return "whose"
    if Owed.PROMISED in money:
        return "refund"
    if at & AWAITED:
        return "expected"
    return "decide" if Owed.NONE in money else "done"


def _money_of(units: Sequence[Any]) -> str:
    """Return how far the money is for all units together; what is open counts most."""
    states = {each.money for each in units}
    order = (Owed.PROMISED, Owed.PARTLY, Owed.NONE, Owed.DENIED, Owed.REFUNDED)
    if states == {Owed.NONE, Owed.REFUNDED}:
        return Owed.PARTLY.value
    return next((each.value for each in order if each in states), Owed.NONE.value)


def _unit_row(row: Any) -> UnitRow:
    return UnitRow(
        row.id, row.sku, row.title or row.sku_title, row.custody, custody.words(Custody(row.custody)),
        row.grade, row.finding, row.disposition, row.place or "", row.money,
        owed.words(Owed(row.money)), row.worth, row.promised, row.refunded,
    )  # fmt: skip


def _refund_row(row: Any) -> RefundRow:
    return RefundRow(row.id, row.amount, row.currency, row.state, row.way, row.reason,
                     row.promised_by, row.promised_at, row.paid_at)  # fmt: skip


_CUSTODY_WORDS: Final[Mapping[str, str]] = {
    "send": "{n} on the way back",
    "receive": "{n} received",
    "grade": "{n} inspected: grade {said}",
    "dispose": "{n} put away: {said}",
    "give_up": "{n} expected no longer",
    "take_back": "Step of {n} taken back",
}
_MONEY_WORDS: Final[Mapping[str, str]] = {
    "promise": "Money promised for {n}",
    "pay": "Money given for {n}",
    "withdraw": "Promise for {n} withdrawn",
    "deny": "No money for {n}",
    "reconsider": "Money for {n} open again",
    "take_back": "Payment for {n} taken back",
}
DISPOSED: Final[Mapping[str, str]] = {
    "restock": "back on sale",
    "quarantine": "into quarantine",
    "damaged": "among the damaged",
    "write_off": "written off",
    "supplier": "back to the supplier",
}


def _steps(db: Connection, return_id: int) -> tuple[StepRow, ...]:
    """Return what happened, one line for what was done to several units at once."""
    step = return_steps.c
    query = (
        select(return_steps)
        .join(return_units, _unit.id == step.unit_id)
        .where(_unit.return_id == return_id)
        .order_by(step.at, step.id)
    )
    together: dict[tuple[Any, ...], list[Any]] = {}
    for row in db.execute(query):
        key = (row.at, row.actor, row.machine, row.verb, row.said, row.reason)
        together.setdefault(key, []).append(row)
    return tuple(_step_row(rows) for rows in together.values())


def _step_row(rows: Sequence[Any]) -> StepRow:
    first = rows[0]
    words = (_CUSTODY_WORDS if first.machine == "custody" else _MONEY_WORDS)[first.verb]
    count = f"{len(rows)} {'unit' if len(rows) == 1 else 'units'}"
    said = words.format(n=count, said=DISPOSED.get(first.said, first.said))
    return StepRow(first.at, first.actor, said[:1].upper() + said[1:], first.reason)
