"""What happened to an order, from the channel to the customer's door, in one line of time?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, case, func, select

from app.domain.explaining import Wording, explain
from app.domain.tracking.codebook import DESK as CODES_OF_PEOPLE
from app.domain.tracking.timeline import timeline as timeline_of
from app.domain.tracking.wording import in_words
from app.models.cases import exception_cases
from app.models.codebook import book, stored
from app.models.exchange import export_files, import_files, inbox_messages, outbox_messages
from app.models.fulfilment import (
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
    shipments,
)
from app.models.governance import audit_entries
from app.models.inventory import locations
from app.models.orders import (
    holds,
    order_changes,
    order_notes,
    order_refunds,
    orders,
    sales_channels,
    total_of_order,
)
from app.models.reports import reports_of
from app.queries.buyer_told import buyer_told
from app.queries.order_aftermath import aftermath
from app.queries.order_decisions import decision_words, names_for, places_of

DESK: Final = "Orderdeck"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. ``kind`` says where: channel, intake, hold, suggestion, decision,
    shipment, carrier, message, case, return, note or desk."""

    at: datetime
    who: str
    title: str
    detail: str
    kind: str


def timeline(db: Connection, order_id: int, wording: Wording) -> tuple[TimelineEntry, ...]:
    """Return everything that happened to the order, oldest first."""
    found = chain.from_iterable(part(db, order_id, wording) for part in _PARTS)
    return tuple(sorted(found, key=lambda entry: entry.at))


def _placed(db: Connection, order_id: int, wording: Wording) -> Iterator[TimelineEntry]:
    row = db.execute(
        select(
            orders,
            total_of_order().label("worth"),
            sales_channels.c.name.label("channel_name"),
        )
        .outerjoin(sales_channels, sales_channels.c.code == orders.c.channel)
        .where(orders.c.id == order_id)
    ).one()
    name = row.channel_name or row.channel
    units = f"{row.units} {'unit' if row.units == 1 else 'units'}"
    money = "" if row.worth is None else f", {wording.money(int(row.worth), row.currency)}"
    yield TimelineEntry(row.placed_at, name, f"Ordered on {name}", f"{units}{money}.", "channel")


_OUTCOMES: Mapping[str, str] = {
    "new": "Taken in",
    "updated": "The channel moved on",
    "changed": "The channel sent a different version",
}


def _taken_in(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    message = inbox_messages.c
    query = (
        select(inbox_messages, import_files.c.name, import_files.c.actor)
        .join(
            orders,
            (orders.c.account_id == message.account_id)
            & (orders.c.external_id == message.external_id),
        )
        .outerjoin(import_files, import_files.c.id == message.import_file_id)
        .where(orders.c.id == order_id, message.outcome.in_(list(_OUTCOMES)))
        .order_by(message.id)
    )
    for row in db.execute(query):
        said = f"The channel calls it {row.channel_state.replace('_', ' ')}."
        source = f"From {row.name}. " if row.name else ""
        title = _OUTCOMES[row.outcome]
        yield TimelineEntry(row.received_at, row.actor or DESK, title, source + said, "intake")


def _held(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    for row in db.execute(select(holds).where(holds.c.order_id == order_id).order_by(holds.c.id)):
        yield TimelineEntry(row.raised_at, row.raised_by, "Put on hold", row.reason, "hold")
        if row.released_at:
            who = row.released_by or DESK
            why = row.release_reason or row.reason
            yield TimelineEntry(row.released_at, who, "Hold lifted", why, "hold")


def _suggested(db: Connection, order_id: int, wording: Wording) -> Iterator[TimelineEntry]:
    table = routing_suggestions.c
    query = select(routing_suggestions).where(table.order_id == order_id).order_by(table.id)
    for row in db.execute(query):
        words = explain(row.explanation, row.currency, names_for(db, row.explanation), wording)
        yield TimelineEntry(
            row.made_at, DESK, "Suggestion", f"{words.headline} {words.reason}", "suggestion"
        )


def _decided(db: Connection, order_id: int, wording: Wording) -> Iterator[TimelineEntry]:
    table = routing_decisions.c
    query = (
        select(routing_decisions, routing_suggestions.c.currency)
        .outerjoin(routing_suggestions, routing_suggestions.c.id == table.suggestion_id)
        .where(table.order_id == order_id)
        .order_by(table.id)
    )
    for row in db.execute(query):
        title = "Accepted" if row.kind == "accepted" else "Chosen by hand"
        detail = decision_words(
            row, places_of(db, order_id, row.id), row.currency or "USD", wording
        )
        yield TimelineEntry(row.decided_at, row.actor, title, detail, "decision")


def _shipped(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    query = (
        select(shipments, locations.c.name)
        .join(fulfilment_orders, fulfilment_orders.c.id == shipments.c.fulfilment_order_id)
        .join(locations, locations.c.id == fulfilment_orders.c.location_id)
        .where(shipments.c.order_id == order_id)
        .order_by(shipments.c.id)
    )
    for row in db.execute(query):
        parcel = f"{row.carrier} {row.service}".strip() + f", {row.tracking_number}."
        yield TimelineEntry(
            row.shipped_at, row.actor, f"Shipped from {row.name}", parcel, "shipment"
        )
        if row.voided_at:
            yield TimelineEntry(row.voided_at, row.actor, "Shipment taken back", parcel, "shipment")


def _scanned(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    query = (
        select(shipments.c.id, shipments.c.carrier)
        .where(shipments.c.order_id == order_id)
        .order_by(shipments.c.id)
    )
    carriers = {row.id: row.carrier for row in db.execute(query)}
    reading = book(db)
    for key, said in reports_of(db, list(carriers)).items():
        for scan in timeline_of(said, reading).scans:
            who = scan.source if scan.carrier == CODES_OF_PEOPLE else carriers[key]
            title = in_words(scan.status, stored(scan.incident))
            detail = ", ".join(part for part in (scan.words, scan.place) if part)
            yield TimelineEntry(scan.at, who, title, detail, "carrier")


_MESSAGES: Mapping[str, str] = {
    "ship_confirm": "Shipping confirmation",
    "acknowledge": "Acknowledgement",
    "cancel": "Cancellation",
    "quantity": "Available quantity",
}
_STATES: Mapping[str, str] = {
    "pending": "waits for its file to the channel",
    "sent": "written for the channel",
    "acked": "accepted by the channel",
    "rejected": "refused by the channel",
    "in_doubt": "sent, but it is unclear whether it arrived",
    "dead": "given up",
    "recalled": "taken back before the channel was told",
}


def _told(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    message = outbox_messages.c
    query = (
        select(outbox_messages, export_files.c.name, export_files.c.actor)
        .outerjoin(export_files, export_files.c.id == message.export_file_id)
        .where(message.order_id == order_id)
        .order_by(message.id)
    )
    for row in db.execute(query):
        title = f"{_MESSAGES.get(row.kind, row.kind)}: {_STATES.get(row.state, row.state)}"
        detail = f"In the file {row.name}." if row.name else ""
        at = row.sent_at or row.created_at
        yield TimelineEntry(at, row.actor or DESK, title, detail, "message")


def _cased(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    table = exception_cases.c
    query = select(exception_cases).where(table.order_id == order_id).order_by(table.id)
    for row in db.execute(query):
        yield TimelineEntry(row.opened_at, DESK, f"Case opened: {row.title}", row.impact, "case")
        if row.resolved_at:
            yield TimelineEntry(
                row.resolved_at, DESK, f"Case closed: {row.title}", row.resolution, "case"
            )


def _noted(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    table = order_notes.c
    query = select(order_notes).where(table.order_id == order_id).order_by(table.id)
    for row in db.execute(query):
        yield TimelineEntry(row.written_at, row.actor, "Note", row.text, "note")


def _refunded(db: Connection, order_id: int, wording: Wording) -> Iterator[TimelineEntry]:
    table = order_refunds.c
    query = (
        select(
            table.amount, table.reason, func.coalesce(table.refunded_at, table.seen_at).label("at"),
            orders.c.currency, func.coalesce(sales_channels.c.name, orders.c.channel).label("name"),
        )
        .join(orders, orders.c.id == table.order_id)
        .outerjoin(sales_channels, sales_channels.c.code == orders.c.channel)
        .where(table.order_id == order_id)
        .order_by(table.id)
    )  # fmt: skip
    for row in db.execute(query):
        title = f"{row.name} refunded {wording.money(row.amount, row.currency)}"
        yield TimelineEntry(row.at, row.name, title, row.reason, "channel")


def _changed(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    table = order_changes.c
    decided = case((table.state == "applied", "Took over"), else_="Declined")
    query = (
        select(table.decided_at, table.decided_by, decided.label("verb"))
        .where(table.order_id == order_id, table.decided_at.is_not(None))
        .order_by(table.id)
    )
    for row in db.execute(query):
        yield TimelineEntry(
            row.decided_at, row.decided_by or DESK, f"{row.verb} the channel's new version", "",
            "decision",
        )  # fmt: skip


# What the audit chain alone remembers; the rest has rows of its own, told above.
_DEEDS: Mapping[str, str] = {
    "tag": "Tagged",
    "untag": "Tag taken off",
    "assign": "Assigned",
    "cancel": "Cancelled",
    "reinstate": "Cancellation taken back",
    "correct address": "Address corrected",
    "withdraw decision": "Decision taken back",
    "close as shipped elsewhere": "Closed as shipped elsewhere",
    "take back order": "Taken back with its import",
}


def _done(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    table = audit_entries.c
    query = (
        select(
            table.at,
            table.actor,
            table.action,
            table.before,
            table.after,
            func.coalesce(table.reason, "").label("reason"),
        )
        .where(table.subject == f"order:{order_id}", table.action.in_(list(_DEEDS)))
        .order_by(table.seq)
    )
    withdrawn = _withdrawn(db, order_id)
    for row in db.execute(query):
        at = datetime.fromisoformat(row.at)
        said = row.reason or _particulars(row)
        if row.action == "withdraw decision":
            said = said or withdrawn.get(at, "")
        yield TimelineEntry(at, row.actor, _DEEDS[row.action], said, "desk")


def _particulars(row: Any) -> str:
    """Say what an entry without a reason was about."""
    before, after = json.loads(row.before or "{}"), json.loads(row.after or "{}")
    if row.action == "assign":
        return f"{before.get('to') or 'Nobody'} → {after.get('to') or 'nobody'}."
    return str(after.get("tag", ""))


def _withdrawn(db: Connection, order_id: int) -> dict[datetime, str]:
    """Return, by when decisions were taken back, where the order would have shipped from."""
    table = routing_decisions.c
    query = select(table.id, table.withdrawn_at).where(
        table.order_id == order_id, table.withdrawn_at.is_not(None)
    )
    return {
        at: f"It was to ship from {places_of(db, order_id, decision_id)}."
        for decision_id, at in db.execute(query)
    }


def _afterwards(db: Connection, order_id: int, wording: Wording) -> Iterator[TimelineEntry]:
    for told in aftermath(db, order_id, wording):
        yield TimelineEntry(*told)


def _buyer_told(db: Connection, order_id: int, _wording: Wording) -> Iterator[TimelineEntry]:
    for told in buyer_told(db, order_id):
        yield TimelineEntry(*told)


_Part = Callable[[Any, int, Wording], Iterator[TimelineEntry]]
# Of what happened at one moment, the earlier part of this list comes first.
_PARTS: tuple[_Part, ...] = (
    _placed, _taken_in, _held, _cased, _suggested, _changed, _decided, _shipped, _scanned, _told,
    _buyer_told, _afterwards, _refunded, _noted, _done,
)  # fmt: skip
