"""What comes back, who is owed what for it, and how was it made good?

``returns`` are what a customer sends back, ``return_units`` each thing in it with two states that do not
know each other: where it is (``custody``) and what was given for it (``money``). ``return_steps`` are how
both came to be, append only; ``orderdeck verify`` replays them. ``refunds`` are what this desk owes or has
given, ``order_refunds`` what a channel says it has given: one that is both is counted once, by
``refunds.order_refund_id``.

``replacement_orders`` name the orders that replace another: they are worth nothing and no sale of their
own. Whatever counts orders leaves them out with ``is_a_sale``; what they cost stands in ``recoveries``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    select,
    text,
)

from app.models.base import (
    Id,
    Minor,
    UtcDateTime,
    id_column,
    is_state,
    metadata,
    partial_index,
    reference,
)
from app.models.orders import orders

returns = Table(
    "returns",
    metadata,
    id_column(),
    Column("number", String(30), nullable=False, unique=True),
    # Empty: a parcel came back and nobody knows yet whose it is.
    reference("order_id", "orders.id", optional=True, index=True),
    # desk | channel | parcel (it came unannounced)
    Column("source", String(8), nullable=False),
    # What the channel calls it.
    Column("external_id", Text, nullable=False, default=""),
    # damaged | not_as_described | wrong_item | late | changed_mind | undelivered | other
    Column("reason_code", String(20), nullable=False, default="other"),
    Column("reason", Text, nullable=False, default=""),
    Column("carrier", Text, nullable=False, default=""),
    Column("tracking_number", Text, nullable=False, default=""),
    # What stands on a parcel that nobody announced: the sender's name, a number written on it.
    Column("sender", Text, nullable=False, default=""),
    Column("clue", Text, nullable=False, default=""),
    Column("currency", String(3), nullable=False),
    # Until when the customer may send it.
    Column("expected_by", UtcDateTime),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", String(60), nullable=False),
    Column("matched_at", UtcDateTime),
    Column("matched_by", String(60)),
    CheckConstraint(
        "source = 'parcel' OR order_id IS NOT NULL", name="only_a_parcel_comes_unannounced"
    ),
)
# A channel announces a return once, however often it is told.
partial_index(
    "uq_returns_external",
    returns.c.order_id,
    returns.c.external_id,
    unique=True,
    where=returns.c.external_id != "",
)
Index("ix_returns_tracking_number", returns.c.tracking_number)
Index("ix_returns_opened_at", returns.c.opened_at, returns.c.id)

return_units = Table(
    "return_units",
    metadata,
    id_column(),
    reference("return_id", "returns.id", index=True),
    # Of the order that it belongs to; empty as long as the parcel has no order.
    reference("order_line_id", "order_lines.id", optional=True, index=True),
    reference("sku_id", "skus.id"),
    # One of authorised, in_transit, received, graded, disposed, not_returned.
    Column("custody", String(12), nullable=False),
    # none | promised | partly_refunded | refunded | denied
    Column("money", String(16), nullable=False),
    # What the customer paid for it; what of that is promised and not given yet, and what was given.
    Column("worth", Minor, nullable=False, default=0),
    Column("promised", Minor, nullable=False, default=0),
    Column("refunded", Minor, nullable=False, default=0),
    reference("location_id", "locations.id", optional=True),
    # A | B | C | D, empty as long as nobody has looked at it
    Column("grade", String(1), nullable=False, default=""),
    Column("finding", Text, nullable=False, default=""),
    # restock | quarantine | damaged | write_off | supplier
    Column("disposition", String(12), nullable=False, default=""),
    Column("received_at", UtcDateTime),
    Column("graded_at", UtcDateTime),
    Column("disposed_at", UtcDateTime),
    CheckConstraint(
        "custody IN ('authorised', 'in_transit', 'received', 'graded', 'disposed', 'not_returned')",
        name="custody_is_known",
    ),
    CheckConstraint(
        "(custody IN ('received', 'graded', 'disposed')) "
        "= (received_at IS NOT NULL AND location_id IS NOT NULL)",
        name="received_somewhere",
    ),
    # Nothing goes on sale, or anywhere, that nobody has looked at.
    CheckConstraint(
        "(custody IN ('graded', 'disposed')) "
        "= (grade IN ('A', 'B', 'C', 'D') AND graded_at IS NOT NULL)",
        name="inspected_before_put_away",
    ),
    CheckConstraint(
        "(custody = 'disposed') = (disposition IN ('restock', 'quarantine', 'damaged', 'write_off', "
        "'supplier') AND disposed_at IS NOT NULL)",
        name="put_away_somewhere",
    ),
    CheckConstraint(
        "promised >= 0 AND refunded >= 0 AND promised + refunded <= worth",
        name="no_more_than_was_paid",
    ),
    CheckConstraint(
        "money IN ('none', 'promised', 'partly_refunded', 'refunded', 'denied') "
        "AND (money = 'promised') = (promised > 0)",
        name="money_is_known",
    ),
)
# Units that lie here and nobody has put away yet: stock that may not be sold.
partial_index(
    "ix_return_units_here",
    return_units.c.sku_id,
    return_units.c.location_id,
    where=is_state(return_units.c.custody, "received", "graded"),
)

return_steps = Table(
    "return_steps",
    metadata,
    id_column(),
    reference("unit_id", "return_units.id", index=True),
    # custody | money
    Column("machine", String(8), nullable=False),
    Column("verb", String(12), nullable=False),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    # Minor units, of a step of the money.
    Column("amount", Minor, nullable=False, default=0),
    # Of a step of custody: what was seen, or where it went.
    Column("said", String(12), nullable=False, default=""),
    Column("actor", String(60), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
)

# What this desk owes a customer, or has given: for a return, or to make a parcel good.
refunds = Table(
    "refunds",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    reference("return_id", "returns.id", optional=True),
    Column("amount", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    # due (somebody, or the outbox, has to do it) | paid | withdrawn
    Column("state", String(10), nullable=False),
    # channel (by a message of the outbox) | by_hand (on the channel's own pages)
    Column("way", String(8), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    # The same money as the channel tells it, once it has.
    reference("order_refund_id", "order_refunds.id", optional=True),
    Column("promised_by", String(60), nullable=False),
    Column("promised_at", UtcDateTime, nullable=False),
    Column("paid_at", UtcDateTime),
    CheckConstraint("amount > 0", name="amount_above_0"),
    CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_at_some_time"),
)
partial_index(
    "ix_refunds_due", refunds.c.promised_at, refunds.c.id, where=is_state(refunds.c.state, "due")
)
# A refund of the channel's is one of ours at most once.
partial_index(
    "uq_refunds_order_refund",
    refunds.c.order_refund_id,
    unique=True,
    where=refunds.c.order_refund_id.is_not(None),
)

# For which units a refund is: the shares add up to it.
refund_shares = Table(
    "refund_shares",
    metadata,
    Column("refund_id", Id, ForeignKey("refunds.id"), primary_key=True, autoincrement=False),
    Column("unit_id", Id, ForeignKey("return_units.id"), primary_key=True, autoincrement=False),
    Column("amount", Minor, nullable=False),
)

# What was offered to a customer whose parcel went wrong, and what it costs the brand.
recoveries = Table(
    "recoveries",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    reference("shipment_id", "shipments.id"),
    # One of late, stuck, lost, damaged, returned.
    Column("situation", String(10), nullable=False),
    # wait | reship | refund | partial
    Column("kind", String(8), nullable=False),
    # live | ended (another way was chosen later) | withdrawn
    Column("state", String(10), nullable=False),
    Column("policy_version", Integer, nullable=False),
    # What it costs, in minor units: the goods again, the postage again, the money given back.
    Column("goods_cost", Minor, nullable=False, default=0),
    Column("postage_cost", Minor, nullable=False, default=0),
    Column("refund_cost", Minor, nullable=False, default=0),
    Column("currency", String(3), nullable=False),
    Column("wait_until", UtcDateTime),
    reference("replacement_order_id", "orders.id", optional=True),
    reference("refund_id", "refunds.id", optional=True),
    Column("reason", Text, nullable=False, default=""),
    Column("chosen_by", String(60), nullable=False),
    Column("chosen_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    CheckConstraint("(state = 'live') = (ended_at IS NULL)", name="ended_at_some_time"),
    CheckConstraint("(kind = 'wait') = (wait_until IS NOT NULL)", name="waits_until_a_day"),
    CheckConstraint(
        "(kind = 'reship') = (replacement_order_id IS NOT NULL)", name="reship_has_its_order"
    ),
    CheckConstraint(
        "(kind IN ('refund', 'partial')) = (refund_id IS NOT NULL)", name="refund_has_its_money"
    ),
)
# A parcel is made good once at a time, whoever asks.
partial_index(
    "uq_recoveries_live",
    recoveries.c.shipment_id,
    unique=True,
    where=is_state(recoveries.c.state, "live"),
)

# Orders that replace what was lost of another.
replacement_orders = Table(
    "replacement_orders",
    metadata,
    Column("order_id", Id, ForeignKey("orders.id"), primary_key=True, autoincrement=False),
    reference("original_order_id", "orders.id", index=True),
    reference("shipment_id", "shipments.id"),
    CheckConstraint("order_id <> original_order_id", name="replaces_another"),
)

# What is claimed of a carrier for a parcel.
carrier_claims = Table(
    "carrier_claims",
    metadata,
    id_column(),
    reference("shipment_id", "shipments.id"),
    reference("order_id", "orders.id", index=True),
    Column("carrier", Text, nullable=False),
    # One of late, stuck, lost, damaged, returned.
    Column("situation", String(10), nullable=False),
    Column("amount", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    # open | filed | paid | refused | dropped
    Column("state", String(8), nullable=False),
    # The first and the last day on which the carrier takes it.
    Column("opens_at", UtcDateTime),
    Column("due_at", UtcDateTime, nullable=False),
    Column("reference", Text, nullable=False, default=""),
    Column("paid", Minor, nullable=False, default=0),
    Column("note", Text, nullable=False, default=""),
    Column("opened_by", String(60), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("filed_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    CheckConstraint("paid >= 0 AND paid <= amount", name="paid_what_was_claimed"),
    CheckConstraint(
        "(state IN ('paid', 'refused')) = (answered_at IS NOT NULL)", name="answered_at_some_time"
    ),
)
partial_index(
    "uq_carrier_claims_live",
    carrier_claims.c.shipment_id,
    unique=True,
    where=text("state <> 'dropped'"),
)
partial_index(
    "ix_carrier_claims_open",
    carrier_claims.c.due_at,
    where=is_state(carrier_claims.c.state, "open"),
)


def is_made_good(shipment_id: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """Return the condition that a way was chosen for a parcel; while one waits, until that day."""
    chosen = recoveries.c
    return shipment_id.in_(
        select(chosen.shipment_id).where(
            is_state(chosen.state, "live"),
            (chosen.wait_until.is_(None)) | (chosen.wait_until > now),
        )
    )


def is_a_sale() -> ColumnElement[bool]:
    """Return the condition that an order was sold, and does not replace another."""
    return orders.c.id.not_in(select(replacement_orders.c.order_id))


def units_waiting(db: Connection, sku_id: int, location_id: int) -> int:
    """Return the units of returns that lie at a location and nobody has put away yet."""
    unit = return_units.c
    query = select(func.count()).where(
        unit.sku_id == sku_id,
        unit.location_id == location_id,
        is_state(unit.custody, "received", "graded"),
    )
    return int(db.execute(query).scalar_one())
