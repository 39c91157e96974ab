"""Read units that come back, and write the steps that they take: one row a step, with what it moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.returning.custody import Shift
from app.domain.returning.history import CUSTODY, MONEY, Past, Standing, Step
from app.domain.returning.owed import Account, Settling
from app.domain.roles import Actor
from app.errors import NotFoundError
from app.models.bulk import insert_rows
from app.models.catalogue import skus
from app.models.identity import Identity
from app.models.orders import orders
from app.models.returns import return_steps, return_units, returns
from app.models.sets import among
from app.services import audit
from app.services.ledger import Movement
from app.services.stockroom.moving import carry_out

_unit, _step = return_units.c, return_steps.c
_UNITS = (
    select(
        return_units, returns.c.number, returns.c.order_id, returns.c.currency,
        skus.c.code.label("sku"), orders.c.account_id, orders.c.channel,
    )
    .join(returns, returns.c.id == _unit.return_id)
    .join(skus, skus.c.id == _unit.sku_id)
    .outerjoin(orders, orders.c.id == returns.c.order_id)
    .order_by(_unit.id)
)  # fmt: skip
_STEPS = select(return_steps).where(among(_step.unit_id, "units")).order_by(_step.id)


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of one unit, about to be written: what it is, and what it does to the shelf."""

    unit: Any
    step: Step
    before: str
    after: str
    shifts: tuple[Shift, ...] = ()
    location_id: int | None = None


def units(db: Connection, unit_ids: Collection[int]) -> Sequence[Any]:
    """Return these units with their return and order.

    Raises:
        NotFoundError: one of them is not there.
    """
    rows = db.execute(_UNITS.where(among(_unit.id, "units")), {"units": unit_ids}).all()
    if not unit_ids or len(rows) != len(set(unit_ids)):
        raise NotFoundError("There is no such unit on its way back; nothing was changed.",
                            "Read the return again.")  # fmt: skip
    return rows


def units_of(db: Connection, return_id: int) -> Sequence[Any]:
    """Return the units of a return.

    Raises:
        NotFoundError: there is no such return.
    """
    rows = db.execute(_UNITS.where(_unit.return_id == return_id)).all()
    if not rows:
        raise NotFoundError("There is no such return; nothing was changed.",
                            "Look for it among the returns.")  # fmt: skip
    return rows


def pasts(db: Connection, unit_ids: Collection[int]) -> dict[int, Past]:
    """Return, by unit, where each stood so far."""
    found: dict[int, list[Step]] = defaultdict(list)
    for row in db.execute(_STEPS, {"units": unit_ids}):
        found[row.unit_id].append(Step(row.machine, row.verb, row.at, row.said, row.amount))
    return {unit: Past(found[unit]) for unit in unit_ids}


def write(
    db: Connection, actor: Actor, taken: Sequence[Taken], *, reason: str = "", now: datetime
) -> None:
    """Write the steps, and carry out what they do to the shelves."""
    ids = Identity(db, return_steps)
    rows = [
        {"id": ids.take(return_steps), "unit_id": each.unit.id, "machine": each.step.machine,
         "verb": each.step.verb, "before": each.before, "after": each.after,
         "amount": each.step.amount, "said": each.step.said, "actor": actor.name,
         "reason": reason, "at": now}
        for each in taken
    ]  # fmt: skip
    insert_rows(db, return_steps, rows)
    _move(db, actor, taken, reason, now)
    audit.record(db, actor, now, *_deeds(taken, reason))


def stand(db: Connection, standings: Iterable[tuple[int, Standing, int | None]]) -> None:
    """Write where units stand now, and at which location they lie."""
    db.execute(
        _STAND,
        [
            {"key": unit_id, "to_custody": new.custody, "to_grade": new.grade,
             "to_disposition": new.disposition, "at_received": new.received_at,
             "at_graded": new.graded_at, "at_disposed": new.disposed_at, "place": place}
            for unit_id, new, place in standings
        ],
    )  # fmt: skip


_STAND = (
    return_units.update()
    .where(_unit.id == bindparam("key"))
    .values(
        custody=bindparam("to_custody"), grade=bindparam("to_grade"),
        disposition=bindparam("to_disposition"), received_at=bindparam("at_received"),
        graded_at=bindparam("at_graded"), disposed_at=bindparam("at_disposed"),
        location_id=bindparam("place"),
    )
)  # fmt: skip


def pay_into(db: Connection, accounts: Iterable[tuple[int, Account]]) -> None:
    """Write how the money for units stands now."""
    db.execute(
        _SETTLE,
        [
            {"key": unit_id, "state": new.state, "due": new.promised, "given": new.refunded}
            for unit_id, new in accounts
        ],
    )


_SETTLE = (
    return_units.update()
    .where(_unit.id == bindparam("key"))
    .values(money=bindparam("state"), promised=bindparam("due"), refunded=bindparam("given"))
)


def account_of(unit: Any) -> Account:
    """Return the money for a unit as its row has it."""
    return Account(unit.worth, unit.promised, unit.refunded, unit.money == "denied")


def money_step(
    unit: Any, settling: Settling, amount: int, before: Account, after: Account, now: datetime
) -> Taken:
    """Return a step of the money of a unit."""
    step = Step(MONEY, settling, now, amount=amount)
    return Taken(unit, step, before.state, after.state)


def _move(db: Connection, actor: Actor, taken: Sequence[Taken], reason: str, now: datetime) -> None:
    by_return: dict[str, list[Movement]] = defaultdict(list)
    for each in taken:
        by_return[each.unit.number] += _movements(each, reason)
    for number, movements in by_return.items():
        if movements:
            carry_out(db, actor, movements, [], now=now, source=number)


def _movements(taken: Taken, reason: str) -> list[Movement]:
    unit = taken.unit
    return [
        Movement(unit.sku_id, taken.location_id, shift.bucket, shift.units, shift.cause,
                 unit.order_id, unit.order_line_id, unit.account_id, reason or taken.step.said)
        for shift in taken.shifts
    ]  # fmt: skip


def _deeds(taken: Sequence[Taken], reason: str) -> list[audit.Deed]:
    """Return what the trail keeps: one deed a return and kind of step, with its units."""
    mine: dict[tuple[int, str, str], list[Taken]] = defaultdict(list)
    for each in taken:
        mine[each.unit.return_id, each.step.machine, each.step.verb].append(each)
    return [
        audit.Deed(
            f"return {verb.replace('_', ' ')}", f"return:{return_id}", reason,
            {"state": sorted({each.before for each in those})},
            {"units": [each.unit.id for each in those], "said": those[0].step.said,
             **({"amount": sum(each.step.amount for each in those)} if machine == MONEY else {})},
        )
        for (return_id, machine, verb), those in mine.items()
    ]  # fmt: skip


__all__ = ["CUSTODY", "MONEY", "Step", "Taken", "units", "units_of", "write"]
