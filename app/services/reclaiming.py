"""Look at waiting orders again: stock came, a code was linked, a hold was lifted, a version changed.

One mechanism for all of these: resolve codes, claim units in the order in which the orders were
placed, close the cases that are no longer true, and suggest anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, true

from app.domain.cases import OF_HOLD, CaseKind
from app.domain.orders import HoldCode, OrderStatus
from app.domain.recognising import Code, Meant
from app.domain.reservation import Claim, Shortfall
from app.domain.roles import Actor
from app.models.base import is_state
from app.models.kits import kits_with
from app.models.orders import holds, order_lines, orders, total_of_order
from app.models.sets import among
from app.services import audit, indexing, policies, reserving
from app.services.cases import open_cases, resolve_cases
from app.services.master import codes
from app.services.order_rows import shortfall_case
from app.services.routing import resuggest
from app.services.standing_in import StandIns, Waits, replaced_by

WAITING = ("short", "unmapped")
_ALIVE = (OrderStatus.OPEN, OrderStatus.PARTLY_SHIPPED)


def reclaim_for_skus(
    db: Connection, actor: Actor, sku_ids: Collection[int], *, now: datetime
) -> list[int]:
    """Give new stock to the orders that wait for it, oldest first; return the orders looked at."""
    wanted = set(sku_ids)
    wanted |= replaced_by(db, wanted)
    wanted |= kits_with(db, wanted)
    query = select(order_lines.c.order_id).where(
        is_state(order_lines.c.claim, *WAITING),
        order_lines.c.claim == "short",
        order_lines.c.sku_id.in_(wanted),
    )
    order_ids = sorted(set(db.execute(query).scalars()))
    return reclaim(db, actor, order_ids, now=now) if order_ids else []


def reclaim_unmapped(
    db: Connection,
    actor: Actor,
    account_id: int | None,
    texts: Collection[str],
    listing_id: str = "",
    *,
    now: datetime,
) -> list[int]:
    """Free the lines that waited for these codes (or a listing) to be linked; return their orders."""
    named: ColumnElement[bool] = order_lines.c.sku_text.in_([text for text in texts if text])
    if listing_id:
        named |= (order_lines.c.sku_text == "") & (order_lines.c.listing_id == listing_id)
    query = (
        select(order_lines.c.order_id)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(
            is_state(order_lines.c.claim, *WAITING),
            order_lines.c.claim == "unmapped",
            named,
        )
    )
    if account_id is not None:
        query = query.where(orders.c.account_id == account_id)
    order_ids = sorted(set(db.execute(query).scalars()))
    indexing.changed(db, order_ids)  # found by our own codes, too, from now on
    return reclaim(db, actor, order_ids, now=now) if order_ids else []


def reclaim(db: Connection, actor: Actor, order_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Claim again for the waiting lines of these orders, and suggest their locations anew."""
    lines = _waiting(db, order_ids)
    known = _recognise(db, lines)
    pool = reserving.load_pool(db, {meant.sku_id for meant in known.values()})
    stand_ins = StandIns(db, policies.in_force(db), now)
    claims: list[tuple[int, int, Claim, int | None]] = []
    states: list[dict[str, Any]] = []
    short: dict[int, list[Waits]] = defaultdict(list)
    for line in lines:
        meant = known.get(line.id)
        if meant is None:
            continue
        got = stand_ins.claim(line.channel, line.id, meant.sku_id, line.quantity * meant.pack, pool)
        is_short = isinstance(got, Shortfall)
        states.append({"key": line.id, "sku": meant.sku_id, "units": meant.pack,
                       "state": "short" if is_short else "reserved"})  # fmt: skip
        if isinstance(got, Shortfall):
            short[line.order_id].append(stand_ins.waits(line.channel, got))
        else:
            claims.extend((line.order_id, line.account_id, each, None) for each in got)
    if states:
        db.execute(_STATE, states)
    reserving.write_claims(db, claims, reserving.origin_of(actor.name, "desk", now))
    _settle(db, actor, order_ids, short, now)
    alive = _alive(db, order_ids)
    resuggest(db, alive, now=now)
    return alive


_STATE = (
    order_lines.update()
    .where(order_lines.c.id == bindparam("key"))
    .values(sku_id=bindparam("sku"), claim=bindparam("state"), pack=bindparam("units"))
)


def release_holds(
    db: Connection,
    actor: Actor,
    order_id: int,
    which: Collection[HoldCode],
    *,
    reason: str,
    now: datetime,
    ended_by: datetime | None = None,
) -> int:
    """Lift an order's holds of these codes, close their cases, and return how many there were.

    With ``ended_by`` only those that were to last until then or earlier.
    """
    live = (
        holds.c.until <= ended_by if ended_by else true(),
        holds.c.order_id == order_id,
        holds.c.released_at.is_(None),
        holds.c.code.in_([code.value for code in which]),
    )
    done = db.execute(
        holds.update()
        .where(*live)
        .values(released_at=now, released_by=actor.name, release_reason=reason)
    ).rowcount
    if done:
        kinds = [OF_HOLD[code] for code in which if code in OF_HOLD]
        if CaseKind.ORDER_CHANGED in kinds:
            kinds.append(CaseKind.ADDRESS_CHANGED)
        resolve_cases(db, kinds, "order", [order_id], resolution=reason, now=now)
        audit.record(
            db, actor, now,
            audit.Deed("release hold", f"order:{order_id}", reason,
                       {"holds": sorted(code.value for code in which)}),
        )  # fmt: skip
    left = db.execute(
        select(func.count())
        .select_from(holds)
        .where(holds.c.order_id == order_id, holds.c.released_at.is_(None))
    ).scalar_one()
    db.execute(
        orders.update().where(orders.c.id == order_id).values(is_held=left > 0, updated_at=now)
    )
    return done


def _waiting(db: Connection, order_ids: Sequence[int]) -> Sequence[Any]:
    query = (
        select(
            order_lines.c.id, order_lines.c.order_id, order_lines.c.sku_id,
            order_lines.c.sku_text, order_lines.c.listing_id, order_lines.c.variant,
            order_lines.c.quantity, order_lines.c.pack, orders.c.account_id, orders.c.placed_at,
            orders.c.channel,
        )
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(
            order_lines.c.order_id.in_(order_ids),
            order_lines.c.claim.in_(WAITING),
            orders.c.status.in_(_ALIVE),
        )
        .order_by(orders.c.placed_at, orders.c.id, order_lines.c.position)
    )  # fmt: skip
    return db.execute(query).all()


def _recognise(db: Connection, lines: Sequence[Any]) -> dict[int, Meant]:
    """Return by line its SKU: the one it has, or the one that its code means now."""
    found: dict[int, Meant] = {}
    asked: dict[int, dict[int, Code]] = defaultdict(dict)
    for line in lines:
        if line.sku_id is None:
            code = Code(line.sku_text, line.listing_id, line.variant, line.placed_at)
            asked[line.account_id][line.id] = code
        else:
            found[line.id] = Meant(line.sku_id, line.pack)
    for account, mine in asked.items():
        known = codes.recognise(db, account, mine.values())
        found.update((line, known[code]) for line, code in mine.items() if code in known)
    return found


def _settle(
    db: Connection,
    actor: Actor,
    order_ids: Sequence[int],
    short: dict[int, list[Waits]],
    now: datetime,
) -> None:
    """Bring flags, holds and cases in line with what the lines say now."""
    waiting: dict[int, set[str]] = defaultdict(set)
    query = select(order_lines.c.order_id, order_lines.c.claim).where(
        order_lines.c.order_id.in_(order_ids), order_lines.c.claim.in_(WAITING)
    )
    for order_id, state in db.execute(query):
        waiting[order_id].add(state)
    fine = [each for each in order_ids if "short" not in waiting[each]]
    db.execute(_SHORT, {"orders": [each for each in order_ids if "short" in waiting[each]]})
    db.execute(_NOT_SHORT, {"orders": fine})
    resolve_cases(
        db, [CaseKind.SHORTFALL], "order", fine,
        resolution="Stock arrived and is reserved.", now=now,
    )  # fmt: skip
    mapped = [each for each in order_ids if "unmapped" not in waiting[each]]
    for order_id in db.execute(_HELD_FOR_SKU, {"orders": mapped}).scalars().all():
        release_holds(db, actor, order_id, _FOR_SKU, reason="Every line has a SKU now.", now=now)
    rows = db.execute(
        select(orders, total_of_order().label("worth")).where(orders.c.id.in_(short))
    ).all()
    drafts = [
        shortfall_case(r.id, r.number, r.worth or 0, r.currency, short[r.id], r.ship_by)
        for r in rows
    ]
    open_cases(db, drafts, now=now)


_FOR_SKU = (HoldCode.UNKNOWN_SKU, HoldCode.MISSING_SKU)
_SHORT = orders.update().where(among(orders.c.id, "orders")).values(is_short=True)
_NOT_SHORT = orders.update().where(among(orders.c.id, "orders")).values(is_short=False)
_HELD_FOR_SKU = (
    select(holds.c.order_id)
    .where(
        among(holds.c.order_id, "orders"),
        holds.c.released_at.is_(None),
        holds.c.code.in_([code.value for code in _FOR_SKU]),
    )
    .distinct()
)


def _alive(db: Connection, order_ids: Sequence[int]) -> list[int]:
    query = select(orders.c.id).where(orders.c.id.in_(order_ids), orders.c.status.in_(_ALIVE))
    return sorted(db.execute(query).scalars())
