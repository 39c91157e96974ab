"""Do to orders what rules say, once: tags, holds, notes, who takes care of it, cases.

What was done is kept with the suggestion. So asking the rules again repeats nothing, and what a person
took back stays taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.casework.kinds import TEMPLATES
from app.domain.orders import HoldCode, MapperHold
from app.domain.roles import SYSTEM
from app.domain.rulebook.effects import Deeds, Effects
from app.models.bulk import insert_rows
from app.models.fulfilment import routing_suggestions
from app.models.identity import Identity
from app.models.orders import holds, order_notes, order_tags, orders, total_of_order
from app.models.sets import among
from app.services import audit, indexing
from app.services.cases import open_cases
from app.services.order_rows import hold_row

BY_RULES: Final = "Rules"


def rule_hold(reason: str) -> MapperHold:
    """Return the hold that a rule asks for."""
    return MapperHold(HoldCode.BY_RULE, reason)


def note_rows(ids: Identity, order_id: int, deeds: Deeds, now: datetime) -> list[dict[str, Any]]:
    """Return the notes that rules write on an order."""
    return [
        {"id": ids.take(order_notes), "order_id": order_id, "text": text, "actor": BY_RULES,
         "written_at": now}
        for text in deeds.notes
    ]  # fmt: skip


def tag_rows(order_id: int, deeds: Deeds, now: datetime) -> list[dict[str, Any]]:
    """Return the tags that rules put on an order."""
    return [
        {"order_id": order_id, "tag": tag, "added_by": BY_RULES, "added_at": now}
        for tag in deeds.tags
    ]


def case_drafts(
    order_id: int, number: str, money: int, currency: str, due: datetime | None, deeds: Deeds
) -> list[CaseDraft]:
    """Return the case that rules open about an order: one, with all that they say."""
    said = [*([deeds.hold] if deeds.hold else []), *deeds.cases]
    if not said:
        return []
    title = deeds.cases[0] if deeds.cases else TEMPLATES[CaseKind.RULE_ASKS].title.lower()
    return [
        CaseDraft(CaseKind.RULE_ASKS, "order", order_id, f"Order {number}: {title}", money, currency,
                  order_id, due_at=due, facts={"reason": " ".join(said)})
    ]  # fmt: skip


def done_before(db: Connection, order_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return what rules have done to these orders already."""
    found: dict[int, set[str]] = {}
    for order_id, explanation in db.execute(_TOLD, {"orders": list(order_ids)}):
        done = explanation.get("rules", {}).get("done", ())
        found.setdefault(order_id, set()).update(done)
    return {order_id: frozenset(done) for order_id, done in found.items()}


_TOLD = select(routing_suggestions.c.order_id, routing_suggestions.c.explanation).where(
    among(routing_suggestions.c.order_id, "orders"),
    routing_suggestions.c.rulebook_version.is_not(None),
)


def no_longer_held(
    db: Connection, order_ids: Sequence[int], asked: Callable[[int], Effects]
) -> list[int]:
    """Return the orders that a rule holds although no rule in force asks for that hold any more."""
    rows = db.execute(_HELD_BY_RULES, {"orders": list(order_ids)}).all()
    return sorted({row.order_id for row in rows if asked(row.order_id).deeds.hold != row.reason})


_HELD_BY_RULES = select(holds.c.order_id, holds.c.reason).where(
    among(holds.c.order_id, "orders"),
    holds.c.released_at.is_(None),
    holds.c.code == HoldCode.BY_RULE.value,
)


def do(db: Connection, asked: Mapping[int, Deeds], *, now: datetime) -> None:
    """Do to stored orders what rules ask for now and have not done before."""
    wanted = {order_id: deeds for order_id, deeds in asked.items() if deeds.words}
    if not wanted:
        return
    rows = db.execute(_ORDERS, {"orders": list(wanted)}).all()
    ids = Identity(db, holds, order_notes)
    _tag(db, wanted, now)
    notes = [each for key, deeds in wanted.items() for each in note_rows(ids, key, deeds, now)]
    if notes:
        insert_rows(db, order_notes, notes)
        indexing.changed(db, list({each["order_id"] for each in notes}))
    held = {key: rule_hold(deeds.hold) for key, deeds in wanted.items() if deeds.hold}
    _hold(db, ids, held, now)
    for key, deeds in wanted.items():
        if deeds.assign:
            db.execute(_ASSIGN.where(orders.c.id == key).values(assigned_to=deeds.assign))
    drafts = [
        draft
        for row in rows
        for draft in case_drafts(
            row.id, row.number, row.worth or 0, row.currency, row.ship_by, wanted[row.id]
        )
    ]
    open_cases(db, drafts, now=now)
    audit.record(db, SYSTEM, now, *(_deed(key, deeds) for key, deeds in wanted.items()))


def _deed(order_id: int, deeds: Deeds) -> audit.Deed:
    verbs = sorted({word.split()[0] for word in deeds.words})
    return audit.Deed("rules", f"order:{order_id}", after={"did": verbs, "tags": list(deeds.tags)})


def _tag(db: Connection, wanted: Mapping[int, Deeds], now: datetime) -> None:
    there = set(db.execute(_TAGGED, {"orders": list(wanted)}).all())
    rows = [each for key, deeds in wanted.items() for each in tag_rows(key, deeds, now)]
    new = [row for row in rows if (row["order_id"], row["tag"]) not in there]
    if new:
        insert_rows(db, order_tags, new)
    for key, deeds in wanted.items():
        if deeds.untags:
            db.execute(
                order_tags.delete().where(
                    order_tags.c.order_id == key, order_tags.c.tag.in_(deeds.untags)
                )
            )


def _hold(db: Connection, ids: Identity, held: Mapping[int, MapperHold], now: datetime) -> None:
    if not held:
        return
    rows = [hold_row(ids.take(holds), key, each, BY_RULES, now) for key, each in held.items()]
    insert_rows(db, holds, rows)
    db.execute(_HELD, {"orders": list(held)})


_ORDERS = (
    select(
        orders.c.id, orders.c.number, orders.c.currency, orders.c.ship_by,
        total_of_order().label("worth"),
    )
    .where(among(orders.c.id, "orders"))
    .order_by(orders.c.id)
)  # fmt: skip
_TAGGED = select(order_tags.c.order_id, order_tags.c.tag).where(
    among(order_tags.c.order_id, "orders")
)
_ASSIGN = orders.update().where(orders.c.assigned_to.is_(None))
_HELD = orders.update().where(among(orders.c.id, "orders")).values(is_held=True)
