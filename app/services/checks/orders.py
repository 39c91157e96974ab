"""Do orders, their lines, reservations and cases say the same?"""

from __future__ import annotations

from sqlalchemy import Connection, text

from app.services.checks.check import Check, answer, faults_of
from app.services.checks.deeds import deeds
from app.services.checks.kits import kit_faults

_TWICE = """
SELECT MIN(number) AS number, COUNT(*) AS times FROM orders
GROUP BY account_id, external_id HAVING COUNT(*) > 1
"""

_STATUS = """
SELECT o.number, o.status, COALESCE(f.waiting, 0) AS waiting, COALESCE(f.gone, 0) AS gone
FROM orders o LEFT JOIN (
  SELECT order_id, SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS waiting,
         SUM(CASE WHEN state = 'shipped' THEN 1 ELSE 0 END) AS gone
  FROM fulfilment_orders GROUP BY order_id
) AS f ON f.order_id = o.id
WHERE (o.status IN ('open', 'cancelled', 'taken_back') AND (f.waiting > 0 OR f.gone > 0))
   OR (o.status = 'accepted' AND (COALESCE(f.waiting, 0) = 0 OR f.gone > 0))
   OR (o.status = 'partly_shipped' AND COALESCE(f.gone, 0) = 0)
   OR (o.status = 'shipped' AND f.waiting > 0)
   OR o.status NOT IN ('open', 'accepted', 'partly_shipped', 'shipped', 'cancelled',
                       'taken_back')
"""

# The status of an order that is over, and what its channel said when it came here first.
_OVER = """
SELECT o.id, o.number, o.status, COALESCE(i.channel_state, o.channel_state) AS came_as
FROM orders o LEFT JOIN inbox_messages i ON i.id = o.inbox_id
LEFT JOIN (SELECT DISTINCT order_id FROM shipments WHERE voided_at IS NULL) AS s
  ON s.order_id = o.id
WHERE o.status = 'cancelled' OR (o.status = 'shipped' AND s.order_id IS NULL)
ORDER BY o.id
"""
_WAYS_TO_THE_END = {"cancelled": "cancel", "shipped": "close as shipped elsewhere"}

_NOTHING_LEFT = """
SELECT o.number FROM orders o
LEFT JOIN (
  SELECT order_id FROM order_lines WHERE claim IN ('short', 'unmapped')
  UNION SELECT order_id FROM reservations WHERE state = 'held'
  UNION SELECT order_id FROM fulfilment_orders WHERE state = 'open'
) AS x ON x.order_id = o.id
WHERE o.status = 'partly_shipped' AND x.order_id IS NULL
"""

_LINE_LEFT = """
SELECT o.number, l.sku_text AS sku FROM order_lines l JOIN orders o ON o.id = l.order_id
WHERE l.claim IN ('short', 'unmapped') AND o.status = 'shipped'
"""

_HELD = """
SELECT o.number, o.is_held FROM orders o
LEFT JOIN (SELECT DISTINCT order_id FROM holds WHERE released_at IS NULL) AS h ON h.order_id = o.id
WHERE o.is_held <> (h.order_id IS NOT NULL)
"""

_SHORT = """
SELECT o.number, o.is_short FROM orders o
LEFT JOIN (SELECT DISTINCT order_id FROM order_lines WHERE claim = 'short') AS l
  ON l.order_id = o.id
WHERE o.status IN ('open', 'partly_shipped') AND o.is_short <> (l.order_id IS NOT NULL)
"""

_ORPHANS = """
SELECT r.id, COALESCE(o.number, '(no order)') AS number FROM reservations r
LEFT JOIN orders o ON o.id = r.order_id
LEFT JOIN order_lines l ON l.id = r.order_line_id
LEFT JOIN skus s ON s.id = r.sku_id
WHERE o.id IS NULL OR l.id IS NULL OR s.id IS NULL OR l.order_id <> r.order_id
   OR r.quantity <= 0 OR r.state NOT IN ('held', 'allocated', 'released')
"""

_OF_THE_DEAD = """
SELECT o.number, o.status FROM reservations r JOIN orders o ON o.id = r.order_id
WHERE (r.state = 'held' AND o.status IN ('shipped', 'cancelled', 'taken_back'))
   OR (r.state = 'allocated' AND o.status IN ('open', 'cancelled', 'taken_back'))
"""

_HELD_UNITS = """
SELECT s.code AS sku, SUM(d.units) AS off FROM (
  SELECT sku_id, reserved AS units FROM network_stock
  UNION ALL
  SELECT sku_id, -SUM(quantity) FROM reservations WHERE state = 'held' GROUP BY sku_id
) AS d LEFT JOIN skus s ON s.id = d.sku_id
GROUP BY d.sku_id, s.code HAVING SUM(d.units) <> 0
"""

_LINES = """
SELECT o.number, l.sku_text AS sku, l.quantity * l.pack AS quantity, l.claim,
       COALESCE(r.units, 0) AS units
FROM order_lines l JOIN orders o ON o.id = l.order_id
LEFT JOIN skus s ON s.id = l.sku_id
LEFT JOIN (
  SELECT order_line_id, SUM(quantity) AS units FROM reservations
  WHERE state <> 'released' GROUP BY order_line_id
) AS r ON r.order_line_id = l.id
WHERE (l.claim = 'reserved' AND r.units IS NULL)
   OR (l.claim <> 'reserved' AND r.units IS NOT NULL)
   OR (l.claim = 'reserved' AND NOT s.is_kit AND r.units <> l.quantity * l.pack
       AND NOT EXISTS (SELECT 1 FROM reservations x WHERE x.order_line_id = l.id
                       AND x.state <> 'released' AND x.sku_id <> l.sku_id))
"""

_NO_CASE = """
SELECT o.number, 'is short of stock' AS what FROM orders o
WHERE o.is_short AND o.status IN ('open', 'partly_shipped') AND NOT EXISTS (
  SELECT 1 FROM exception_cases c WHERE c.kind = 'shortfall' AND c.subject_kind = 'order'
  AND c.subject_id = o.id AND c.state = 'open')
"""


_HALF_A_CASE = """
SELECT id, kind FROM exception_cases WHERE state = 'open' AND (severity NOT IN ('high', 'medium', 'low')
  OR owner = '' OR impact = '' OR cause = '' OR link = '' OR title = '' OR due_at IS NULL)
"""

_OF_THE_OVER = """
SELECT o.number, c.kind FROM exception_cases c JOIN orders o ON o.id = c.order_id
WHERE c.state = 'open' AND o.status IN ('cancelled', 'taken_back') AND c.kind IN (
  'unknown_sku', 'missing_sku', 'shortfall', 'no_location', 'address_invalid', 'payment_pending')
"""


def orders(db: Connection) -> Check:
    """Look for orders that are there twice, or whose status their parcels contradict."""
    count = db.execute(text("SELECT COUNT(*) FROM orders")).scalar_one()
    faults = faults_of(db, _TWICE, lambda r: f"order {r.number} is stored {r.times} times")
    faults += faults_of(
        db, _STATUS,
        lambda r: f"order {r.number} is {r.status.replace('_', ' ')} with {r.waiting} parcels to "
        f"ship and {r.gone} shipped",
    )  # fmt: skip
    faults += faults_of(
        db, _HELD, lambda r: f"order {r.number} is {_not(r.is_held)}on hold, its holds differ"
    )
    faults += faults_of(
        db, _SHORT, lambda r: f"order {r.number} is {_not(r.is_short)}short, its lines differ"
    )
    faults += faults_of(
        db, _NOTHING_LEFT, lambda r: f"order {r.number} is partly shipped with nothing left to ship"
    )
    faults += faults_of(
        db, _LINE_LEFT, lambda r: f"order {r.number} is shipped, but its {r.sku or 'line'} waits"
    )
    faults += _ended_by_nobody(db)
    return answer("orders", f"All {count:,} orders agree with what happened to them.", faults)


def reservations(db: Connection) -> Check:
    """Look for units reserved for nobody, for an order that is over, or in a wrong number."""
    faults = faults_of(db, _ORPHANS, lambda r: f"a reservation of order {r.number} has no line")
    faults += faults_of(
        db, _OF_THE_DEAD, lambda r: f"order {r.number} is {r.status} and still reserves units"
    )
    faults += faults_of(
        db, _HELD_UNITS, lambda r: f"{r.sku}: {r.off:+} units are reserved for no order"
    )
    faults += faults_of(
        db, _LINES,
        lambda r: f"order {r.number}: {r.quantity} × {r.sku or 'a line without a code'} is "
        f"“{r.claim}” with {r.units} units reserved",
    )  # fmt: skip
    faults += kit_faults(db)
    return answer("reservations", "Every reserved unit belongs to an open order line.", faults)


def told(db: Connection) -> Check:
    """Look for orders that wait for stock without anybody having been told."""
    faults = faults_of(db, _NO_CASE, lambda r: f"order {r.number} {r.what}, without a case")
    faults += faults_of(
        db, _HALF_A_CASE,
        lambda r: f"case {r.id} ({r.kind.replace('_', ' ')}) does not say whose it is, until when or why",
    )  # fmt: skip
    faults += faults_of(
        db, _OF_THE_OVER,
        lambda r: f"order {r.number} is over, and its case ({r.kind.replace('_', ' ')}) is not",
    )  # fmt: skip
    return answer(
        "cases",
        "Every order that is short of stock has its case, and every open case says whose it is, until "
        "when, what it costs and where it is settled.",
        faults,
    )


def _ended_by_nobody(db: Connection) -> list[str]:
    """Return the orders that are over although nobody ended them and they did not come so."""
    last: dict[str, str] = {
        deed.subject: deed.action for deed in deeds(db, *_WAYS_TO_THE_END.values(), "reinstate")
    }
    return [
        f"order {row.number} is {row.status}, and nothing says why"
        for row in db.execute(text(_OVER))
        if last.get(f"order:{row.id}", row.came_as)
        not in (_WAYS_TO_THE_END[row.status], row.status)
    ]


def _not(flag: bool) -> str:
    return "" if flag else "not "
