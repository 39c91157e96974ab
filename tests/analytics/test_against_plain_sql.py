"""Every figure of a demo store against a statement of its own over the raw tables.

The statements are written apart from the program's: plain SQLite, no shared expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.analytics.kpis.measuring import Span, cells, totals
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.kinds import Dimension, Measure
from app.domain.roles import Actor, Role
from app.services.demo import fill
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.sync.files.exporter import FileExporter

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
SPAN = Span(NOW - timedelta(days=91), NOW)
_PLACED = (
    "o.fulfilled_by_channel = 0 AND o.status <> 'taken_back' AND o.placed_at BETWEEN :a AND :z"
)
_SOLD = "o.id NOT IN (SELECT order_id FROM replacement_orders)"
_LEFT = """
    SELECT o.channel AS channel, {what} FROM orders o
    JOIN (SELECT order_id, max(shipped_at) AS gone, count(DISTINCT tracking_number) AS parcels
          FROM shipments WHERE voided_at IS NULL GROUP BY order_id) p ON p.order_id = o.id
    WHERE o.status = 'shipped' AND o.fulfilled_by_channel = 0 AND p.gone BETWEEN :a AND :z"""
_PARCEL = """
    SELECT o.channel AS channel, {what} FROM shipments s, orders o
    WHERE o.id = s.order_id AND o.fulfilled_by_channel = 0 AND s.voided_at IS NULL {and_}"""
_MADE = """
    SELECT o.channel AS channel, {what} FROM routing_decisions d, orders o
    WHERE o.id = d.order_id AND d.withdrawn_at IS NULL AND d.decided_at BETWEEN :a AND :z"""
_SECONDS = "CAST(strftime('%s', {to}) AS INTEGER) - CAST(strftime('%s', {since}) AS INTEGER)"
_SENT = "s.shipped_at BETWEEN :a AND :z"
_FIRST = """(SELECT min(happened_at) FROM tracking_events t WHERE t.shipment_id = s.id
    AND t.status NOT IN ('pre_transit', 'cancelled'))"""

# What each statement says of a row: 1 or 0, or seconds.
PLAIN = {
    Measure.ON_TIME_SHIP: """
        SELECT o.channel AS channel, coalesce(o.status = 'shipped' AND p.gone <= o.ship_by, 0) AS x
        FROM orders o LEFT JOIN (SELECT order_id, max(shipped_at) AS gone FROM shipments
             WHERE voided_at IS NULL GROUP BY order_id) p ON p.order_id = o.id
        WHERE o.fulfilled_by_channel = 0 AND o.status NOT IN ('cancelled', 'taken_back')
          AND o.ship_by BETWEEN :a AND :z AND NOT (o.status = 'shipped' AND p.gone IS NULL)""",
    Measure.ON_TIME_DELIVERY: _PARCEL.format(
        what="(SELECT min(happened_at) FROM tracking_events t WHERE t.shipment_id = s.id "
        "AND status = 'delivered') <= o.deliver_by AS x",
        and_=f"AND o.deliver_by BETWEEN :a AND :z AND {_FIRST} IS NOT NULL",
    ),
    Measure.FILL_RATE: """
        SELECT o.channel AS channel,
          o.status IN ('shipped', 'partly_shipped') AND l.claim = 'reserved' AND
          l.quantity * l.pack <= coalesce((SELECT sum(f.quantity) FROM fulfilment_order_lines f,
            fulfilment_orders b WHERE f.order_line_id = l.id AND b.id = f.fulfilment_order_id
            AND b.state = 'shipped' AND f.is_live), 0) AS x
        FROM orders o, order_lines l WHERE l.order_id = o.id AND l.requires_shipping AND l.quantity > 0
          AND o.fulfilled_by_channel = 0 AND o.status <> 'taken_back' AND o.ship_by BETWEEN :a AND :z
          AND (o.status <> 'cancelled' OR o.id IN (SELECT order_id FROM outbox_messages
            WHERE kind = 'cancel' AND state <> 'recalled'))
          AND (o.status <> 'cancelled' OR o.id NOT IN (SELECT order_id FROM holds
            WHERE code = 'CANCEL_REQUESTED'))""",
    Measure.CYCLE_TIME: _LEFT.format(
        what=_SECONDS.format(to="p.gone", since="o.placed_at") + " AS x"
    ),
    Measure.SPLIT_RATE: _LEFT.format(what="p.parcels > 1 AS x"),
    Measure.RETURN_RATE: _LEFT.format(
        what="o.id IN (SELECT r.order_id FROM returns r JOIN return_units u ON u.return_id = r.id "
        "WHERE u.custody IN ('received', 'graded', 'disposed') AND r.reason_code <> 'undelivered' "
        "AND r.order_id IS NOT NULL) AS x"
    ),
    Measure.ACCEPTANCE_TIME: _MADE.format(
        what=_SECONDS.format(to="d.decided_at", since="o.placed_at") + " AS x"
    ),
    Measure.OVERRIDE_RATE: _MADE.format(what="d.kind <> 'accepted' AS x"),
    Measure.LABEL_TIME: """
        SELECT o.channel AS channel, CAST(strftime('%s', s.created_at) AS INTEGER)
          - CAST(strftime('%s', d.decided_at) AS INTEGER) AS x
        FROM shipments s, fulfilment_orders f, routing_decisions d, orders o
        WHERE f.id = s.fulfilment_order_id AND d.id = f.decision_id AND o.id = s.order_id
          AND s.voided_at IS NULL AND s.shipped_at BETWEEN :a AND :z""",
    Measure.PICK_PACK: _PARCEL.format(
        what=_SECONDS.format(to="s.shipped_at", since="min(p.printed_at)") + " AS x",
        and_="",
    ).replace("orders o", "orders o, document_prints p")
    + f" AND p.order_id = o.id AND p.printed_at <= s.shipped_at AND {_SENT} GROUP BY s.id",
    Measure.CANCELLATION: f"""
        SELECT o.channel AS channel, o.status = 'cancelled' AS x FROM orders o WHERE {_PLACED}""",
    Measure.SELLER_CANCEL: f"""
        SELECT o.channel AS channel, o.status = 'cancelled' AND count(m.id) > 0
          AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.code = 'CANCEL_REQUESTED')
          AS x
        FROM orders o LEFT JOIN outbox_messages m ON m.order_id = o.id AND m.kind = 'cancel'
          AND m.state <> 'recalled' WHERE {_PLACED} GROUP BY o.id""",
    Measure.OVERSELLS: f"""
        SELECT o.channel AS channel, o.id IN (SELECT order_id FROM exception_cases
          WHERE kind = 'shortfall' AND order_id IS NOT NULL) AS x FROM orders o WHERE {_PLACED}""",
    Measure.EXCEPTION_RATE: f"""
        SELECT o.channel AS channel, count(c.id) > 0 AS x FROM orders o
        LEFT JOIN exception_cases c ON c.order_id = o.id WHERE {_PLACED} GROUP BY o.id""",
    Measure.VALID_TRACKING: _PARCEL.format(
        what=f"s.tracking_number <> '' AND {_FIRST} IS NOT NULL AS x",
        and_=f"AND {_SENT} AND julianday(:z) - julianday(s.shipped_at) >= 2",
    ),
    Measure.SCAN_COMPLIANCE: _PARCEL.format(
        what=f"coalesce(julianday({_FIRST}) - julianday(s.shipped_at) <= 1, 0) AS x",
        and_=f"AND {_SENT} AND julianday(:z) - julianday(s.shipped_at) >= 1",
    ),
    Measure.INVENTORY_ACCURACY: """
        SELECT '' AS channel, l.counted = l.expected AS x FROM stock_count_lines l, stock_counts c
        WHERE c.id = l.count_id AND c.state IN ('open', 'closed') AND l.counted_at BETWEEN :a AND :z
        """,
    Measure.SYNC_LAG: """
        SELECT a.channel AS channel, CAST(strftime('%s', q.sent_at) AS INTEGER)
          - CAST(strftime('%s', q.computed_at) AS INTEGER) AS x
        FROM published_quantities q, channel_accounts a
        WHERE a.id = q.account_id AND q.sent_at NOTNULL AND q.computed_at BETWEEN :a AND :z""",
    Measure.TIME_TO_RESOLVE: """
        SELECT coalesce((SELECT channel FROM orders o WHERE o.id = c.order_id), '') AS channel,
          CAST(strftime('%s', c.resolved_at) AS INTEGER) - CAST(strftime('%s', c.opened_at) AS INTEGER)
          AS x
        FROM exception_cases c WHERE c.state <> 'open' AND c.resolved_at BETWEEN :a AND :z""",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path: Path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    store = open_ready_store(f"sqlite:///{path}", now=NOW)
    desk = Desk(store, Actor("Owner", Role.OWNER), now=lambda: NOW)
    desk.exporter = FileExporter(desk)
    fill(desk, orders=130)
    yield desk
    store.close()


def stored(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def plainly(desk: Desk, measure: Measure) -> dict[str, list[int]]:
    """Return what the statement says of each row, by channel."""
    found: dict[str, list[int]] = {}
    with desk.store.read() as db:
        times = {"a": stored(SPAN.begins), "z": stored(NOW - timedelta(microseconds=1))}
        plain = PLAIN[measure].replace(
            "o.fulfilled_by_channel = 0", f"o.fulfilled_by_channel = 0 AND {_SOLD}"
        )
        plain = plain.replace("d.withdrawn_at IS NULL", f"d.withdrawn_at IS NULL AND {_SOLD}")
        plain = plain.replace("d.id = f.decision_id", f"d.id = f.decision_id AND {_SOLD}")
        for row in db.execute(text(plain), times):
            found.setdefault(row.channel, []).append(int(row.x or 0))
    return found


def test_every_figure_is_what_plain_sql_says(demo: Desk) -> None:
    assert set(PLAIN) == set(KPIS)
    counted, empty = 0, set[Measure]()
    for measure, kpi in KPIS.items():
        ours = totals(demo.read(cells, measure, SPAN, Dimension.CHANNEL,
                                zone=ZoneInfo("America/New_York"), now=NOW))  # fmt: skip
        theirs = plainly(demo, measure)
        empty |= set() if theirs else {measure}
        assert {name: figure.rows for name, figure in ours.items()} == {
            name: len(values) for name, values in theirs.items()
        }, measure
        for name, values in sorted(theirs.items()):
            counted += len(values)
            if kpi.is_share:
                assert ours[name].hits == sum(values), (measure, name)
                continue
            ordered = sorted(values)
            half, most = -(-len(ordered) // 2) - 1, -(-9 * len(ordered) // 10) - 1
            assert (ours[name].median, ours[name].ninetieth) == (ordered[half], ordered[most])
    assert counted > 1000
    assert empty <= {Measure.TIME_TO_RESOLVE}, (
        "so small a brand has settled no case, and has all else"
    )


def test_slices_hold_every_row_and_their_weeks_add_up(demo: Desk) -> None:
    zone = ZoneInfo("America/New_York")
    for measure in KPIS:
        whole = totals(demo.read(cells, measure, SPAN, None, zone=zone, now=NOW))
        for by in Dimension:
            found = demo.read(cells, measure, SPAN, by, zone=zone, now=NOW)
            rows = sum(cell.rows for cell in found.values())
            if by in (Dimension.CHANNEL, Dimension.KIND):
                assert rows == sum(figure.rows for figure in whole.values()), (measure, by)
            else:  # an order that two places shipped is counted at both
                assert rows >= sum(figure.rows for figure in whole.values()), (measure, by)
