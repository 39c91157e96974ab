"""Work a day at the desk: take orders in, decide, ship, and let parcels travel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.orders import ChannelState, IncomingOrder
from app.domain.papers import PaperKind
from app.domain.roles import Actor
from app.errors import RefusedError
from app.models.fulfilment import (
    fulfilment_orders,
    routing_suggestions,
)
from app.models.orders import order_lines, orders
from app.services import cancelling, deciding, holding, intake, printing, shipping
from app.services.demo.labels import label
from app.services.demo.premises import Premises
from app.services.demo.travelling import Travel
from app.services.order_rows import Arrival

_REPORTS = {
    "amazon": "Amazon unshipped orders", "walmart": "Walmart PO export",
    "etsy": "Etsy sold order items", "ebay": "eBay orders report",
    "shopify": "Shopify orders export", "woocommerce": "WooCommerce export",
    "own": "Own store orders",
}  # fmt: skip
_REASONS = (
    "The studio leaves early today; ship from the place that still packs.",
    "Keep the last ones in Austin for the weekend market.",
    "Same customer ordered yesterday; both parcels from one place.",
    "Reno is behind by a day, they asked us to take some off them.",
    "Fragile: I want to pack this one myself.",
)
_CANCELLED = (
    "The customer ordered twice by mistake.",
    "The customer changed their mind.",
    "The customer found the wrong address and will order again.",
)
_NOTES = (
    "Wrapped as a gift, card enclosed.",
    "Packed with extra wool, the last one arrived chipped.",
    "Wrote a thank-you note: third order this year.",
    "Asked for the roast date; told her August.",
)

PACKED_IN: Final = timedelta(minutes=50)  # from the slip to the first box on the van


@dataclass(slots=True)
class Workday:
    """The desk and the person at it; ``rng`` draws what happens."""

    db: Connection
    actor: Actor
    rng: Random
    premises: Premises
    until: datetime
    parcels: int = 0
    kept_open: set[int] = field(default_factory=set)

    def take_in(self, incoming: Sequence[IncomingOrder], now: datetime) -> None:
        """Take in what came, a file for each channel."""
        by_channel: dict[str, list[IncomingOrder]] = {}
        for order in incoming:
            by_channel.setdefault(order.channel, []).append(order)
        for channel, mine in by_channel.items():
            source = f"{_REPORTS[channel]} {now:%Y-%m-%d}"
            arrival = Arrival(self.premises.accounts[channel], source)
            for start in range(0, len(mine), intake.BATCH):
                intake.take_in(
                    self.db, self.actor, arrival=arrival,
                    incoming=mine[start : start + intake.BATCH], now=now,
                )  # fmt: skip

    def find(self, number: str) -> int:
        """Return an order's id by its number."""
        query = select(orders.c.id).where(orders.c.number == number)
        return int(self.db.execute(query).scalar_one())

    def lines(self, order_id: int) -> list[int]:
        """Return the ids of an order's lines, in their order."""
        query = (
            select(order_lines.c.id)
            .where(order_lines.c.order_id == order_id)
            .order_by(order_lines.c.position)
        )
        return list(self.db.execute(query).scalars())

    def ready(self) -> list[Any]:
        """Return the orders whose suggestion could be accepted."""
        query = (
            select(orders.c.id, orders.c.number, orders.c.placed_at)
            .where(orders.c.status == "open", orders.c.is_routed, ~orders.c.is_held,
                   ~orders.c.is_short)
            .order_by(orders.c.placed_at, orders.c.id)
        )  # fmt: skip
        return [row for row in self.db.execute(query) if row.id not in self.kept_open]

    def decide(self, now: datetime, *, overriding: float) -> None:
        """Override some suggestions, accept the others, write a note here and there."""
        ids = [row.id for row in self.ready()]
        overridden = {
            key for key in ids if self.rng.random() < overriding and self.override(key, now)
        }
        rest = [key for key in ids if key not in overridden]
        if rest:
            deciding.accept(self.db, self.actor, order_ids=rest, now=now)
        for key in ids:
            if self.rng.random() < 0.02:
                text = self.rng.choice(_NOTES)
                holding.write_note(self.db, self.actor, order_id=key, text=text, now=now)

    def override(self, order_id: int, now: datetime) -> bool:
        """Ship an order from the second best place, if there is one."""
        query = select(routing_suggestions.c.explanation).where(
            routing_suggestions.c.order_id == order_id, routing_suggestions.c.state == "open"
        )
        judged = self.db.execute(query).scalar_one()
        suggested = {parcel["location"] for parcel in judged["parcels"]}
        others = [
            each for each in judged["candidates"]
            if each.get("missing") is None and each["location"] not in suggested
        ]  # fmt: skip
        if not others:
            return False
        best = min(others, key=lambda each: each["postage"] + each["handling"])
        try:
            deciding.override(
                self.db, self.actor, order_id=order_id, location_id=best["location"],
                reason=self.rng.choice(_REASONS), now=now,
            )  # fmt: skip
        except RefusedError:
            return False  # another order has taken the units meanwhile
        return True

    def cancel_some(self, incoming: Sequence[IncomingOrder], now: datetime) -> None:
        """Cancel a few of what came today: half by hand, half because the channel says so."""
        for order in incoming:
            chance = self.rng.random()
            if chance < 0.012:
                cancelling.cancel(
                    self.db, self.actor, order_ids=[self.find(order.number)],
                    reason=self.rng.choice(_CANCELLED), now=now,
                )  # fmt: skip
            elif chance < 0.024:
                self.take_in([replace(order, state=ChannelState.CANCELLED)], now)

    def ship(
        self, now: datetime, *, leaving_out: float, at_most: int | None = None,
        packed_in: timedelta = PACKED_IN,
    ) -> None:  # fmt: skip
        """Print the slips of what is accepted, pack it and ship it; a few boxes are not ready in time."""
        query = (
            select(fulfilment_orders.c.id, fulfilment_orders.c.order_id, orders.c.service)
            .join(orders, orders.c.id == fulfilment_orders.c.order_id)
            .where(fulfilment_orders.c.state == "open", ~orders.c.is_held)
            .order_by(fulfilment_orders.c.id)
        )
        boxes = [r for r in self.db.execute(query) if self.rng.random() >= leaving_out][:at_most]
        parcels = []
        for n, box in enumerate(boxes):
            carrier, service, number = label(self.rng, box.service)
            at = now + timedelta(seconds=n * 20)
            parcels.append(shipping.Parcel(box.id, carrier, number, service, min(at, self.until)))
        if parcels:
            printing.log_prints(
                self.db, self.actor, kind=PaperKind.SLIP, order_ids=[box.order_id for box in boxes],
                reason="It leaves in a parcel of its own.", now=now - packed_in,
            )  # fmt: skip
            shipping.ship(self.db, self.actor, parcels=parcels, now=now)
            self.parcels += len(parcels)

    def ship_from(self, order_id: int, location_id: int, now: datetime) -> None:
        """Ship what one location has of an order."""
        box = self.db.execute(
            select(fulfilment_orders.c.id, orders.c.service)
            .join(orders, orders.c.id == fulfilment_orders.c.order_id)
            .where(
                fulfilment_orders.c.order_id == order_id,
                fulfilment_orders.c.location_id == location_id,
            )
        ).one()
        carrier, service, number = label(self.rng, box.service)
        parcel = shipping.Parcel(box.id, carrier, number, service, now)
        shipping.ship(self.db, self.actor, parcels=[parcel], now=now)
        self.parcels += 1

    def let_travel(self) -> None:
        """Write what carriers reported of every parcel until now."""
        Travel(self.db, self.rng, self.until).go()
