"""A desk that a test drives in the words of the trade: import, accept, override, ship, export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
from sqlalchemy import Connection, select

from app.domain.changes import Changes
from app.domain.importing import KitRow, ParsedFile, SkuRow
from app.domain.orders import IncomingOrder
from app.domain.roles import Actor, Role
from app.models import schema
from app.models.catalogue import skus
from app.models.database import Store
from app.models.exchange import outbox_messages
from app.models.fulfilment import (
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
    shipments,
)
from app.models.identity import Identity
from app.models.inventory import locations
from app.models.orders import order_lines, orders, reservations
from app.services import catalogue, intake, setup
from app.services.desk import Desk, ExportedFile
from app.services.order_rows import Arrival
from app.services.shipping import Parcel
from app.sync.files.exporter import FileExporter
from app.sync.files.reading import read_file
from tests.beginnings import Begun, begin

OWNER = Actor("Dana", Role.OWNER)
MORNING = datetime(2025, 11, 21, 16, 30, tzinfo=UTC)
UNDO_WINDOW = timedelta(seconds=11)


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """One order as the owner sees it."""

    id: int
    status: str
    suggested: str | None
    decided: str | None
    reason: str
    cost: int | None
    suggested_cost: int | None


_EMPTY = "an empty desk"


def _make_empty(url: str) -> None:
    store = Store(url)
    with store.write() as db:
        schema.metadata.create_all(db)
        setup.prepare(db, now=MORNING)
    store.close()


class DeskDriver:
    """One open desk with a clock that the story moves."""

    def __init__(self, url: str) -> None:
        self.store = Store(url, synchronous="OFF")
        self.clock = MORNING
        self.desk = Desk(self.store, OWNER, now=lambda: self.clock)
        self.exporter = FileExporter(self.desk)

    @classmethod
    def at(cls, url: str) -> DeskDriver:
        """Open an empty desk in an empty database."""
        begin(url, _EMPTY, _make_empty)
        return cls(url)

    @classmethod
    def begun(cls, begun: Begun) -> DeskDriver:
        """Open an empty desk."""
        return cls(begun(_EMPTY, _make_empty))

    # -- what is there ---------------------------------------------------------------------------

    def keeps_stock_at(self, code: str, name: str, postcode: str, **more: Any) -> DeskDriver:
        """Open a location; the first one takes the place of the store's empty one."""

        def work(db: Connection) -> None:
            values = {"code": code, "name": name, "postcode": postcode, **more}
            first = db.execute(
                select(locations.c.id).where(locations.c.code == setup.FIRST_LOCATION)
            ).scalar()
            if first is not None:
                db.execute(locations.update().where(locations.c.id == first).values(**values))
                return
            new_id = Identity(db, locations).take(locations)
            db.execute(locations.insert(), [{"id": new_id, "created_at": self.clock, **values}])

        self.desk.write(work)
        return self

    def sells(self, sku: str, title: str, *, weight_g: int = 400, **on_hand: int) -> DeskDriver:
        """Put a SKU into the catalogue, and units of it on the shelves."""
        row = SkuRow(sku, title=title, weight_g=weight_g)
        self.desk.write(lambda db: catalogue.save_skus(db, [row], now=self.clock))
        for location, units in on_hand.items():
            self.desk.run("receive", sku=sku, location=location, quantity=units, reason="Opening")
        return self

    def sells_kit(self, kit: str, title: str, contents: Mapping[str, int]) -> DeskDriver:
        """Put a kit into the catalogue."""

        def work(db: Connection) -> None:
            catalogue.save_skus(db, [SkuRow(kit, title=title)], now=self.clock)
            known = {row.code: row.id for row in db.execute(select(skus.c.code, skus.c.id))}
            rows = [KitRow(kit, part, each) for part, each in contents.items()]
            catalogue.save_kits(db, rows, known, now=self.clock)

        self.desk.write(work)
        return self

    def account(self, channel: str) -> int:
        """Return the channel's account."""
        return self.desk.write(lambda db: setup.account_for(db, channel, now=self.clock))

    def links(self, channel: str, alias: str, sku: str) -> Changes:
        """Teach a channel's code."""
        return self.desk.run("link", account_id=self.account(channel), alias=alias, sku_code=sku)

    # -- what comes in ---------------------------------------------------------------------------

    def imports(self, name: str, text: str) -> ParsedFile:
        """Read a marketplace's export file and take its orders in."""
        parsed = read_file(name, text.encode(), today=self.clock.date())
        assert not parsed.refusal, parsed.refusal
        assert not parsed.rejected, parsed.rejected
        self.takes_in(*parsed.orders)
        return parsed

    def takes_in(self, *incoming: IncomingOrder) -> dict[str, str]:
        """Take orders in, and return what became of each."""
        by_channel: dict[str, list[IncomingOrder]] = {}
        for order in incoming:
            by_channel.setdefault(order.channel, []).append(order)
        outcomes: dict[str, str] = {}
        for channel, mine in by_channel.items():
            arrival = Arrival(self.account(channel), f"{channel} file")
            taken = self.desk.write(
                lambda db, arrival=arrival, mine=mine: intake.take_in(  # type: ignore[misc]
                    db, OWNER, arrival=arrival, incoming=mine, now=self.clock
                )
            )
            outcomes |= taken.outcomes
        return outcomes

    # -- what the owner does ---------------------------------------------------------------------

    def accepts(self, *numbers: str) -> Changes:
        """Accept suggestions."""
        return self.desk.run("accept", order_ids=[self.order(n).id for n in numbers])

    def overrides(self, number: str, *, to: str, reason: str) -> Changes:
        """Ship an order from elsewhere."""
        return self.desk.run(
            "override", order_id=self.order(number).id, location_id=self.place(to), reason=reason
        )

    def splits(self, number: str, assignment: Mapping[str, str], *, reason: str) -> Changes:
        """Ship the lines (by SKU text) of an order from several places."""
        lines = {row.sku_text: row.id for row in self.lines(number)}
        chosen = {lines[sku]: self.place(at) for sku, at in assignment.items()}
        return self.desk.run(
            "split", order_id=self.order(number).id, assignment=chosen, reason=reason
        )

    def ships(
        self, number: str, carrier: str, *tracking: str, service: str = "", at: str = ""
    ) -> Changes:
        """Ship an order's open parcels (or the one at a place), a tracking number for each."""
        parcels = [
            Parcel(fulfilment_id, carrier, tracked, service)
            for fulfilment_id, tracked in zip(self._open(number, at), tracking, strict=True)
        ]
        return self.desk.run("ship", parcels=parcels)

    def waits(self, pause: timedelta = UNDO_WINDOW) -> DeskDriver:
        """Let time pass: at least the undo window."""
        self.clock += pause
        return self

    # -- what goes out ---------------------------------------------------------------------------

    def exports(self, channel: str, kind: str = "ship_confirm", **more: Any) -> ExportedFile:
        """Write the file for a channel."""
        return self.exporter.export(self.account(channel), kind, **more)

    def waiting(self) -> dict[tuple[str, str], int]:
        """Return what waits: (channel, kind) -> messages."""
        self.desk.publish()
        return {(w.channel, w.kind): w.count for w in self.exporter.waiting()}

    # -- what is seen ----------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Look into the store."""
        with self.store.read() as db:
            yield db

    def order(self, number: str) -> OrderSeen:
        """Return one order by its number."""
        with self.reading() as db:
            row = db.execute(select(orders).where(orders.c.number == number)).one()
            decision = db.execute(
                select(routing_decisions)
                .where(
                    routing_decisions.c.order_id == row.id,
                    routing_decisions.c.withdrawn_at.is_(None),
                )
                .order_by(routing_decisions.c.id.desc())
            ).first()
            return OrderSeen(
                row.id,
                row.status,
                self._suggested(db, row.id),
                decision.kind if decision else None,
                decision.reason if decision else "",
                decision.cost if decision else None,
                decision.suggested_cost if decision else None,
            )

    def lines(self, number: str) -> list[Any]:
        """Return an order's lines."""
        with self.reading() as db:
            query = (
                select(order_lines)
                .join(orders, orders.c.id == order_lines.c.order_id)
                .where(orders.c.number == number)
                .order_by(order_lines.c.position)
            )
            return list(db.execute(query))

    def shipped_from(self, number: str) -> list[str]:
        """Return the codes of the locations that an order shipped from."""
        with self.reading() as db:
            query = (
                select(locations.c.code)
                .join(fulfilment_orders, fulfilment_orders.c.location_id == locations.c.id)
                .join(shipments, shipments.c.fulfilment_order_id == fulfilment_orders.c.id)
                .join(orders, orders.c.id == shipments.c.order_id)
                .where(orders.c.number == number, shipments.c.voided_at.is_(None))
                .order_by(shipments.c.id)
            )
            return list(db.execute(query).scalars())

    def messages(self, kind: str) -> list[Any]:
        """Return the outbox messages of a kind."""
        with self.reading() as db:
            table = outbox_messages
            return list(db.execute(select(table).where(table.c.kind == kind).order_by(table.c.id)))

    def place(self, code: str) -> int:
        """Return a location's id."""
        with self.reading() as db:
            query = select(locations.c.id).where(locations.c.code == code)
            return int(db.execute(query).scalar_one())

    def _suggested(self, db: Connection, order_id: int) -> str | None:
        open_one = select(routing_suggestions.c.id).where(
            routing_suggestions.c.order_id == order_id, routing_suggestions.c.state == "open"
        )
        if db.execute(open_one).first() is None:
            return None
        query = (
            select(locations.c.code)
            .join(reservations, reservations.c.suggested_location_id == locations.c.id)
            .where(reservations.c.order_id == order_id)
            .distinct()
            .order_by(locations.c.code)
        )
        return "+".join(db.execute(query).scalars())

    def _open(self, number: str, at: str) -> list[int]:
        order_id = self.order(number).id
        with self.reading() as db:
            query = (
                select(fulfilment_orders.c.id)
                .join(locations, locations.c.id == fulfilment_orders.c.location_id)
                .where(
                    fulfilment_orders.c.order_id == order_id, fulfilment_orders.c.state == "open"
                )
                .order_by(fulfilment_orders.c.id)
            )
            if at:
                query = query.where(locations.c.code == at)
            return list(db.execute(query).scalars())


def rows_of(file: ExportedFile, *, skip: int = 0) -> list[dict[str, Any]]:
    """Read a written file as its receiver would: column name -> cell."""
    if file.name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
        header, *rows = [["" if c is None else c for c in row] for row in sheet.values]
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]
    text = file.content.decode("utf-8")
    lines = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ","))[skip:]
    return [dict(zip(lines[0], row, strict=True)) for row in lines[1:]]
