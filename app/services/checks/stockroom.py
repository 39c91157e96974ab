"""Are deliveries and counts what the trail says was done to them, and did the stock follow?"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, select, text

from app.models.inbound import expected_receipt_lines, expected_receipts
from app.services.checks.check import Check, answer, faults_of
from app.services.checks.deeds import deeds

_STATES = """
SELECT number, state FROM expected_receipts
WHERE state NOT IN ('open', 'closed') OR kind NOT IN ('purchase', 'transfer')
   OR (state = 'closed') <> (closed_at IS NOT NULL) ORDER BY id
"""
_ORIGINS = """
SELECT r.number FROM expected_receipts r
WHERE (r.kind = 'transfer') <> (r.origin_id IS NOT NULL)
   OR (r.origin_id IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM stock_movements m WHERE m.source = r.number AND m.location_id = r.origin_id
     AND m.bucket = 'on_hand' AND m.cause = 'transfer' AND m.quantity < 0))
ORDER BY r.id
"""
_TAKEN_OVER = """
SELECT c.id, COALESCE(m.units, 0) AS units FROM stock_counts c
LEFT JOIN (SELECT source, SUM(quantity) AS units FROM stock_movements
           WHERE cause = 'count' AND bucket = 'on_hand' GROUP BY source) AS m
  ON m.source = 'count ' || c.id
ORDER BY c.id
"""
_COUNTED = "SELECT count_id, sku_id, counted FROM stock_count_lines ORDER BY id"


def delivery_faults(db: Connection) -> list[str]:
    """Hold deliveries against their movements and against what the trail says arrived of them."""
    faults = faults_of(
        db, _STATES, lambda r: f"delivery {r.number} is “{r.state}”, which its times do not say"
    )
    faults += faults_of(
        db, _ORIGINS, lambda r: f"delivery {r.number} does not come from where it was sent"
    )
    return faults + _unlike_the_trail(db)


def _unlike_the_trail(db: Connection) -> list[str]:
    expected, received, outstanding = _by_line(db)
    line = expected_receipt_lines.c
    query = (
        select(expected_receipts.c.number, line.id, line.expected, line.received, line.outstanding)
        .join(expected_receipts, expected_receipts.c.id == line.receipt_id)
        .order_by(line.id)
    )
    return [
        f"delivery {row.number} is not what was done to it: {row.received:,} of {row.expected:,} "
        f"units arrived, and the trail says {received[row.id]:,} of {expected.get(row.id, 0):,}"
        for row in db.execute(query)
        if (row.expected, row.received, row.outstanding)
        != (expected.get(row.id, 0), received[row.id], outstanding[row.id])
    ]


def _by_line(db: Connection) -> tuple[dict[int, int], Counter[int], Counter[int]]:
    """Return what the trail says of each line: what was expected first, came, and is on its way."""
    expected: dict[int, int] = {}
    received: Counter[int] = Counter()
    outstanding: Counter[int] = Counter()
    for deed in deeds(db, "delivery"):
        for line_id, on_its_way, came, *_rest in deed.after.get("steps", ()):
            expected.setdefault(line_id, on_its_way)
            received[line_id] += came
            outstanding[line_id] += on_its_way
    return expected, received, outstanding


def counts(db: Connection) -> Check:
    """Look for counts that are closed without their differences, by nobody, or with other units."""
    trail = _Counts(db)
    rows = db.execute(text("SELECT id, state FROM stock_counts ORDER BY id")).all()
    faults = [
        f"count {row.id} is “{row.state}”, and nobody made it so"
        for row in rows
        if row.state != trail.states.get(f"count:{row.id}")
    ]
    faults += [
        f"count {row.id} took over {trail.units[f'count:{row.id}']:+,} units, and its movements "
        f"say {row.units:+,}"
        for row in db.execute(text(_TAKEN_OVER))
        if row.units != trail.units[f"count:{row.id}"]
    ]
    faults += [
        f"count {row.count_id} says something else than what was counted"
        for row in db.execute(text(_COUNTED))
        if row.counted != trail.counted.get((f"count:{row.count_id}", row.sku_id))
    ]
    return answer("counts", f"Each of {len(rows):,} counts is what was taken over.", faults)


class _Counts:
    """What the trail says of counts: the state of each, what it took over, and what was counted."""

    def __init__(self, db: Connection) -> None:
        self.states: dict[str, str] = {}
        self.units: Counter[str] = Counter()
        self.counted: dict[tuple[str, int], int | None] = {}
        for deed in deeds(db, "start count", "enter count", "count"):
            if deed.action == "enter count":
                self.counted[deed.subject, deed.after.get("sku", 0)] = deed.after.get("counted")
            else:
                self.states[deed.subject] = deed.after.get("state", "open")
                self.units[deed.subject] += deed.after.get("units", 0)
