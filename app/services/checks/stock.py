"""Do the balances follow from the movements, and the plans from the reservations?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text

from app.services.checks.check import Check, answer, faults_of
from app.services.checks.stockroom import delivery_faults

_BUCKETS = ("on_hand", "allocated", "damaged", "quarantine", "returns_hold", "incoming")

_LEVELS = f"""
SELECT s.code AS sku, p.name AS place, d.* FROM (
  SELECT sku_id, location_id, {", ".join(f"SUM({b}) AS {b}" for b in _BUCKETS)}
  FROM (
    SELECT sku_id, location_id, {", ".join(_BUCKETS)} FROM stock_levels
    UNION ALL
    SELECT sku_id, location_id,
           {", ".join(f"-SUM(CASE WHEN bucket = '{b}' THEN quantity ELSE 0 END)" for b in _BUCKETS)}
    FROM stock_movements WHERE bucket <> 'reserved' GROUP BY sku_id, location_id
  ) AS both_sides GROUP BY sku_id, location_id
) AS d
LEFT JOIN skus s ON s.id = d.sku_id LEFT JOIN locations p ON p.id = d.location_id
WHERE {" OR ".join(f"d.{b} <> 0" for b in _BUCKETS)}
ORDER BY d.sku_id, d.location_id
"""

_FREE = """
SELECT s.code AS sku, SUM(d.units) AS off FROM (
  SELECT sku_id, free AS units FROM network_stock
  UNION ALL
  SELECT sku_id, -SUM(CASE WHEN bucket = 'on_hand' THEN quantity ELSE -quantity END)
  FROM stock_movements WHERE bucket NOT IN ('reserved', 'incoming')
  AND location_id NOT IN (SELECT id FROM locations WHERE account_id IS NOT NULL) GROUP BY sku_id
) AS d LEFT JOIN skus s ON s.id = d.sku_id
GROUP BY d.sku_id, s.code HAVING SUM(d.units) <> 0 ORDER BY d.sku_id
"""

_RESERVED = """
SELECT s.code AS sku, SUM(d.units) AS off FROM (
  SELECT sku_id, reserved AS units FROM network_stock
  UNION ALL
  SELECT sku_id, -SUM(quantity) FROM stock_movements WHERE bucket = 'reserved' GROUP BY sku_id
) AS d LEFT JOIN skus s ON s.id = d.sku_id
GROUP BY d.sku_id, s.code HAVING SUM(d.units) <> 0 ORDER BY d.sku_id
"""

_SUGGESTED = """
SELECT s.code AS sku, p.name AS place, SUM(d.units) AS off FROM (
  SELECT sku_id, location_id, suggested AS units FROM stock_levels
  UNION ALL
  SELECT sku_id, suggested_location_id, -SUM(quantity) FROM reservations
  WHERE state = 'held' AND suggested_location_id IS NOT NULL
  GROUP BY sku_id, suggested_location_id
) AS d LEFT JOIN skus s ON s.id = d.sku_id LEFT JOIN locations p ON p.id = d.location_id
GROUP BY d.sku_id, d.location_id, s.code, p.name
HAVING SUM(d.units) <> 0 ORDER BY d.sku_id, d.location_id
"""

_OVERSOLD = """
SELECT s.code AS sku, n.free, n.reserved,
       EXISTS (SELECT 1 FROM exception_cases c WHERE c.kind IN ('negative_stock', 'oversold')
               AND c.subject_kind = 'sku' AND c.subject_id = n.sku_id AND c.state = 'open') AS known
FROM network_stock n JOIN skus s ON s.id = n.sku_id
WHERE n.free < n.reserved ORDER BY s.code
"""


_INCOMING = """
SELECT s.code AS sku, p.name AS place, SUM(d.units) AS off FROM (
  SELECT sku_id, location_id, incoming AS units FROM stock_levels
  UNION ALL
  SELECT l.sku_id, r.location_id, -l.outstanding FROM expected_receipt_lines l
  JOIN expected_receipts r ON r.id = l.receipt_id
) AS d LEFT JOIN skus s ON s.id = d.sku_id LEFT JOIN locations p ON p.id = d.location_id
GROUP BY d.sku_id, d.location_id, s.code, p.name
HAVING SUM(d.units) <> 0 ORDER BY d.sku_id, d.location_id
"""

_DELIVERIES = """
SELECT r.number, r.state, SUM(l.outstanding) AS left_over FROM expected_receipts r
JOIN expected_receipt_lines l ON l.receipt_id = r.id
GROUP BY r.id, r.number, r.state
HAVING (r.state = 'open') <> (SUM(l.outstanding) > 0) ORDER BY r.id
"""

_BELOW_ZERO = """
SELECT s.code AS sku, p.name AS place, l.on_hand - l.unavailable - l.allocated AS free,
       EXISTS (SELECT 1 FROM exception_cases c WHERE c.kind IN ('negative_stock', 'oversold')
               AND c.subject_kind = 'sku' AND c.subject_id = l.sku_id AND c.state = 'open') AS known
FROM stock_levels l JOIN skus s ON s.id = l.sku_id JOIN locations p ON p.id = l.location_id
WHERE l.on_hand - l.unavailable - l.allocated < 0 ORDER BY s.code, l.location_id
"""


def balances(db: Connection) -> Check:
    """Replay the ledger and compare it with every balance by location."""
    count = db.execute(text("SELECT COUNT(*) FROM stock_movements")).scalar_one()
    good = f"All {count:,} stock movements add up to the stock that is shown."
    return answer("stock by location", good, faults_of(db, _LEVELS, _wrong_level))


def network(db: Connection) -> Check:
    """Replay the ledger and compare it with what is free and reserved over all locations."""
    faults = faults_of(db, _FREE, _off("free")) + faults_of(db, _RESERVED, _off("reserved"))
    return answer("stock over all locations", "Free and reserved units follow from them.", faults)


def plans(db: Connection) -> Check:
    """Compare what open suggestions would use with the reservations that they are made of."""
    good = "The open suggestions use what is reserved, and nothing else."
    return answer("suggestions", good, faults_of(db, _SUGGESTED, _wrong_plan))


def incoming(db: Connection) -> Check:
    """Compare what is on its way with the deliveries that it belongs to."""
    faults = faults_of(
        db, _INCOMING, lambda r: f"{r.sku} at {r.place}: {r.off:+} units on their way differ"
    )
    faults += faults_of(
        db, _DELIVERIES, lambda r: f"delivery {r.number} is {r.state} with {r.left_over} on the way"
    )
    faults += delivery_faults(db)
    return answer("deliveries", "What is on its way belongs to an open delivery.", faults)


def oversold(db: Connection) -> Check:
    """Say what is promised beyond what is there; that is sound as long as somebody was told."""
    rows = db.execute(text(_OVERSOLD)).all()
    secret = [_short(row) for row in rows if not row.known]
    below = db.execute(text(_BELOW_ZERO)).all()
    secret += [f"{row.sku} is {row.free} at {row.place}" for row in below if not row.known]
    good = "Nothing is promised that is not there."
    if rows:
        good = "More is promised than there is, and Exceptions says so: " + "; ".join(
            map(_short, rows)
        )
    return answer("oversold", good, secret)


def _wrong_level(row: Any) -> str:
    off = [
        f"{getattr(row, bucket):+} {bucket.replace('_', ' ')}"
        for bucket in _BUCKETS
        if getattr(row, bucket)
    ]
    return f"{row.sku} at {row.place} differs from its movements by {', '.join(off)}"


def _off(what: str) -> Callable[[Any], str]:
    return lambda row: f"{row.sku}: the units {what} differ from the movements by {row.off:+}"


def _wrong_plan(row: Any) -> str:
    return f"{row.sku} at {row.place}: suggestions are {row.off:+} units off"


def _short(row: Any) -> str:
    return f"{row.sku} has {row.free:,} free and {row.reserved:,} reserved"
