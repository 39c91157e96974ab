"""Which parcels are in trouble now? Asked of the parcels that are under way, by the clocks of their lanes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from app.domain.cases import OF_PARCELS, CaseDraft, CaseKind
from app.domain.tracking.alerts import Alert, ParcelNow, judge
from app.domain.tracking.carriers import house_of
from app.domain.tracking.statuses import TrackingStatus
from app.domain.tracking.telling import facts_of, title_of
from app.models import house
from app.models.base import is_state
from app.models.codebook import meaning_of
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.inventory import locations
from app.models.orders import orders, total_of_order
from app.models.returns import is_made_good
from app.models.tracking import carrier_feeds, parcel_states
from app.services.tracking.learning import LANE, clocks, lane_of

KINDS: Final = OF_PARCELS
LOOKED_BACK: Final = timedelta(days=60)
ONE_LANE: Final = 3  # so many late parcels of one lane have one cause
SOON: Final = timedelta(hours=48)
_OVER: Final = (CaseKind.PARCEL_LOST, CaseKind.PARCEL_DAMAGED, CaseKind.PARCEL_RETURNED)
_sent, _state = shipments.c, parcel_states.c


def in_trouble(db: Connection, now: datetime) -> list[CaseDraft]:
    """Return a case for each parcel that needs a person; parcels of one cause share it."""
    alerts = list(_alerts(db, now))
    sharing = Counter(_cause(alert) for _row, alert in alerts)
    return [_draft(row, alert, sharing, now) for row, alert in alerts]


def _alerts(db: Connection, now: datetime) -> Iterator[tuple[Any, Alert]]:
    known, zone = clocks(db), ZoneInfo(house.time_zone(db))
    heard = {row.carrier: row.heard_at for row in db.execute(select(carrier_feeds))}
    undecided = ~is_made_good(_sent.id, now)
    for row in db.execute(_UNDER_WAY.where(_sent.shipped_at > now - LOOKED_BACK, undecided)):
        parcel = _parcel(row, now, heard)
        alert = judge(parcel, known, zone) if parcel else None
        if alert is not None:
            yield row, alert


_UNDER_WAY: Final = (
    select(
        _sent.id, _sent.order_id, _sent.shipped_at, _sent.tracking_number, *LANE,
        fulfilment_orders.c.location_id, locations.c.name.label("location"), orders.c.number,
        orders.c.deliver_by, orders.c.currency, orders.c.channel, orders.c.account_id,
        total_of_order().label("worth"), _state.status, _state.incident, _state.since_at,
        _state.accepted_at, _state.last_scan_at, _state.expected_at, _state.attempts,
    )
    .outerjoin(parcel_states, _state.shipment_id == _sent.id)
    .join(orders, orders.c.id == _sent.order_id)
    .join(fulfilment_orders, fulfilment_orders.c.id == _sent.fulfilment_order_id)
    .join(locations, locations.c.id == fulfilment_orders.c.location_id)
    .where(
        _sent.voided_at.is_(None),
        or_(_state.status.is_(None), ~is_state(_state.status, "delivered", "cancelled")),
    )
    .order_by(_sent.id)
)  # fmt: skip


def _parcel(row: Any, now: datetime, heard: Mapping[str, datetime]) -> ParcelNow | None:
    """Return what is known of a parcel; nothing where nobody ever reports on its carrier."""
    last = heard.get(house_of(row.carrier))
    if last is None and row.status is None:
        return None
    means = meaning_of(row.status or TrackingStatus.PRE_TRANSIT, row.incident or "")
    return ParcelNow(
        row.id, lane_of(row), row.shipped_at, min(now, last or now), means.status, means.incident,
        row.since_at, row.accepted_at, row.last_scan_at, row.expected_at, row.deliver_by,
        row.location_id, row.attempts or 0,
    )  # fmt: skip


def _cause(alert: Alert) -> str:
    lane = alert.parcel.lane
    if alert.kind is CaseKind.ETA_SLIPPED:
        return f"lane:{lane.carrier}:{lane.service}:{lane.origin}:{lane.region}"
    return alert.cause or f"parcel:{alert.parcel.id}"


def _promise(row: Any, alert: Alert, now: datetime) -> datetime | None:
    """Return the promise that is still to be kept; one that is far away is no reason to wait.

    What is lost, broken or on its way back gets no better by waiting: it is decided within its hours.
    """
    promised: datetime | None = row.deliver_by
    if promised is None or alert.kind not in _OVER:
        return promised
    return promised if now <= promised < now + SOON else None


def _draft(row: Any, alert: Alert, sharing: Mapping[str, int], now: datetime) -> CaseDraft:
    together = sharing[_cause(alert)]
    is_shared = bool(alert.cause) or together >= ONE_LANE
    return CaseDraft(
        alert.kind, "shipment", row.id, title_of(alert, row.number, row.carrier, together),
        int(row.worth or 0), row.currency, row.order_id, due_at=_promise(row, alert, now),
        facts=facts_of(alert, carrier=f"{row.carrier} {row.service}".strip(),
                       tracking=row.tracking_number, location=row.location, together=together),
        cause=_cause(alert) if is_shared else f"parcel:{row.id}",
        account_id=row.account_id, location_id=row.location_id,
        pattern=f"carrier:{alert.parcel.lane.carrier}",
    )  # fmt: skip
