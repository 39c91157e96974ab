"""Which rows does each figure count? One SELECT each; numbers, roll-up and lists are made of the same.

Every population has the columns ``id`` (of its grain), ``order_id``, ``at``, ``hit`` (0 or 1) or
``seconds``, and ``channel``; where its rows say so themselves also ``location_id``, ``carrier`` or
``sku_id``. ``now`` is a parameter: what has fallen due is told from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)

from app.domain.kpis.definitions import SCAN_GRACE_HOURS, SCAN_WITHIN_HOURS
from app.domain.kpis.kinds import Measure
from app.domain.orders import HoldCode
from app.domain.tracking.statuses import NO_SCAN
from app.models.cases import exception_cases
from app.models.exchange import outbox_messages
from app.models.fulfilment import (
    document_prints,
    fulfilment_order_lines,
    fulfilment_orders,
    routing_decisions,
    shipments,
    tracking_events,
)
from app.models.inbound import stock_count_lines, stock_counts
from app.models.moments import SecondsBetween
from app.models.orders import channel_accounts, holds, order_lines, orders, reservations
from app.models.published import published_quantities
from app.models.returns import is_a_sale, return_units, returns

_order, _parcel, _event = orders.c, shipments.c, tracking_events.c
# What replaces a lost parcel is no order of a channel's: it would count the same sale twice.
_OURS: Final = and_(~_order.fulfilled_by_channel, _order.status != "taken_back", is_a_sale())
_LIVE: Final = _parcel.voided_at.is_(None)
_SCAN: Final = _event.status.not_in(sorted(each.value for each in NO_SCAN))


Population = Callable[[datetime], Select[Any]]


def _hit(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0).label("hit")


def _orders_placed(condition: ColumnElement[bool], _now: datetime) -> Select[Any]:
    """Return all orders by when they were placed."""
    return select(
        _order.id, _order.id.label("order_id"), _order.placed_at.label("at"), _hit(condition),
        _order.channel,
    ).where(_OURS)  # fmt: skip


def _last_parcels(*measured: ColumnElement[Any]) -> Select[Any]:
    """Return orders that have shipped whole, each by its last parcel."""
    later = shipments.alias("later")
    is_last = ~exists().where(
        later.c.order_id == _parcel.order_id,
        later.c.voided_at.is_(None),
        or_(
            later.c.shipped_at > _parcel.shipped_at,
            and_(later.c.shipped_at == _parcel.shipped_at, later.c.id > _parcel.id),
        ),
    )
    return (
        select(_order.id, _order.id.label("order_id"), _parcel.shipped_at.label("at"), *measured,
               _order.channel)
        .join_from(shipments, orders, _order.id == _parcel.order_id)
        .where(_OURS, _LIVE, _order.status == "shipped", is_last)
    )  # fmt: skip


def _on_time_ship(now: datetime) -> Select[Any]:
    """Return orders that fell due; of one shipped elsewhere nobody knows when it left."""
    own = shipments.alias("own")
    parcel = exists().where(own.c.order_id == _order.id, own.c.voided_at.is_(None))
    is_late = parcel.where(own.c.shipped_at > _order.ship_by)
    return select(
        _order.id, _order.id.label("order_id"), _order.ship_by.label("at"),
        _hit(and_(_order.status == "shipped", ~is_late)), _order.channel,
    ).where(
        _OURS, _order.status != "cancelled", _order.ship_by < now,
        or_(_order.status != "shipped", parcel),
    )  # fmt: skip


def _parcels(*measured: ColumnElement[Any]) -> Select[Any]:
    """Return live parcels by when they left; one that leaves for several orders is one for each."""
    return (
        select(_parcel.id, _parcel.order_id, _parcel.shipped_at.label("at"), *measured,
               _order.channel, _parcel.carrier, fulfilment_orders.c.location_id)
        .join_from(shipments, orders, _order.id == _parcel.order_id)
        .join(fulfilment_orders, fulfilment_orders.c.id == _parcel.fulfilment_order_id)
        .where(_OURS, _LIVE)
    )  # fmt: skip


_SCANNED: Final = exists().where(_event.shipment_id == _parcel.id, _SCAN)


def _on_time_delivery(now: datetime) -> Select[Any]:
    arrived = exists().where(
        _event.shipment_id == _parcel.id,
        _event.status == "delivered",
        _event.happened_at <= _order.deliver_by,
    )
    rows = _parcels(_hit(arrived)).where(_order.deliver_by < now, _SCANNED)
    columns = [each for each in rows.selected_columns if each.key != "at"]
    return rows.with_only_columns(*columns, _order.deliver_by.label("at"))


def _valid_tracking(now: datetime) -> Select[Any]:
    grace = now - timedelta(hours=SCAN_GRACE_HOURS)
    return _parcels(_hit(and_(_parcel.tracking_number != "", _SCANNED))).where(
        _parcel.shipped_at <= grace
    )


def _scan_compliance(now: datetime) -> Select[Any]:
    within = timedelta(hours=SCAN_WITHIN_HOURS)
    first = (
        select(func.min(_event.happened_at))
        .where(_event.shipment_id == _parcel.id, _SCAN)
        .correlate(shipments)
        .scalar_subquery()
    )
    in_time = SecondsBetween(_parcel.shipped_at, first) <= within.total_seconds()
    return _parcels(_hit(func.coalesce(in_time, literal(False)))).where(
        _parcel.shipped_at <= now - within
    )


def _label_time(_now: datetime) -> Select[Any]:
    seconds = SecondsBetween(routing_decisions.c.decided_at, _parcel.created_at)
    return _parcels(seconds.label("seconds")).join(
        routing_decisions, routing_decisions.c.id == fulfilment_orders.c.decision_id
    )


def _pick_pack(_now: datetime) -> Select[Any]:
    printed = (
        select(document_prints.c.order_id, func.min(document_prints.c.printed_at).label("at"))
        .group_by(document_prints.c.order_id)
        .subquery("printed")
    )
    seconds = SecondsBetween(printed.c.at, _parcel.shipped_at)
    return (
        _parcels(seconds.label("seconds"))
        .join(printed, printed.c.order_id == _parcel.order_id)
        .where(printed.c.at <= _parcel.shipped_at)
    )


def _fill_rate(now: datetime) -> Select[Any]:
    line = order_lines.c
    waits = exists().where(
        reservations.c.order_line_id == line.id,
        reservations.c.state != "released",
        ~exists().where(
            fulfilment_order_lines.c.reservation_id == reservations.c.id,
            fulfilment_order_lines.c.is_live,
            fulfilment_orders.c.id == fulfilment_order_lines.c.fulfilment_order_id,
            fulfilment_orders.c.state == "shipped",
        ),
    )
    whole = case(
        (line.claim != "reserved", 0),
        (_order.status == "shipped", 1),
        (_order.status == "partly_shipped", case((waits, 0), else_=1)),
        else_=0,
    )
    return (
        select(line.id, line.order_id, _order.ship_by.label("at"), whole.label("hit"),
               _order.channel, line.sku_id)
        .join_from(order_lines, orders, _order.id == line.order_id)
        .where(
            _OURS, line.requires_shipping, line.quantity > 0, _order.ship_by < now,
            or_(_order.status != "cancelled", _BY_US),
        )
    )  # fmt: skip


# What we cancelled is what we told the channel to cancel; a buyer who had asked is not let down.
_BY_US: Final = and_(
    exists().where(
        outbox_messages.c.order_id == _order.id,
        outbox_messages.c.kind == "cancel",
        outbox_messages.c.state != "recalled",
    ),
    ~exists().where(holds.c.order_id == _order.id, holds.c.code == HoldCode.CANCEL_REQUESTED.value),
)


def _decisions(*measured: ColumnElement[Any]) -> Select[Any]:
    made = routing_decisions.c
    return (
        select(made.id, made.order_id, made.decided_at.label("at"), *measured, _order.channel)
        .join_from(routing_decisions, orders, _order.id == made.order_id)
        .where(_OURS, made.withdrawn_at.is_(None))
    )


def _acceptance(_now: datetime) -> Select[Any]:
    return _decisions(
        SecondsBetween(_order.placed_at, routing_decisions.c.decided_at).label("seconds")
    )


def _overridden(_now: datetime) -> Select[Any]:
    return _decisions(_hit(routing_decisions.c.kind == "overridden"))


def _cycle_time(_now: datetime) -> Select[Any]:
    return _last_parcels(SecondsBetween(_order.placed_at, _parcel.shipped_at).label("seconds"))


def _split(_now: datetime) -> Select[Any]:
    other = shipments.alias("other")
    several = exists().where(
        other.c.order_id == _parcel.order_id,
        other.c.voided_at.is_(None),
        other.c.tracking_number != _parcel.tracking_number,
    )
    return _last_parcels(_hit(several))


def _returned(_now: datetime) -> Select[Any]:
    """Return whether a customer sent any of it back, and it came; what no carrier could deliver is another matter."""
    unit = return_units.c
    back = exists().where(
        returns.c.order_id == _order.id,
        returns.c.reason_code != "undelivered",
        unit.return_id == returns.c.id,
        unit.custody.in_(("received", "graded", "disposed")),
    )
    return _last_parcels(_hit(back))


def _counts(_now: datetime) -> Select[Any]:
    line = stock_count_lines.c
    nothing = cast(null(), Integer)
    return (
        select(line.id, nothing.label("order_id"), line.counted_at.label("at"),
               _hit(line.counted == line.expected), literal("").label("channel"),
               stock_counts.c.location_id, line.sku_id)
        .join_from(stock_count_lines, stock_counts, stock_counts.c.id == line.count_id)
        .where(line.counted.is_not(None), line.counted_at.is_not(None),
               stock_counts.c.state != "dropped")
    )  # fmt: skip


def _sync_lag(_now: datetime) -> Select[Any]:
    told = published_quantities.c
    return (
        select(told.id, cast(null(), Integer).label("order_id"), told.computed_at.label("at"),
               SecondsBetween(told.computed_at, told.sent_at).label("seconds"),
               channel_accounts.c.channel, told.sku_id)
        .join_from(published_quantities, channel_accounts, channel_accounts.c.id == told.account_id)
        .where(told.sent_at.is_not(None))
    )  # fmt: skip


def _resolved(_now: datetime) -> Select[Any]:
    case_ = exception_cases.c
    return (
        select(case_.id, case_.order_id, case_.resolved_at.label("at"),
               SecondsBetween(case_.opened_at, case_.resolved_at).label("seconds"),
               func.coalesce(_order.channel, "").label("channel"), case_.sku_id)
        .join_from(exception_cases, orders, _order.id == case_.order_id, isouter=True)
        .where(case_.state == "resolved")
    )  # fmt: skip


def _with_case(*kinds: str) -> ColumnElement[bool]:
    case_ = exception_cases.c
    return exists().where(case_.order_id == _order.id, *([case_.kind.in_(kinds)] if kinds else []))


POPULATIONS: Final[Mapping[Measure, Population]] = {
    Measure.INVENTORY_ACCURACY: _counts,
    Measure.FILL_RATE: _fill_rate,
    Measure.ON_TIME_SHIP: _on_time_ship,
    Measure.ON_TIME_DELIVERY: _on_time_delivery,
    Measure.CANCELLATION: partial(_orders_placed, _order.status == "cancelled"),
    Measure.SELLER_CANCEL: partial(_orders_placed, and_(_order.status == "cancelled", _BY_US)),
    Measure.SPLIT_RATE: _split,
    Measure.VALID_TRACKING: _valid_tracking,
    Measure.SCAN_COMPLIANCE: _scan_compliance,
    Measure.OVERRIDE_RATE: _overridden,
    Measure.EXCEPTION_RATE: partial(_orders_placed, _with_case()),
    Measure.OVERSELLS: partial(_orders_placed, _with_case("shortfall")),
    Measure.RETURN_RATE: _returned,
    Measure.CYCLE_TIME: _cycle_time,
    Measure.ACCEPTANCE_TIME: _acceptance,
    Measure.LABEL_TIME: _label_time,
    Measure.PICK_PACK: _pick_pack,
    Measure.SYNC_LAG: _sync_lag,
    Measure.TIME_TO_RESOLVE: _resolved,
}


def rows(measure: Measure, now: datetime) -> FromClause:
    """Return the rows of a figure as something to select from."""
    return POPULATIONS[measure](now).subquery("counted")
