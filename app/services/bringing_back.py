"""An order whose import was taken back comes in again: the same order, as its channel states it now.

It keeps its id, so that its timeline tells all of it. Nothing of the first time counts any more:
lines, holds, deadline and location follow from what came in now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft
from app.domain.orders import HoldCode, IncomingOrder, MapperHold, OrderStatus, content_hash
from app.domain.roles import Actor
from app.models.bulk import insert_rows
from app.models.exchange import inbox_messages
from app.models.identity import Identity
from app.models.orders import holds, order_lines, orders
from app.services import changing, reclaiming
from app.services.cases import open_cases
from app.services.master import codes
from app.services.order_rows import (
    Arrival,
    code_of,
    first_status,
    hold_case,
    hold_row,
    inbox_row,
    order_values,
    reserves_stock,
    still_held,
    unknown_sku,
)


@dataclass(frozen=True, slots=True)
class Returning:
    """An order as it comes in, the id under which it is known, and by when it must ship."""

    order_id: int
    order: IncomingOrder
    due: datetime


def bring_back(
    db: Connection, actor: Actor, arrival: Arrival, returning: Sequence[Returning], now: datetime
) -> list[tuple[str, str]]:
    """Take the orders in again, and return the holds that were raised as (number, code)."""
    if not returning:
        return []
    for each in returning:
        changing.write_lines(db, each.order_id, [asdict(line) for line in each.order.lines])
        _write(db, arrival, each, now)
    _leave_alone(db, [each.order_id for each in returning if not reserves_stock(each.order)])
    raised = _raise(db, actor, [_with_unknown(db, arrival, each) for each in returning], now)
    reclaiming.reclaim(db, actor, [each.order_id for each in returning], now=now)
    return raised


def is_taken_back(stored: Any) -> bool:
    """Return whether a stored order waits to be brought in again."""
    return bool(stored.status == OrderStatus.TAKEN_BACK)


def _write(db: Connection, arrival: Arrival, each: Returning, now: datetime) -> None:
    order, fingerprint = each.order, content_hash(each.order)
    inbox_id = Identity(db, inbox_messages).take(inbox_messages)
    row = inbox_row(inbox_id, arrival, order, fingerprint, "new", now)
    db.execute(inbox_messages.insert(), [row])
    values = {
        **order_values(order), "status": first_status(order), "ship_by": each.due,
        "content_hash": fingerprint, "changed_hash": None, "inbox_id": inbox_id,
        "taken_in_at": now, "updated_at": now,
    }  # fmt: skip
    db.execute(orders.update().where(orders.c.id == each.order_id).values(**values))


def _leave_alone(db: Connection, order_ids: Sequence[int]) -> None:
    """Let no line of orders that are over, or not ours to ship, wait for stock."""
    if order_ids:
        lines = order_lines.update().where(order_lines.c.order_id.in_(order_ids))
        db.execute(lines.values(claim="none"))


def _with_unknown(db: Connection, arrival: Arrival, each: Returning) -> Returning:
    """Add the hold of a line whose code is no SKU, as for an order that is seen first."""
    order = each.order
    if not reserves_stock(order):
        return each
    waiting = [x for x in order.lines if x.requires_shipping and x.quantity and x.sku_text]
    known = codes.recognise(db, arrival.account_id, [code_of(order, x) for x in order.lines])
    strange = [unknown_sku(x) for x in waiting if code_of(order, x) not in known]
    holds = (*still_held(order, known), *strange[:1])
    return replace(each, order=replace(order, holds=holds))


def _raise(
    db: Connection, actor: Actor, returning: Sequence[Returning], now: datetime
) -> list[tuple[str, str]]:
    ids = Identity(db, holds)
    rows: list[dict[str, Any]] = []
    drafts: list[CaseDraft] = []
    raised: list[tuple[str, str]] = []
    for each in returning:
        for problem in _once(each.order.holds):
            hold_id = ids.take(holds)
            rows.append(hold_row(hold_id, each.order_id, problem, actor.name, now))
            drafts.append(hold_case(each.order_id, each.order, problem, each.due))
            raised.append((each.order.number, problem.code))
    if rows:
        insert_rows(db, holds, rows)
        held = {row["order_id"] for row in rows}
        db.execute(orders.update().where(orders.c.id.in_(held)).values(is_held=True))
        open_cases(db, drafts, now=now)
    return raised


def _once(problems: Sequence[MapperHold]) -> list[MapperHold]:
    first: dict[HoldCode, MapperHold] = {}
    for problem in problems:
        first.setdefault(problem.code, problem)
    return list(first.values())


def taken_back_among(db: Connection, account_id: int, external_ids: Sequence[str]) -> bool:
    """Return whether any of these orders waits to be brought in again."""
    query = select(orders.c.id).where(
        orders.c.account_id == account_id,
        orders.c.status == OrderStatus.TAKEN_BACK.value,
        orders.c.external_id.in_(external_ids),
    )
    return db.execute(query.limit(1)).first() is not None
