"""Are returns what their steps say, do their units lie where they say, and is the money what was given?"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from app.domain.returning.history import Past, Step, account_after
from app.errors import RefusedError
from app.models.returns import return_steps, return_units, returns
from app.services.checks.check import Check, answer, faults_of

_HERE = """
SELECT s.code AS sku, l.code AS place, v.returns_hold, COUNT(u.id) AS units
FROM return_units u
JOIN skus s ON s.id = u.sku_id
JOIN locations l ON l.id = u.location_id
LEFT JOIN stock_levels v ON v.sku_id = u.sku_id AND v.location_id = u.location_id
WHERE u.custody IN ('received', 'graded')
GROUP BY s.code, l.code, v.returns_hold
HAVING COUNT(u.id) > COALESCE(v.returns_hold, 0)
"""
# What each return did to the ledger: in with “return”, and away again by what became of the unit.
_LEDGER = """
SELECT r.number, u.units, COALESCE(m.units, 0) AS moved
FROM returns r
JOIN (SELECT return_id, SUM(CASE WHEN custody IN ('received', 'graded') THEN 1 ELSE 0 END) AS units
      FROM return_units GROUP BY return_id) u ON u.return_id = r.id
LEFT JOIN (SELECT source, SUM(quantity) AS units FROM stock_movements
           WHERE bucket = 'returns_hold' GROUP BY source) m ON m.source = r.number
WHERE u.units <> COALESCE(m.units, 0)
ORDER BY r.id
"""
_SHARES = """
SELECT r.number, u.id, u.promised, u.refunded, COALESCE(g.due, 0) AS due, COALESCE(g.paid, 0) AS paid
FROM return_units u
JOIN returns r ON r.id = u.return_id
LEFT JOIN (SELECT s.unit_id,
                  SUM(CASE WHEN f.state = 'due' THEN s.amount ELSE 0 END) AS due,
                  SUM(CASE WHEN f.state = 'paid' THEN s.amount ELSE 0 END) AS paid
           FROM refund_shares s JOIN refunds f ON f.id = s.refund_id GROUP BY s.unit_id) g
  ON g.unit_id = u.id
WHERE u.promised <> COALESCE(g.due, 0) OR u.refunded <> COALESCE(g.paid, 0)
ORDER BY u.id
"""
_SUMS = """
SELECT f.id, f.amount, SUM(s.amount) AS shared
FROM refunds f JOIN refund_shares s ON s.refund_id = f.id
GROUP BY f.id, f.amount HAVING SUM(s.amount) <> f.amount
"""


def custody(db: Connection) -> Check:
    """Replay the steps of every unit, and hold where it stands against the ledger."""
    units = db.execute(
        select(return_units, returns.c.number)
        .join(returns, returns.c.id == return_units.c.return_id)
        .order_by(return_units.c.id)
    ).all()
    steps = _steps(db)
    faults = []
    for row in units:
        try:
            now = Past(steps[row.id]).now
        except RefusedError as error:
            faults.append(f"a unit of {row.number} took a step that it cannot have taken: {error}")
            continue
        is_said = (row.custody, row.grade, row.disposition)
        if is_said != (now.custody, now.grade, now.disposition):
            faults.append(f"a unit of {row.number} is “{row.custody}”, and its steps say "
                          f"“{now.custody}”")  # fmt: skip
    faults += faults_of(db, _HERE, lambda r: f"{r.units} returned units of {r.sku} should lie at "
                        f"{r.place}, and {r.returns_hold or 0} do")  # fmt: skip
    faults += faults_of(db, _LEDGER, lambda r: f"{r.units} units of {r.number} are here and not put "
                        f"away, and its movements say {r.moved}")  # fmt: skip
    return answer("returns", f"Each of {len(units):,} returned units is where its steps put it.",
                  faults)  # fmt: skip


def money(db: Connection) -> Check:
    """Replay the money of every unit, and hold it against the refunds that were given."""
    steps = _steps(db)
    rows = db.execute(
        select(return_units, returns.c.number)
        .join(returns, returns.c.id == return_units.c.return_id)
        .order_by(return_units.c.id)
    ).all()
    faults = []
    for row in rows:
        try:
            account = account_after(row.worth, steps[row.id])
        except RefusedError as error:
            faults.append(f"money for a unit of {row.number} took a step that it cannot have taken: "
                          f"{error}")  # fmt: skip
            continue
        said = (row.money, row.promised, row.refunded)
        if said != (account.state, account.promised, account.refunded):
            faults.append(f"a unit of {row.number} is “{row.money}”, and its steps say "
                          f"“{account.state}”")  # fmt: skip
    faults += faults_of(db, _SHARES, lambda r: f"what is promised or given for a unit of {r.number} "
                        "is not what its refunds say")  # fmt: skip
    faults += faults_of(db, _SUMS, lambda r: f"refund {r.id} is {r.amount}, and its shares add up to "
                        f"{r.shared}")  # fmt: skip
    return answer("refunds", "Each refund is what its units were given.", faults)


_REPLACED = """
SELECT o.number FROM replacement_orders p
JOIN orders o ON o.id = p.order_id
LEFT JOIN recoveries r ON r.replacement_order_id = p.order_id AND r.order_id = p.original_order_id
  AND r.shipment_id = p.shipment_id
WHERE r.id IS NULL OR COALESCE(o.total, 1) <> 0 ORDER BY o.id
"""
_MADE_GOOD = """
SELECT o.number, r.kind FROM recoveries r
JOIN orders o ON o.id = r.order_id
LEFT JOIN refunds f ON f.id = r.refund_id
LEFT JOIN orders n ON n.id = r.replacement_order_id
WHERE (r.kind IN ('refund', 'partial') AND (f.order_id <> r.order_id OR f.amount <> r.refund_cost
        OR (r.state = 'withdrawn') <> (f.state = 'withdrawn')))
   OR (r.kind = 'reship' AND r.state = 'withdrawn' AND n.status <> 'cancelled')
ORDER BY r.id
"""


def recoveries(db: Connection) -> Check:
    """Look for replacements that replace nothing or cost the customer, and for money that differs."""
    faults = faults_of(db, _REPLACED, lambda r: f"order {r.number} replaces another, and nobody "
                       "chose that, or it has a price")  # fmt: skip
    faults += faults_of(db, _MADE_GOOD, lambda r: f"how a parcel of order {r.number} was made good "
                        f"({r.kind}) is not what was done")  # fmt: skip
    return answer(
        "recoveries", "Each parcel that was made good has what was chosen for it.", faults
    )


def _steps(db: Connection) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = defaultdict(list)
    for row in db.execute(select(return_steps).order_by(return_steps.c.id)):
        found[row.unit_id].append(Step(row.machine, row.verb, row.at, row.said, row.amount))
    return found
