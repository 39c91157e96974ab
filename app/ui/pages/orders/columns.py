"""What does the queue say of each order?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.queries.orders import OrderRow
from app.ui import statuses
from app.ui.lists.columns import Column, Layout, Pill
from app.ui.tokens import Tone
from app.ui.words import ago, exact, left, moment, money, number, promised, sentence, until

# Where everything is on hold, the room of the status belongs to the reason.
WHY_HELD = Layout(("number", "alarm", "channel", "ship_by", "buyer", "items", "total"))


def order_columns(now: Callable[[], datetime], *more: Column) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because hours left run down."""

    def due(row: OrderRow) -> str:
        return "" if row.step in statuses.OVER else left(row.ship_by, now())

    def tone(row: OrderRow) -> Tone | None:
        return None if row.step in statuses.OVER else statuses.urgency(row.ship_by, now())

    return (
        Column("Order", lambda row: row.number, 20, "number", is_strong=True),
        Column("!", lambda row: row.alarm, 3, name="alarm", pill=_alarm, hint=lambda row: row.alarm,
               about="An open case of high severity"),
        Column("Channel", lambda row: statuses.channel(row.channel), 14, "channel"),
        Column("Ship by", due, 8, "ship_by", tone=tone, hint=lambda row: promised(row.ship_by, row.time_zone),
               about="How long is left to hand the order to a carrier"),
        Column("Status", lambda row: statuses.step(row.step).text, 14, "step", pill=_status),
        Column("Buyer", lambda row: row.buyer_name, 14, "buyer_name", leaves=6),
        Column("To", _destination, 13, "state", is_quiet=True, leaves=2),
        Column("Items, or hold", lambda row: held(row, now()) or row.items, 22, name="items",
               stretches=True, hint=_items_and_why,
               about="What was ordered; of an order on hold, why it is held"),
        Column("Units", lambda row: number(row.units), 5, "units", is_numeric=True, leaves=3),
        Column("Total", lambda row: money(row.total, row.currency), 9, "total", is_numeric=True),
        Column("Ships from", lambda row: statuses.short_places(row.location), 17, leaves=5, hint=lambda row: row.location,
               about="Where it ships from: decided, or else suggested"),
        Column("Shipping cost", lambda row: money(row.route_cost, row.route_currency)
               if row.route_cost is not None else "", 12, name="postage", is_numeric=True, leaves=4,
               about="What sending it costs: postage and handling"),
        Column("Ordered", lambda row: ago(row.placed_at, now()), 9, "placed_at", is_quiet=True, leaves=1,
               hint=lambda row: exact(row.placed_at)),
        *more,
        *_offered(now),
    )  # fmt: skip


def _offered(now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return what a person may add to the list."""

    def at(of: Callable[[OrderRow], datetime | None]) -> dict[str, Any]:
        return {
            "text": lambda row: moment(of(row), now()) if of(row) else "",
            "hint": lambda row: exact(of(row)),
        }

    def more(title: str, width: int, sort: str = "", **how: Any) -> Column:
        return Column(title, width=width, sort=sort, is_hidden=True, **how)

    return (
        more("Tags", 14, text=lambda row: ", ".join(row.tags), name="tags"),
        more("Assigned", 10, "assigned_to", text=lambda row: row.assigned_to),
        more("SKUs", 20, text=lambda row: row.items, is_quiet=True,
             about="What was ordered, also of orders on hold"),
        more("Hold until", 17, **at(lambda row: row.held_until)),
        more("Case", 24, text=lambda row: row.cases, about="What is wrong with it"),
        more("Deliver by", 17, "deliver_by", **at(lambda row: row.deliver_by)),
        more("Service", 12, "service", text=lambda row: row.service),
        more("ZIP", 8, "postcode", text=lambda row: row.postcode),
        more("Country", 7, "country", text=lambda row: row.country),
        more("E-mail", 20, "email", text=lambda row: row.email),
        more("Carrier", 10, text=lambda row: row.carrier),
        more("Tracking", 20, text=lambda row: row.tracking),
        more("Weight", 8, text=_weight, is_numeric=True,
             about="What the items weigh; empty where that is not known of each"),
        more("Notes", 6, text=lambda row: number(row.notes) if row.notes else "", is_numeric=True),
        more("Placed", 17, "placed_at", **at(lambda row: row.placed_at)),
        more("Slip printed", 17, **at(lambda row: row.slip_printed_at),
             about="When its packing slip was printed last"),
        more("Taken in", 17, "taken_in_at", **at(lambda row: row.taken_in_at),
             about="When it came to this desk"),
    )  # fmt: skip


def _weight(row: OrderRow) -> str:
    if row.grams is None:
        return ""
    return f"{number(row.grams)} g" if row.grams < 1000 else f"{row.grams / 1000:.1f} kg"


def _status(row: OrderRow) -> Pill:
    return statuses.step(row.step)


def _alarm(row: OrderRow) -> Pill | None:
    return Pill("", Tone.BAD, "exceptions") if row.alarm else None


def held(row: OrderRow, now: datetime) -> str:
    """Say why an order is on hold, and until when; nothing if it is not."""
    if row.held_until is None:
        return row.held_for
    return sentence(until(row.held_until, now)).removesuffix(".") + f" · {row.held_for}"


def _items_and_why(row: OrderRow) -> str:
    return f"{row.held_for}\n{row.items}" if row.held_for else ""


def _destination(row: OrderRow) -> str:
    place = ", ".join(part for part in (row.city, row.state) if part)
    return place if row.country in ("", "US") else f"{place or row.postcode} ({row.country})"
