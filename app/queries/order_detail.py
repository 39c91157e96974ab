"""What is there to know about one order? Everything that its page shows, in one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from app.domain.costs.serving import Waterfall
from app.domain.explaining import PLAIN, Explanation, Wording
from app.domain.orders import Address, OrderStatus
from app.domain.steps import step_of
from app.errors import NotFoundError
from app.models import house
from app.models.exchange import import_files, inbox_messages
from app.models.orders import channel_accounts, orders, sales_channels, total_of_order
from app.queries import (
    order_decisions,
    order_facts,
    order_parts,
    order_siblings,
    order_timeline,
)
from app.queries.cases import CaseRow, cases_of
from app.queries.order_decisions import DecisionRow, OverrideRow
from app.queries.order_parts import (
    ChangeRow,
    FulfilmentRow,
    HoldRow,
    LineRow,
    NoteRow,
    ShipmentRow,
)
from app.queries.order_siblings import SiblingRow
from app.queries.order_timeline import TimelineEntry
from app.queries.payout_findings import OrderMoney, order_money


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order, whole. Amounts are minor units of ``currency``.

    ``suggestion`` is the open one, or the one that the decision was made on; ``decision`` the one
    in force. ``changes`` are the versions that the channel sent later, open ones first.
    """

    id: int
    number: str
    external_id: str
    channel: str
    channel_name: str
    account: str
    account_id: int
    status: str
    step: str
    channel_state: str
    is_held: bool
    is_short: bool
    is_routed: bool
    fulfilled_by_channel: bool
    placed_at: datetime
    ship_by: datetime | None
    deliver_by: datetime | None
    taken_in_at: datetime
    source: str
    service: str
    buyer_name: str
    buyer_email: str
    address: Address
    currency: str
    shipping: int
    tax: int
    discount: int
    total: int | None
    units: int
    note: str
    assigned_to: str
    tags: tuple[str, ...]
    lines: tuple[LineRow, ...]
    holds: tuple[HoldRow, ...]
    changes: tuple[ChangeRow, ...]
    suggestion: Explanation | None
    decision: DecisionRow | None
    overrides: tuple[OverrideRow, ...]
    siblings: tuple[SiblingRow, ...]
    fulfilment_orders: tuple[FulfilmentRow, ...]
    shipments: tuple[ShipmentRow, ...]
    notes: tuple[NoteRow, ...]
    cases: tuple[CaseRow, ...]
    timeline: tuple[TimelineEntry, ...]
    money: OrderMoney
    time_zone: str
    costs: Waterfall | None = None  # what serving it costs, for whoever has added that up


def order_detail(
    db: Connection, order_id: int, *, now: datetime, wording: Wording = PLAIN
) -> OrderDetail:
    """Return everything about one order; ``wording`` writes the amounts and days of its sentences.

    Raises:
        NotFoundError: there is no such order.
    """
    row = db.execute(_ORDER.where(orders.c.id == order_id)).first()
    if row is None:
        raise NotFoundError("There is no such order.", "Search for its number, buyer or SKU.")
    fields = row._mapping  # noqa: SLF001  (the only way to a row's names)
    return OrderDetail(
        **{name: fields[name] for name in _AS_STORED},
        total=None if row.worth is None else int(row.worth),
        step=_step(row),
        address=_address(fields),
        buyer_name=row.buyer_name or row.ship_name,
        channel_state=row.channel_state.replace("_", " "),
        source=row.file_name or "",
        assigned_to=row.assigned_to or "",
        tags=order_facts.tags_of(db, [order_id]).get(order_id, ()),
        lines=order_parts.lines(db, order_id),
        holds=order_parts.holds_of(db, order_id),
        changes=order_parts.changes(db, order_id, wording),
        suggestion=order_decisions.suggestion(db, order_id, wording),
        decision=order_decisions.decision(db, order_id, wording),
        overrides=order_decisions.overrides(db, order_id),
        siblings=order_siblings.siblings(db, order_id),
        fulfilment_orders=order_parts.fulfilment(db, order_id),
        shipments=order_parts.shipments_of(db, order_id),
        notes=order_parts.notes(db, order_id),
        cases=tuple(cases_of(db, order_id, now=now)),
        timeline=order_timeline.timeline(db, order_id, wording),
        money=order_money(db, order_id, wording=wording),
        time_zone=house.time_zone(db),
    )


def find_order(db: Connection, text: str) -> int | None:
    """Return the order with this number, external id or id; where several share it, the newest."""
    wanted = text.strip()
    names = [wanted, wanted.removeprefix("#"), f"#{wanted}"]
    # The accounts are named so that the unique key of account and external id can answer.
    by_channel = orders.c.account_id.in_(select(channel_accounts.c.id)) & (
        orders.c.external_id.in_(names)
    )
    for condition in (orders.c.number.in_(names), by_channel):
        found = db.execute(
            select(orders.c.id).where(condition).order_by(orders.c.id.desc()).limit(1)
        ).scalar()
        if found is not None:
            return int(found)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        return None
    return db.execute(select(orders.c.id).where(orders.c.id == int(wanted))).scalar()


_ORDER = (
    select(
        orders,
        total_of_order().label("worth"),
        sales_channels.c.name.label("channel_name"),
        channel_accounts.c.name.label("account"),
        import_files.c.name.label("file_name"),
    )
    .join(channel_accounts, channel_accounts.c.id == orders.c.account_id)
    .join(sales_channels, sales_channels.c.code == channel_accounts.c.channel)
    .outerjoin(inbox_messages, inbox_messages.c.id == orders.c.inbox_id)
    .outerjoin(import_files, import_files.c.id == inbox_messages.c.import_file_id)
)

_AS_STORED = (
    "id", "number", "external_id", "channel", "channel_name", "account", "account_id", "status",
    "is_held", "is_short", "is_routed", "fulfilled_by_channel", "placed_at", "ship_by",
    "deliver_by", "taken_in_at", "service", "buyer_email", "currency", "shipping", "tax",
    "discount", "units", "note",
)  # fmt: skip

_ADDRESS = (
    "name", "company", "line1", "line2", "line3", "city", "state", "postcode", "country", "phone",
)  # fmt: skip


def _address(fields: RowMapping) -> Address:
    return Address(**{name: fields[f"ship_{name}"] for name in _ADDRESS})


def _step(row: Any) -> str:
    return step_of(
        OrderStatus(row.status),
        by_channel=row.fulfilled_by_channel,
        is_held=row.is_held,
        is_short=row.is_short,
        is_routed=row.is_routed,
    )
