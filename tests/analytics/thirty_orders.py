"""Thirty orders, each with its own fate, at times that a person can check by hand.

The desk is in New York: until the end of October its midnight is 04:00 UTC. ``NOW`` is Monday,
October 12, 14:00 UTC; the week of October 5 began at October 5, 04:00 UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from app.domain.orders import ChannelState, HoldCode, IncomingOrder, MapperHold
from app.domain.tracking.timeline import CarrierEvent
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.inventory import locations
from app.models.orders import order_lines, orders
from app.services import cancelling, deciding, intake, printing, setup, shipping, voiding
from app.services.desk import Desk
from app.services.order_rows import Arrival
from app.services.stockroom import counting
from app.services.tracking.receiving import Report, receive
from tests.queries.brand import NOW, OWNER, order, stocked_desk

LAST_WEEK, THIS_WEEK = date(2026, 9, 28), date(2026, 10, 5)


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of October 2026 in UTC."""
    return datetime(2026, 10, day, hour, minute, second, tzinfo=UTC)


class Story:
    """Tells a desk what happened, each deed at its time."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.parcels = 0

    def come(self, *incoming: IncomingOrder) -> None:
        """Take orders in, each twenty minutes after it was placed."""
        for each in incoming:
            now = each.placed_at + timedelta(minutes=20)

            def work(db: Connection, each: IncomingOrder = each, now: datetime = now) -> object:
                account = setup.account_for(db, each.channel, now=now)
                arrival = Arrival(account, "orders.csv")
                return intake.take_in(db, OWNER, arrival=arrival, incoming=[each], now=now)

            self.desk.write(work)

    def accept(self, now: datetime, *numbers: str) -> None:
        """Accept what is suggested."""
        ids = [self._id(each) for each in numbers]
        receipt = self.desk.write(lambda db: deciding.accept(db, OWNER, order_ids=ids, now=now))
        assert len(receipt.done) == len(numbers), receipt.skipped

    def place(self, now: datetime, number: str, *codes: str) -> None:
        """Decide by hand: the order's lines leave from these places."""
        places = self.desk.read(lambda db: dict(db.execute(_PLACES).all()))
        lines = self.desk.read(lambda db: list(db.execute(_lines(self._id(number))).scalars()))
        chosen = {line: places[code] for line, code in zip(lines, codes, strict=True)}
        work = partial(deciding.split, actor=OWNER, order_id=self._id(number), assignment=chosen,
                       reason="The customer asked.", now=now)  # fmt: skip
        self.desk.write(work)

    def ship(
        self, now: datetime, number: str, part: int = 0, *, scanned: float | None = 3.0
    ) -> str:
        """Send one part of an order, and let the carrier scan it so many hours later."""
        boxes = self.desk.read(lambda db: list(db.execute(_boxes(self._id(number))).scalars()))
        self.parcels += 1
        tracking = f"9400{self.parcels:018d}"
        parcel = shipping.Parcel(boxes[part], "USPS", tracking, "Ground", now)
        self.desk.write(lambda db: shipping.ship(db, OWNER, parcels=[parcel], now=now))
        self.scan(tracking, now, "pre_transit")
        if scanned is not None:
            self.scan(tracking, now + timedelta(hours=scanned), "in_transit")
        return tracking

    def scan(self, tracking: str, happened_at: datetime, status: str) -> None:
        """Let a carrier report."""

        def work(db: Connection) -> None:
            key = db.execute(select(shipments.c.id).where(shipments.c.tracking_number == tracking))
            event = CarrierEvent("usps", status, "", happened_at, happened_at, source="USPS")
            receive(db, [Report(key.scalar_one(), (event,))], now=happened_at)

        self.desk.write(work)

    def cancel(self, now: datetime, number: str) -> None:
        """Cancel an order by hand."""
        ids = [self._id(number)]
        self.desk.write(
            lambda db: cancelling.cancel(db, OWNER, order_ids=ids, reason="Out of it.", now=now)
        )

    def void(self, now: datetime, number: str) -> None:
        """Take the parcels of an order back."""
        ids = [self._id(number)]
        self.desk.write(
            lambda db: voiding.void_shipments(db, OWNER, order_ids=ids, reason="Torn.", now=now)
        )

    def print_slip(self, now: datetime, number: str) -> None:
        """Print an order's packing slip."""
        ids = [self._id(number)]
        self.desk.write(lambda db: printing.log_prints(db, OWNER, kind="slip", order_ids=ids,
                                                       reason="", now=now))  # fmt: skip

    def count_shelves(self, now: datetime, **units: int) -> None:
        """Count some shelves of the garage."""
        codes = [code.replace("_", "-") for code in units]
        started = self.desk.write(
            lambda db: counting.start_count(db, OWNER, location="GARAGE", codes=codes, now=now)
        )
        for code, counted in zip(codes, units.values(), strict=True):
            enter = partial(counting.enter_count, actor=OWNER, count_id=started.done[0], sku=code,
                            units=counted, now=now)  # fmt: skip
            self.desk.write(enter)

    def _id(self, number: str) -> int:
        query = select(orders.c.id).where(orders.c.number == number)
        return int(self.desk.read(lambda db: db.execute(query).scalar_one()))


_PLACES = select(locations.c.code, locations.c.id)


def _lines(order_id: int) -> Any:
    query = select(order_lines.c.id).where(order_lines.c.order_id == order_id)
    return query.order_by(order_lines.c.position)


def _boxes(order_id: int) -> Any:
    box = fulfilment_orders.c
    return select(box.id).where(box.order_id == order_id, box.state == "open").order_by(box.id)


def sold(
    number: str, channel: str, placed: datetime, ship_by: datetime, *items: tuple[str, int],
    **changes: Any,
) -> IncomingOrder:  # fmt: skip
    """Return an order; without items, for one tin of tea."""
    lines = items or (("TEA-001", 1),)
    return order(number, *lines, channel=channel, placed_at=placed, ship_by=ship_by, **changes)


def etsy() -> Sequence[IncomingOrder]:
    """Return the eighteen Etsy orders; the fifth is a replacement that costs nothing."""
    placed, ship_by = at(1, 12), at(3, 3, 59)
    usual = [sold(f"E{n:02}", "etsy", placed, ship_by) for n in range(1, 19)]
    free = replace(usual[4].lines[0], unit_price=0)
    usual[4] = replace(usual[4], lines=(free,), total=0)
    usual[16] = replace(usual[16], ship_by=at(5, 3, 59))  # Sunday night in New York
    usual[17] = replace(usual[17], ship_by=at(5, 4, 0))  # Monday there, by a minute
    return usual


def thirty_orders(url: str) -> Desk:
    """Open the desk after all of it has happened."""
    desk = stocked_desk(url)
    story = Story(desk)
    _on_etsy(story)
    _on_amazon(story)
    _on_walmart(story)
    _on_shopify(story)
    story.count_shelves(at(9, 15), TEA_001=_there(desk, "TEA-001"), MUG_BLUE=99, MUG_RED=0)
    desk.now = lambda: NOW
    return desk


def _there(desk: Desk, sku: str) -> int:
    from app.services.stockroom.moving import level, location_id, sku_id

    return int(desk.read(lambda db: level(db, sku_id(db, sku), location_id(db, "GARAGE")).on_hand))


def _on_etsy(story: Story) -> None:
    """Let seventeen leave in time, and one a second too late."""
    incoming = etsy()
    story.come(*incoming)
    story.accept(at(1, 14), *(each.number for each in incoming))
    for each in incoming[:17]:
        story.ship(at(2, 18), each.number)
    story.ship(at(5, 4, 0, 1), "E18")


def _on_amazon(story: Story) -> None:
    """A1 is in time, A2 late at both ends, A3 never scanned; A4, A5 are cancelled; A6 is theirs."""
    placed, ship_by, deliver_by = at(6, 0), at(7, 3, 59), at(10, 3, 59)
    asked = MapperHold(HoldCode.CANCEL_REQUESTED, "The buyer asks to cancel.")
    story.come(
        *(sold(f"A{n}", "amazon", placed, ship_by, deliver_by=deliver_by) for n in range(1, 5)),
        sold("A5", "amazon", placed, ship_by, holds=(asked,)),
        sold("A6", "amazon", placed, ship_by, fulfilled_by_channel=True),
    )
    story.accept(at(6, 12), "A1", "A2", "A3")
    story.print_slip(at(6, 18, 30), "A1")
    first = story.ship(at(6, 20), "A1", scanned=5)
    story.scan(first, at(9, 20), "delivered")
    second = story.ship(at(7, 12), "A2", scanned=25)
    story.scan(second, at(10, 12), "delivered")
    story.ship(at(6, 20), "A3", scanned=None)
    story.cancel(at(6, 13), "A4")
    story.cancel(at(6, 13), "A5")


def _on_walmart(story: Story) -> None:
    """W1 is decided otherwise and sent twice, the first label was torn; Walmart cancels W2."""
    placed, ship_by = at(6, 2), at(8, 3, 59)
    second = sold("W2", "walmart", placed, ship_by)
    story.come(sold("W1", "walmart", placed, ship_by), second)
    story.come(replace(second, state=ChannelState.CANCELLED))
    story.place(at(6, 12), "W1", "RENO")
    story.ship(at(6, 20), "W1")
    story.void(at(6, 21), "W1")
    story.ship(at(7, 20), "W1")


def _on_shopify(story: Story) -> None:
    """S1 leaves in two parcels, S2 half; a line of S3 is cancelled; S4 was never there."""
    placed, ship_by = at(6, 0), at(8, 3, 59)
    both = (("TEA-001", 1), ("MUG-BLUE", 1))
    story.come(
        sold("S1", "shopify", placed, ship_by, *both),
        sold("S2", "shopify", placed, ship_by, *both),
        sold("S3", "shopify", placed, ship_by, ("TEA-001", 1), ("MUG-BLUE", 0)),
        sold("S4", "shopify", placed, ship_by, ("MUG-RED", 50)),
    )
    story.place(at(6, 12), "S1", "RENO", "GARAGE")
    story.place(at(6, 12), "S2", "RENO", "GARAGE")
    story.accept(at(6, 12), "S3")
    story.ship(at(6, 20), "S1")
    story.ship(at(8, 20), "S1")
    story.ship(at(6, 20), "S2")
    story.ship(at(6, 20), "S3")
