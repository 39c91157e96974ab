"""Does what was allocated, shipped and told to channels fit together?"""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from app.models.fulfilment import shipments as shipments_table
from app.models.orders import orders
from app.services.checks.check import Check, answer, faults_of
from app.services.checks.deeds import deeds
from app.services.checks.told import file_faults, message_faults

_ALLOCATED = """
SELECT s.code AS sku, p.name AS place, SUM(d.units) AS off FROM (
  SELECT sku_id, location_id, allocated AS units FROM stock_levels
  UNION ALL
  SELECT l.sku_id, f.location_id, -SUM(l.quantity) FROM fulfilment_order_lines l
  JOIN fulfilment_orders f ON f.id = l.fulfilment_order_id WHERE f.state = 'open'
  GROUP BY l.sku_id, f.location_id
) AS d LEFT JOIN skus s ON s.id = d.sku_id LEFT JOIN locations p ON p.id = d.location_id
GROUP BY d.sku_id, d.location_id, s.code, p.name
HAVING SUM(d.units) <> 0 ORDER BY d.sku_id, d.location_id
"""

_LINES = """
SELECT o.number FROM fulfilment_order_lines l
JOIN fulfilment_orders f ON f.id = l.fulfilment_order_id AND f.state <> 'cancelled'
JOIN orders o ON o.id = f.order_id
LEFT JOIN reservations r ON r.id = l.reservation_id
WHERE r.id IS NULL OR r.state <> 'allocated' OR r.quantity <> l.quantity OR r.sku_id <> l.sku_id
   OR r.order_id <> f.order_id
"""

_UNBACKED = """
SELECT o.number FROM reservations r JOIN orders o ON o.id = r.order_id
LEFT JOIN (
  SELECT l.reservation_id, COUNT(*) AS times FROM fulfilment_order_lines l
  JOIN fulfilment_orders f ON f.id = l.fulfilment_order_id WHERE f.state <> 'cancelled'
  GROUP BY l.reservation_id
) AS x ON x.reservation_id = r.id
WHERE r.state = 'allocated' AND COALESCE(x.times, 0) <> 1
"""

_TWICE = """
SELECT o.number, COUNT(*) AS times FROM shipments s
LEFT JOIN fulfilment_orders f ON f.id = s.fulfilment_order_id
LEFT JOIN orders o ON o.id = s.order_id
WHERE s.voided_at IS NULL GROUP BY s.fulfilment_order_id, o.number HAVING COUNT(*) > 1
"""

_STATE = """
SELECT o.number, f.state FROM fulfilment_orders f JOIN orders o ON o.id = f.order_id
LEFT JOIN (
  SELECT fulfilment_order_id, MIN(order_id) AS order_id FROM shipments WHERE voided_at IS NULL
  GROUP BY fulfilment_order_id
) AS s ON s.fulfilment_order_id = f.id
WHERE (f.state = 'shipped') <> (s.fulfilment_order_id IS NOT NULL) OR s.order_id <> f.order_id
"""

_STRAY = """
SELECT s.tracking_number AS number FROM shipments s
LEFT JOIN fulfilment_orders f ON f.id = s.fulfilment_order_id WHERE f.id IS NULL
"""

_TOO_MANY = """
SELECT o.number, l.sku_text AS sku, l.quantity * l.pack AS quantity, x.units FROM order_lines l
JOIN orders o ON o.id = l.order_id
JOIN (
  SELECT g.order_line_id, g.sku_id, SUM(g.quantity) AS units FROM fulfilment_order_lines g
  JOIN fulfilment_orders f ON f.id = g.fulfilment_order_id
  JOIN shipments s ON s.fulfilment_order_id = f.id AND s.voided_at IS NULL
  GROUP BY g.order_line_id, g.sku_id
) AS x ON x.order_line_id = l.id AND x.sku_id = l.sku_id
WHERE x.units > l.quantity * l.pack AND l.quantity > 0
"""

_GOODS = """
SELECT o.number, s.code AS sku, SUM(d.units) AS off FROM (
  SELECT order_id, sku_id, location_id, quantity AS units FROM stock_movements
  WHERE bucket = 'on_hand' AND cause IN ('shipment', 'voided_shipment')
  UNION ALL
  SELECT f.order_id, l.sku_id, f.location_id, l.quantity FROM fulfilment_order_lines l
  JOIN fulfilment_orders f ON f.id = l.fulfilment_order_id WHERE f.state = 'shipped'
) AS d LEFT JOIN orders o ON o.id = d.order_id LEFT JOIN skus s ON s.id = d.sku_id
GROUP BY d.order_id, d.sku_id, d.location_id, o.number, s.code HAVING SUM(d.units) <> 0
"""

_CONFIRMED = """
SELECT o.number, COALESCE(m.times, 0) AS times FROM shipments s
JOIN orders o ON o.id = s.order_id
LEFT JOIN (
  SELECT shipment_id, COUNT(*) AS times FROM outbox_messages
  WHERE kind = 'ship_confirm' AND state <> 'recalled' GROUP BY shipment_id
) AS m ON m.shipment_id = s.id
WHERE (s.voided_at IS NULL AND COALESCE(m.times, 0) <> 1
       AND NOT (m.times IS NULL AND s.order_id IN (SELECT order_id FROM replacement_orders))
       AND NOT (m.times IS NULL AND s.id IN (
         SELECT d.shipment_id FROM outbox_messages d
         JOIN outbox_attempts a ON a.message_id = d.id AND a.outcome = 'dropped')))
   OR (s.voided_at IS NOT NULL AND COALESCE(m.times, 0) <> 0)
"""

_KEYS = """
SELECT idempotency_key AS name, COUNT(*) AS times FROM outbox_messages
GROUP BY idempotency_key HAVING COUNT(*) > 1
"""


def allocations(db: Connection) -> Check:
    """Compare what decisions committed with the units allocated and the reservations behind them."""
    faults = faults_of(
        db, _ALLOCATED, lambda r: f"{r.sku} at {r.place}: {r.off:+} units allocated to no parcel"
    )
    faults += faults_of(
        db, _LINES, lambda r: f"a parcel of order {r.number} holds units that it has not reserved"
    )
    faults += faults_of(
        db, _UNBACKED, lambda r: f"order {r.number} has units allocated without one parcel for them"
    )
    return answer("allocations", "Every allocated unit belongs to one parcel.", faults)


def shipments(db: Connection) -> Check:
    """Look for anything that shipped twice, or without its goods leaving the stock."""
    count = db.execute(text("SELECT COUNT(*) FROM shipments WHERE voided_at IS NULL")).scalar_one()
    faults = faults_of(
        db, _TWICE, lambda r: f"one parcel of order {r.number} has {r.times} shipments"
    )
    faults += faults_of(
        db, _STATE, lambda r: f"a parcel of order {r.number} is {r.state}, its shipment differs"
    )
    faults += faults_of(db, _STRAY, lambda r: f"shipment {r.number} belongs to no parcel")
    faults += faults_of(
        db, _TOO_MANY,
        lambda r: f"order {r.number}: {r.units} × {r.sku} shipped, {r.quantity} ordered",
    )  # fmt: skip
    faults += faults_of(
        db, _GOODS,
        lambda r: f"order {r.number}: {r.sku} shipped and left the stock differ by {r.off:+}",
    )  # fmt: skip
    faults += _unlike_the_trail(db)
    return answer("shipments", f"All {count:,} shipments left once, with their goods.", faults)


def messages(db: Connection) -> Check:
    """Look for shipments that no channel, or one channel twice, would be told of."""
    faults = faults_of(
        db, _CONFIRMED,
        lambda r: f"a shipment of order {r.number} has {r.times} messages to its channel",
    )  # fmt: skip
    faults += faults_of(db, _KEYS, lambda r: f"the message “{r.name}” is there {r.times} times")
    faults += message_faults(db)
    return answer("channel messages", "Every shipment is told to its channel once.", faults)


def files(db: Connection) -> Check:
    """Look for written files, or messages in them, that are not as they were when they were written."""
    good = "Every file that was written is as it was, with its messages."
    return answer("files for channels", good, file_faults(db))


def _unlike_the_trail(db: Connection) -> list[str]:
    """Return the shipments whose order or tracking number is not what was entered."""
    entered = {
        deed.after.get("shipment"): (deed.subject, str(deed.after.get("tracking")).strip())
        for deed in deeds(db, "ship")
    }
    table = shipments_table.c
    query = select(table.id, table.order_id, table.tracking_number, orders.c.number).join(
        orders, orders.c.id == table.order_id
    )
    return [
        f"a shipment of order {row.number} with tracking number {row.tracking_number} is not the "
        "one that was entered"
        for row in db.execute(query.order_by(table.id))
        if entered.get(row.id) != (f"order:{row.order_id}", row.tracking_number)
    ]
