"""Take in a parcel that nobody announced, and find out whose it is; a person says so, never the desk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.house import named
from app.models.orders import orders
from app.models.returns import return_units, returns
from app.services import audit
from app.services.returning import receiving, units
from app.services.returning.announcing import Back, returnable, write_return
from app.services.stockroom.moving import must_be_units, sku_id

_TOUCHED = Touched.SHIPMENTS | Touched.ORDERS | Touched.STOCK | Touched.CASES


def take_parcel(
    db: Connection, actor: Actor, *, location: str, lines: Sequence[tuple[str, int]],
    carrier: str = "", tracking_number: str = "", sender: str = "", clue: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Take in a parcel that came back unannounced: what is in it is here, and whose it is is open.

    Raises:
        RefusedError: nothing is in it.
    """
    actor.must(Permission.WORK)
    for _sku, count in lines:
        must_be_units(count, "A parcel")
    back = [Back(0, sku_id(db, sku), 0) for sku, count in lines for _ in range(count)]
    if not back:
        raise RefusedError("Nothing is in the parcel; nothing was changed.",
                           "Name the SKUs and units that are in it.")  # fmt: skip
    values = {
        "order_id": None, "source": "parcel", "external_id": "", "reason_code": "other",
        "reason": "", "carrier": carrier.strip(), "tracking_number": tracking_number.strip(),
        "sender": sender.strip(), "clue": clue.strip(),
        "currency": named(db, "currency").get("currency") or "USD", "expected_by": None,
    }  # fmt: skip
    return_id, number = write_return(db, actor, values, back, now=now)
    receiving.receive_return(db, actor, return_id=return_id, location=location, now=now)
    ids = [row.id for row in units.units_of(db, return_id)]
    return Changes(
        f"Take in {number}: {counted(len(back), 'unit')} of nobody known", _TOUCHED, (return_id,),
        undo=Undo("step_back", {"unit_ids": ids}, "unit_ids"),
    )  # fmt: skip


def match_return(
    db: Connection, actor: Actor, *, return_id: int, order_id: int, now: datetime
) -> Changes:
    """Say whose parcel it is: its units are then of that order's lines, with what was paid for them.

    Raises:
        RefusedError: its order is known already, or the order holds nothing of what is in it.
    """
    actor.must(Permission.WORK)
    rows = units.units_of(db, return_id)
    if rows[0].order_id is not None:
        raise RefusedError(f"The order of {rows[0].number} is known already; nothing was changed.",
                           "Take that back first if it is wrong.")  # fmt: skip
    found = _found_among(rows, returnable(db, order_id))
    order = db.execute(select(orders).where(orders.c.id == order_id)).one()
    if not found:
        raise RefusedError(
            f"Order {order.number} holds nothing of what is in the parcel; nothing was changed.",
            "Choose another order.",
        )
    _bind(db, [(unit, back.line_id, back.worth) for unit, back in found])
    _belongs(db, return_id, order_id, order.currency, actor.name, now)
    _record(db, actor, "match return", return_id, order_id, now)
    return Changes(f"{rows[0].number} belongs to order {order.number}", _TOUCHED, (return_id,),
                   undo=Undo("unmatch_return", {"return_id": return_id}))  # fmt: skip


def unmatch_return(db: Connection, actor: Actor, *, return_id: int, now: datetime) -> Changes:
    """Say that nobody knows whose parcel it is after all.

    Raises:
        RefusedError: it was announced by its order, or money was promised for it.
    """
    actor.must(Permission.WORK)
    rows = units.units_of(db, return_id)
    source = db.execute(select(returns.c.source).where(returns.c.id == return_id)).scalar_one()
    if source != "parcel" or rows[0].order_id is None:
        raise RefusedError(f"{rows[0].number} was not matched by hand; nothing was changed.",
                           "Only a parcel that came unannounced can be matched anew.")  # fmt: skip
    if any(row.money != "none" for row in rows):
        raise RefusedError("Money was promised for it already; nothing was changed.",
                           "Withdraw the refund first.")  # fmt: skip
    _bind(db, [(row.id, None, 0) for row in rows])
    _belongs(db, return_id, None, rows[0].currency, None, None)
    _record(db, actor, "unmatch return", return_id, rows[0].order_id, now)
    return Changes(f"{rows[0].number} belongs to nobody known", _TOUCHED, (return_id,))


def _found_among(rows: Sequence[Any], back: Sequence[Back]) -> list[tuple[int, Back]]:
    """Return the unit of the order that each unit of the parcel is, as far as there is one."""
    free: dict[int, list[Back]] = defaultdict(list)
    for each in back:
        free[each.sku_id].append(each)
    taken: Counter[int] = Counter()
    found: list[tuple[int, Back]] = []
    for row in rows:
        mine = free[row.sku_id]
        if taken[row.sku_id] < len(mine):
            found.append((row.id, mine[taken[row.sku_id]]))
            taken[row.sku_id] += 1
    return found


_BIND = (
    return_units.update()
    .where(return_units.c.id == bindparam("key"))
    .values(order_line_id=bindparam("line"), worth=bindparam("paid"))
)


def _bind(db: Connection, found: Sequence[tuple[int, int | None, int]]) -> None:
    db.execute(_BIND, [{"key": unit, "line": line, "paid": paid} for unit, line, paid in found])


def _belongs(
    db: Connection, return_id: int, order_id: int | None, currency: str, who: str | None,
    at: datetime | None,
) -> None:  # fmt: skip
    db.execute(
        returns.update()
        .where(returns.c.id == return_id)
        .values(order_id=order_id, currency=currency, matched_by=who, matched_at=at)
    )


def _record(
    db: Connection, actor: Actor, action: str, return_id: int, order_id: int, now: datetime
) -> None:
    deed = audit.Deed(action, f"return:{return_id}", after={"order": order_id})
    audit.record(db, actor, now, deed)
