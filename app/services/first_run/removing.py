"""Take the demo out of a desk, so that it is as new; refused where anybody's own work would go with it.

The demo's orders, stock and trail go as a whole, with whatever was tried out on them. What a person
decided for the desk itself (brand, people, views, rules, places of their own) stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, delete, exists, func, select

from app.domain.changes import Changes, Touched, counted
from app.domain.orders import OrderStatus
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models import house
from app.models.exchange import import_files
from app.models.inventory import locations
from app.models.orders import orders
from app.models.returns import is_a_sale
from app.models.schema import metadata
from app.models.sync import channel_connections
from app.services import audit, indexing
from app.services.first_run import demo_marks
from app.services.first_run.demo_marks import Marks

# What belongs to the desk and not to its trade: of these only the demo's own rows go.
OF_THE_HOUSE: Final = frozenset({
    "settings", "operators", "policies", "saved_views", "import_profiles", "sales_channels",
    "channel_accounts", "locations", "rulebooks", "code_meanings",
})  # fmt: skip
# What goes as a whole. A new table is named in one of the two: nothing of an owner's goes unasked.
OF_THE_TRADE: Final = frozenset({
    # what is sold, and where it lies
    "skus", "sku_keys", "sku_aliases", "kit_components", "listings", "bins", "stock_levels",
    "network_stock", "safety_stock_changes", "kit_changes", "stock_movements", "stock_counts", "stock_count_lines", "expected_receipts",
    "expected_receipt_lines",
    # orders and what became of them
    "orders", "order_lines", "order_changes", "order_notes", "order_refunds", "order_tags",
    "order_texts", "order_text_changes", "order_text_state", "holds", "reservations",
    "routing_suggestions", "routing_decisions", "fulfilment_orders", "fulfilment_order_lines",
    "shipments", "tracking_events", "parcel_states", "arrival_estimates", "carrier_feeds", "lane_clocks",
    "exception_cases",
    "case_notes", "document_prints", "rule_lessons",
    # what came back, and how it was made good
    "returns", "return_units", "return_steps", "refunds", "refund_shares", "recoveries",
    "replacement_orders", "carrier_claims",
    # what came in and what was told
    "import_files", "export_files", "inbox_messages", "outbox_messages", "outbox_attempts",
    "published_quantities", "observed_quantities", "stale_quantities", "mismatches", "mismatch_runs", "missing_orders", "kpi_breaches", "kpi_cells", "kpi_weeks", "kpi_state",
    "channel_connections", "carrier_connections", "parcel_questions",
    "sync_states", "sync_leases", "audit_entries",
    # what channels paid
    "payouts", "payout_lines", "payout_findings",
    # what buyers were told
    "buyer_messages", "message_opt_outs",
    # which channels are being opened
    "launches", "launch_signatures",
})  # fmt: skip
# Settings that tell how far the trade was looked at: of a trade that has gone they say nothing.
SAID_OF_THE_TRADE: Final = ("publishing", "push_latency", "fee_rules", "settled_shares")


def remove_demo(db: Connection, actor: Actor, *, now: datetime) -> Changes:
    """Take everything out that the demo brought.

    Raises:
        RefusedError: there is no demo here, or own orders have come in among it.
    """
    actor.must(Permission.ADMINISTER)
    marks = demo_marks.read(db)
    if marks is None:
        raise RefusedError(
            "There is no demo data in this desk; nothing was removed.",
            "What is here came from your own files.",
        )
    _refuse_own_work(db, marks)
    gone = db.execute(select(func.count()).select_from(orders)).scalar_one()
    indexing.forget(db)
    for table in reversed(metadata.sorted_tables):
        if table.name not in OF_THE_HOUSE:
            db.execute(delete(table))
        elif table.name in marks.before:
            _remove_rows(db, table, marks)
    _put_back(db, marks)
    deed = audit.Deed("remove demo", "settings", "", {"orders": gone})
    audit.record(db, actor, now, deed)
    return Changes(f"Remove the demo data ({counted(gone, 'order')})", Touched.ALL, done=(1,))


def _refuse_own_work(db: Connection, marks: Marks) -> None:
    """Refuse where a file or an order came in that is not the demo's."""
    after = marks.after
    own_orders = select(func.count()).where(
        orders.c.id > after[orders.name],
        orders.c.status != OrderStatus.TAKEN_BACK.value,
        is_a_sale(),
    )
    own_files = select(func.count()).where(
        import_files.c.id > after[import_files.name],
        import_files.c.state.in_(("confirmed", "done")),
    )
    connected = select(func.count()).select_from(channel_connections)  # a demo connects nothing
    found = {
        "order": db.execute(own_orders).scalar_one(),
        "file": db.execute(own_files).scalar_one(),
        "channel connection": db.execute(connected).scalar_one(),
    }
    if not any(found.values()):
        return
    said = " and ".join(counted(count, word) for word, count in found.items() if count)
    raise RefusedError(
        f"{said} of your own came in among the demo data, so nothing was removed.",
        "Take these imports back on the page Channels, disconnect what is connected, and remove the demo "
        "then; the files can come in again afterwards.",
    )


def _remove_rows(db: Connection, table: Table, marks: Marks) -> None:
    """Remove the rows that came with the demo; those before and after it are a person's, and what
    one of them points at stays with it."""
    came = (table.c.id > marks.before[table.name]) & (table.c.id <= marks.after[table.name])
    needed = [~exists().where(key == table.c.id) for key in _pointing_at(table)]
    db.execute(delete(table).where(came, *needed))


def _pointing_at(table: Table) -> Iterator[Column[Any]]:
    """Return the columns of what stays that name rows of a table."""
    for name in OF_THE_HOUSE:
        for key in metadata.tables[name].foreign_keys:
            if key.column is table.c.id:
                yield key.parent


def _put_back(db: Connection, marks: Marks) -> None:
    """Give places their own names again, forget what the demo said, and begin a new trail."""
    for key, fields in marks.places.items():
        db.execute(locations.update().where(locations.c.id == int(key)).values(**fields))
    known = house.named(db, *marks.said)
    unsaid = [name for name, text in marks.said.items() if known.get(name) == text]
    house.forget(db, [*unsaid, *SAID_OF_THE_TRADE, house.DEMO])
    # A trail that begins anew is another store to whoever remembers where the old one ended.
    house.write(db, {"store_id": uuid.uuid4().hex})
