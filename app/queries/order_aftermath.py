"""What happened to an order after it had left: made good, claimed, sent back? For its timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.explaining import Wording
from app.domain.recovering.matrix import SITUATIONS, Situation
from app.models.orders import orders
from app.models.returns import carrier_claims, replacement_orders
from app.queries.recoveries import recovery_rows
from app.queries.returns import return_detail, returns_of

# When, who, what, more of it, and of which kind.
Told = tuple[datetime, str, str, str, str]


def aftermath(db: Connection, order_id: int, wording: Wording) -> Iterator[Told]:
    """Yield what happened to an order and its parcels after they had left."""
    yield from _made_good(db, order_id, wording)
    yield from _claimed(db, order_id, wording)
    yield from _replaces(db, order_id, wording)
    yield from _came_back(db, order_id, wording)


def _made_good(db: Connection, order_id: int, wording: Wording) -> Iterator[Told]:
    """How its parcels were made good, what replaces it, and what was asked of the carrier."""
    for made in recovery_rows(db, order_id):
        cost = f"It costs {wording.money(made.cost, made.currency)}. " if made.cost else ""
        new = f"Order {made.replacement} replaces it. " if made.replacement else ""
        title = f"The parcel is {SITUATIONS[Situation(made.situation)]}: {made.kind_words.lower()}"
        said = " ".join(f"{new}{cost}{made.reason}".split())
        yield (made.chosen_at, made.chosen_by, title, said, "decision")


def _claimed(db: Connection, order_id: int, wording: Wording) -> Iterator[Told]:
    table = carrier_claims.c
    query = select(carrier_claims).where(table.order_id == order_id, table.state != "dropped")
    for row in db.execute(query.order_by(table.id)):
        amount = wording.money(row.amount, row.currency)
        if row.filed_at:
            yield (row.filed_at, row.opened_by, f"Claimed {amount} of {row.carrier}",
                                row.reference, "carrier")  # fmt: skip
        if row.answered_at:
            paid = f"pays {wording.money(row.paid, row.currency)}" if row.paid else "pays nothing"
            yield (row.answered_at, row.carrier, f"{row.carrier} {paid}", row.note,
                                "carrier")  # fmt: skip


def _replaces(db: Connection, order_id: int, _wording: Wording) -> Iterator[Told]:
    query = (
        select(orders.c.number, orders.c.placed_at)
        .join(replacement_orders, replacement_orders.c.original_order_id == orders.c.id)
        .where(replacement_orders.c.order_id == order_id)
    )
    for row in db.execute(query):
        at = db.execute(select(orders.c.placed_at).where(orders.c.id == order_id)).scalar_one()
        yield (at, "Orderdeck", f"Replaces what was lost of order {row.number}",
                            "It is no sale of its own.", "desk")  # fmt: skip


def _came_back(db: Connection, order_id: int, _wording: Wording) -> Iterator[Told]:
    for row in returns_of(db, order_id):
        said = f"{row.items}. {row.reason}".strip()
        who = row.channel_name if row.source == "channel" else "Orderdeck"
        title = (
            f"Return {row.number} came back"
            if row.source == "parcel"
            else f"Return {row.number} announced"
        )
        yield (row.opened_at, who, title, said, "return")
        for step in return_detail(db, row.id).steps:
            yield (step.at, step.who, f"{row.number}: {step.words}", step.reason,
                                "return")  # fmt: skip
