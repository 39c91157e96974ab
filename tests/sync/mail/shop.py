"""An own store whose buyers are written to, and whose parcels leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.importing import SkuRow, StockRow
from app.domain.orders import Address
from app.domain.roles import SYSTEM, Actor, Role
from app.models.fulfilment import fulfilment_orders
from app.models.messages import buyer_messages
from app.models.orders import orders
from app.services import catalogue, intake, setup, stock
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.order_rows import Arrival
from app.services.shipping import Parcel
from tests.builders import an_order

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # a Monday noon in New York
BUYER = "ada@example.com"


class Shop:
    """A desk with a clock that the story moves."""

    def __init__(self, url: str, *, channel: str = "own", now: datetime = NOON) -> None:
        self.now = now
        self.desk = Desk(
            open_ready_store(url, now=now), Actor("Dana", Role.OWNER), now=lambda: self.now
        )
        self.channel = channel

    def filled(self) -> Shop:
        """Put goods on the shelf and the account on the list of those that are written to."""
        with self.desk.store.write() as db:
            known = catalogue.save_skus(db, [SkuRow("TEA", "Tea", weight_g=300)], now=self.now)
            rows = [StockRow("TEA", "MAIN", 50)]
            stock.take_stock_rows(db, SYSTEM, rows=rows, known=known, source="test", now=self.now)
            self.account = setup.account_for(db, self.channel, now=self.now)
        return self

    def writes(self, *by_itself: str, port: int = 1025, **mail: Any) -> Shop:
        """Set the mail up, and begin to write."""
        self.desk.run("set_up_mail", changes={
            "host": "localhost", "port": port, "user": "shop", "from_name": "Fern & Co",
            "from_address": "hello@fern.example", "reply_to": "help@fern.example", **mail,
        })  # fmt: skip
        self.desk.run("set_message_rules", changes={"by_itself": by_itself})
        self.desk.run("write_to_buyers", account_id=self.account, wanted=True)
        return self

    def sells(self, number: str = "1001", email: str = BUYER, **changes: Any) -> int:
        """Take an order in and decide on it; return its id."""
        order = an_order(number, channel=self.channel, buyer_email=email, **changes)
        with self.desk.store.write() as db:
            intake.take_in(
                db, SYSTEM, arrival=Arrival(self.account, "test"), incoming=[order], now=self.now
            )
            order_id = db.execute(select(orders.c.id).where(orders.c.number == number)).scalar_one()
        self.desk.run("accept", order_ids=[order_id])
        return int(order_id)

    def ships(self, order_id: int, tracking: str = "1Z999AA10123456784") -> None:
        """Let the order's parcel leave."""
        query = select(fulfilment_orders.c.id).where(fulfilment_orders.c.order_id == order_id)
        with self.desk.store.read() as db:
            part = db.execute(query).scalar_one()
        self.desk.run("ship", parcels=[Parcel(part, "UPS", tracking)])

    def later(self, **time: float) -> Shop:
        """Let time pass."""
        self.now += timedelta(**time)
        return self

    def messages(self) -> list[Any]:
        """Return the messages as rows."""
        with self.desk.store.read() as db:
            return list(db.execute(select(buyer_messages).order_by(buyer_messages.c.id)))

    def states(self) -> list[str]:
        return [f"{row.event} {row.state}" for row in self.messages()]


__all__ = ["BUYER", "NOON", "Address", "Shop"]
