"""Keep suggestions: where orders ship from, and why there and not elsewhere.

A suggestion changes no stock; a decision turns an order's reservation into an allocation at the
chosen locations and opens one fulfilment order for each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.models.bulk import insert_rows
from app.models.fulfilment import routing_suggestions
from app.models.identity import Identity
from app.models.orders import orders, reservations, total_of_order
from app.services import reserving
from app.services.cases import open_cases, resolve_cases
from app.services.ledger import plan_suggested
from app.services.planning.router import Router, routable
from app.services.planning.suggested import places, suggestion_row
from app.services.rules import deeds
from app.services.rules.asking import Asking
from app.services.standing_in import NOTHING_BESIDE, beside_of


def no_location_case(
    order_id: int, number: str, money: int, currency: str, due: datetime | None
) -> CaseDraft:
    """Return the case of an order that no allowed combination of locations can ship whole."""
    return CaseDraft(
        CaseKind.NO_LOCATION, "order", order_id,
        f"Order {number}: no allowed location has all of it",
        money, currency, order_id, due_at=due,
    )  # fmt: skip


def resuggest(
    db: Connection,
    order_ids: Sequence[int],
    *,
    now: datetime,
    planned: Mapping[int, Mapping[int, int]] | None = None,
) -> None:
    """Work out the suggestions of open orders anew: stock, address or policy has changed.

    ``planned`` are the locations that a plan gives to orders, by line.
    """
    if not order_ids:
        return
    reserving.forget_suggested(db, order_ids)
    db.execute(
        routing_suggestions.update()
        .where(routing_suggestions.c.order_id.in_(order_ids), routing_suggestions.c.state == "open")
        .values(state="superseded")
    )
    claims = _held_claims(db, order_ids)
    pool = reserving.load_pool(db, {c.sku_id for held in claims.values() for c, _id in held})
    router = Router(db, now)
    _write_suggestions(
        db,
        _routables(db, order_ids),
        claims,
        pool,
        router,
        Asking(db, router.rules, router, order_ids),
        planned or {},
    )


def _write_suggestions(
    db: Connection,
    rows: Sequence[Any],
    claims: dict[int, list[tuple[Claim, int]]],
    pool: StockPool,
    router: Router,
    asking: Asking,
    planned_at: Mapping[int, Mapping[int, int]],
) -> None:
    ids = Identity(db, routing_suggestions)
    planned: dict[tuple[int, int], int] = defaultdict(int)
    suggested: list[dict[str, Any]] = []
    located: list[dict[str, Any]] = []
    incomplete: list[CaseDraft] = []
    routed: list[int] = []
    units = {key: [claim for claim, _id in mine] for key, mine in claims.items()}
    told = beside_of(db, rows, units, pool, router.policies, router.now)
    for row in sorted(
        rows, key=lambda each: each.id not in planned_at
    ):  # what is planned goes first
        held, beside = claims.get(row.id, []), told.get(row.id, NOTHING_BESIDE)
        order = replace(routable(row), follows=beside.follows)
        asked = asking.of(row.id)
        answer = router.suggest(order, units.get(row.id, ()), pool, asked, planned_at.get(row.id))
        suggested.append(suggestion_row(
            ids.take(routing_suggestions), order, answer, router, asked, asking.done_to(row.id), beside
        ))  # fmt: skip
        at = places(answer)
        for claim, reservation_id in held:
            if claim in at:
                planned[claim.sku_id, at[claim]] += claim.quantity
                located.append({"key": reservation_id, "place": at[claim]})
        if answer.is_complete:
            routed.append(row.id)
        elif held:
            incomplete.append(
                no_location_case(row.id, row.number, row.worth or 0, row.currency, row.ship_by)
            )
    if suggested:
        insert_rows(db, routing_suggestions, suggested)
    if located:
        db.execute(_LOCATE, located)
    plan_suggested(db, planned)
    _mark_routed(db, [row.id for row in rows], routed)
    resolve_cases(
        db, [CaseKind.NO_LOCATION], "order", routed,
        resolution="A location has everything now.", now=router.now,
    )  # fmt: skip
    open_cases(db, incomplete, now=router.now)
    deeds.do(db, asking.to_do(), now=router.now)


_LOCATE = (
    reservations.update()
    .where(reservations.c.id == bindparam("key"))
    .values(suggested_location_id=bindparam("place"))
)


def _mark_routed(db: Connection, all_ids: Sequence[int], routed: Sequence[int]) -> None:
    db.execute(orders.update().where(orders.c.id.in_(all_ids)).values(is_routed=False))
    if routed:
        db.execute(orders.update().where(orders.c.id.in_(routed)).values(is_routed=True))


def _routables(db: Connection, order_ids: Sequence[int]) -> Sequence[Any]:
    return db.execute(
        select(orders, total_of_order().label("worth"))
        .where(orders.c.id.in_(order_ids))
        .order_by(orders.c.placed_at, orders.c.id)
    ).all()


def _held_claims(db: Connection, order_ids: Sequence[int]) -> dict[int, list[tuple[Claim, int]]]:
    found: dict[int, list[tuple[Claim, int]]] = defaultdict(list)
    query = (
        select(reservations)
        .where(reservations.c.order_id.in_(order_ids), reservations.c.state == "held")
        .order_by(reservations.c.id)
    )
    for row in db.execute(query):
        claim = Claim(row.order_line_id, row.sku_id, row.quantity)
        found[row.order_id].append((claim, row.id))
    return found
