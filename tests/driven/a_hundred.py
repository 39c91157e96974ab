"""A morning's queue: a hundred orders, of which ninety are clean, six ship from elsewhere, four need a person."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import Connection, select

from app.domain.orders import HoldCode, IncomingOrder, MapperHold
from app.models.fulfilment import routing_decisions
from app.models.orders import orders
from app.queries.cases import case_rows
from app.services.desk import Desk
from tests.queries.brand import NOW, order, stocked_desk, take_in

CLEAN, ELSEWHERE, CASES = 90, 6, 4


def hundred(url: str) -> Desk:
    """Open a desk with that queue. The six that a person will move are the most urgent ones."""
    desk = stocked_desk(url)
    desk.run("receive", sku="TEA-001", location="GARAGE", quantity=200, reason="Delivery")
    take_in(desk, *_elsewhere(), *_clean(), *_cases())
    return desk


def _elsewhere() -> list[IncomingOrder]:
    soon = NOW + timedelta(hours=7)
    return [order(f"MOVE-{n}", ("TEA-001", 1), ship_by=soon) for n in range(ELSEWHERE)]


def _clean() -> list[IncomingOrder]:
    channels = ("amazon", "walmart", "etsy", "ebay", "shopify", "own")
    return [order(f"CLEAN-{n:02}", ("TEA-001", 1), channel=channels[n % 6]) for n in range(CLEAN)]


def _cases() -> list[IncomingOrder]:
    suspect = MapperHold(HoldCode.ADDRESS_ZIP, "The ZIP 1000 has four digits.")
    total = MapperHold(HoldCode.TOTAL_MISMATCH, "The lines add up to $15.00, the total is $16.00.")
    broken = MapperHold(HoldCode.MOJIBAKE_SUSPECT, "The name may have lost its accents.")
    return [
        order("CASE-CODE", ("TEA-01", 1)),
        order("CASE-ADDRESS", ("TEA-001", 1), holds=(suspect,)),
        order("CASE-TOTAL", ("TEA-001", 1), holds=(total,)),
        order("CASE-NAME", ("TEA-001", 1), holds=(broken,)),
    ]


def all_done(desk: Desk) -> None:
    """Check that every order is decided, six of them by a person's own choice, and no case is left."""
    desk.read(_check)


def _check(db: Connection) -> None:
    statuses = Counter(db.execute(select(orders.c.status)).scalars())
    kinds = select(routing_decisions.c.kind).where(routing_decisions.c.withdrawn_at.is_(None))
    chosen = Counter(db.execute(kinds).scalars())
    # What six choices of one kind teach is a draft of a rule, which may wait until tomorrow.
    left = [row.title for row in case_rows(db, query="", now=NOW) if row.kind != "rule_review"]
    assert statuses == {"accepted": CLEAN + ELSEWHERE + CASES}, f"{statuses}, {left}"
    assert chosen["overridden"] == ELSEWHERE, chosen
    assert left == [], left
