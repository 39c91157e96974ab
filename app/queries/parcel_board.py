"""How many parcels are in each state, and how long has the oldest of them been waiting?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from app.domain.parcels import STATE_OF, ParcelState
from app.models.fulfilment import shipments
from app.models.orders import orders
from app.models.tracking import parcel_states

RECENT: Final = timedelta(days=7)  # what is over longer ago is history


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """Parcels of one state: how many, since when the quietest was not seen, and how many are past their
    promise. ``query`` finds exactly these; ``next_promise_at`` is the nearest that is still to be kept.
    """

    key: str
    title: str
    query: str
    count: int = 0
    oldest_at: datetime | None = None
    late: int = 0
    next_promise_at: datetime | None = None


_S = ParcelState
COLUMNS: Final = (
    BoardColumn("unscanned", "Not scanned yet", "is:unscanned"),
    BoardColumn("moving", "In transit", "is:moving"),
    BoardColumn("out", "Out for delivery", "is:out"),
    BoardColumn("pickup", "To be picked up", "is:pickup"),
    BoardColumn("trouble", "In trouble", "is:trouble"),
    BoardColumn("back", "Coming back", "is:back quiet:<7d"),
    BoardColumn("delivered", "Delivered", "is:delivered quiet:<7d"),
)
_COLUMN_OF: Final[Mapping[ParcelState, str]] = {
    _S.NOT_SCANNED: "unscanned", _S.MOVING: "moving", _S.OUT: "out", _S.PICK_UP: "pickup",
    _S.DELAYED: "trouble", _S.HELD: "trouble", _S.ATTEMPTED: "trouble", _S.LOST: "trouble",
    _S.COMING_BACK: "back", _S.RETURNED: "back", _S.DELIVERED: "delivered",
}  # fmt: skip
_OVER: Final = ("back", "delivered")
_sent, _state = shipments.c, parcel_states.c
_SEEN: Final = func.coalesce(_state.last_scan_at, _sent.shipped_at)


def board(db: Connection, *, now: datetime) -> tuple[BoardColumn, ...]:
    """Return the columns of the board, in the order of a parcel's way."""
    rows = {row.column: row for row in db.execute(_counted(now)) if row.column}
    return tuple(_filled(each, rows.get(each.key)) for each in COLUMNS)


def _column() -> ColumnElement[Any]:
    found: dict[Any, str] = {
        str(status): _COLUMN_OF[state] for status, state in STATE_OF.items() if state in _COLUMN_OF
    }
    # A code that nobody knows says nothing of a parcel that no carrier has seen.
    known = case(found, value=_state.status, else_=None)
    return case(
        (_state.status.is_(None), "unscanned"),
        (and_(_state.status == "unmapped", _state.accepted_at.is_(None)), "unscanned"),
        else_=known,
    )


def _counted(now: datetime) -> Any:
    column = _column().label("column")
    promise = orders.c.deliver_by
    seen = (
        select(column, _SEEN.label("seen_at"), promise.label("promise"))
        .select_from(shipments)
        .outerjoin(parcel_states, _state.shipment_id == _sent.id)
        .join(orders, orders.c.id == _sent.order_id)
        .where(_sent.voided_at.is_(None))
        .subquery()
    )
    return (
        select(
            seen.c.column, func.count().label("parcels"), func.min(seen.c.seen_at).label("oldest"),
            func.sum(case((seen.c.promise < now, 1), else_=0)).label("late"),
            func.min(case((seen.c.promise >= now, seen.c.promise), else_=None)).label("next"),
        )
        .where(seen.c.column.not_in(_OVER) | (seen.c.seen_at > now - RECENT))
        .group_by(seen.c.column)
    )  # fmt: skip


def _filled(column: BoardColumn, row: Any | None) -> BoardColumn:
    if row is None:
        return column
    is_over = column.key in _OVER
    return BoardColumn(
        column.key, column.title, column.query, row.parcels, row.oldest,
        0 if is_over else int(row.late or 0), None if is_over else row.next,
    )  # fmt: skip
