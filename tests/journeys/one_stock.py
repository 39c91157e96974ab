"""Everybody sells, receives, moves, breaks, counts, imports and takes back, in whatever order.

A state machine for ``test_one_stock`` (a moderate number of steps) and ``scripts/try_the_stock`` (as many
as one likes). After every step an independent replay of the ledger gives the balances; no sale takes what
is not there; and whatever is taken back leaves the shelves as they were.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Connection, text

from app.domain.changes import Changes
from app.domain.importing import KitRow, SkuRow
from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.domain.promising.goods import Stock
from app.domain.promising.waterfall import promises, sellable
from app.domain.roles import Actor, Role
from app.errors import DeskError
from app.models.promising.goods import goods_of
from app.models.promising.sheet import market
from app.services import availability, catalogue, intake, setup
from app.services.anchor import Anchors
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.order_rows import Arrival
from app.services.shipping import Parcel
from app.services.verifying import verify
from app.sync.files.importer import FileImporter

NOW = datetime(2025, 11, 21, 15, 0, tzinfo=UTC)
KIM = Actor("Kim", Role.OWNER)
PLACES = ("MAIN", "EAST", "WEST")
KEPT = ("MUG", "TEA", "LID")
KITS = (KitRow("BOX", "MUG", 2), KitRow("BOX", "TEA", 1), KitRow("CRATE", "BOX", 2),
        KitRow("CRATE", "LID", 1), KitRow("PAIR", "MUG", 1), KitRow("PAIR", "LID", 1))  # fmt: skip
SOLD = (*KEPT, *KEPT, "BOX", "BOX", "CRATE", "PAIR", "MUG-3", "LATER")  # MUG-3 is a pack of three
CHANNELS = ("shopify", "amazon", "etsy")
ASIDE = ("damaged", "quarantine", "returns_hold")
PHYSICAL = ("on_hand", "incoming", *ASIDE)
VERIFIED_EACH = 8

a_sku, a_place = some.sampled_from(KEPT), some.sampled_from(PLACES)
a_few, a_pick = some.integers(1, 5), some.integers(0, 9)
a_bucket = some.sampled_from(ASIDE)
Basket = list[tuple[str, int]]
a_basket = some.lists(
    some.tuples(some.sampled_from(SOLD), some.integers(1, 3)), min_size=1, max_size=3
)
why = "A reason"
Shelves = dict[tuple[int, int], tuple[int, ...]]


class OneStock(RuleBasedStateMachine):
    """Three SKUs, three kits (one of kits), three locations, three channels, one stock."""

    @initialize()
    def open_the_desk(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.at, self.steps, self.sold, self.shipped = NOW, 0, 0, 0
        self.receipts: list[Changes] = []
        url = f"sqlite:///{Path(self.folder.name) / 'desk.sqlite'}"
        store = open_ready_store(url, now=NOW, synchronous="OFF")
        self.desk = Desk(store, KIM, now=self.clock)
        self.desk.importer = FileImporter(self.desk)
        with store.write() as db:
            codes = (*KEPT, "BOX", "CRATE", "PAIR")
            known = catalogue.save_skus(db, [SkuRow(code) for code in codes], now=NOW)
            catalogue.save_kits(db, KITS, known, now=NOW)
            self.accounts = {each: setup.account_for(db, each, now=NOW) for each in CHANNELS}
        for code in PLACES[1:]:
            self.desk.run("add_location", code=code, postcode="08817")
        for account in self.accounts.values():
            self.desk.run("link", account_id=account, alias="MUG-3", sku_code="MUG", pack=3)
        for sku in KEPT:
            self.desk.run("receive", sku=sku, location="MAIN", quantity=6, reason="First")

    # ---- how --------------------------------------------------------------------------------------

    def clock(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def query(self, words: str, **values: Any) -> list[Any]:
        with self.desk.store.read() as db:
            return list(db.execute(text(words), values).all())

    def one(self, pick: int, words: str) -> Any | None:
        rows = self.query(words)
        return rows[pick % len(rows)] if rows else None

    def shelves(self) -> Shelves:
        """Return what lies, travels or is set aside, without rows of zeros."""
        rows = self.query(f"SELECT sku_id, location_id, {', '.join(PHYSICAL)} FROM stock_levels")
        found = {(row[0], row[1]): tuple(row[2:]) for row in rows}
        return {key: units for key, units in found.items() if any(units)}

    def do(self, operation: str, *, take_back: bool = False, **arguments: Any) -> Changes | None:
        """Do something (a refusal in a sentence is fine); taken back, the shelves are as before."""
        before = self.shelves() if take_back else {}
        try:
            changes = self.desk.run(operation, **arguments)
        except DeskError:
            return None
        if take_back and changes.undo is not None:
            self.desk.undo(changes.undo)
            assert self.shelves() == before, f"{operation} was not taken back"
        else:
            self.receipts.append(changes)
        return changes

    def short(self) -> dict[int, int]:
        """Return by SKU how many more are promised than there are."""
        rows = self.query("SELECT sku_id, reserved - free AS off FROM network_stock")
        return {row.sku_id: max(0, row.off) for row in rows}

    # ---- sales ------------------------------------------------------------------------------------

    @rule(channel=some.sampled_from(CHANNELS), baskets=some.lists(a_basket, min_size=1, max_size=4))
    def sales(self, channel: str, baskets: list[Basket]) -> None:
        arriving = [self.an_order(channel, basket) for basket in baskets]

        def work(db: Connection) -> None:
            arrival = Arrival(self.accounts[channel], "test")
            intake.take_in(db, KIM, arrival=arrival, incoming=arriving, now=self.clock())

        before = self.short()
        self.desk.write(work)
        after = self.short()
        worse = {sku for sku, units in after.items() if units > before.get(sku, 0)}
        assert not worse, f"a sale took what is not there: {worse}"

    def an_order(self, channel: str, basket: Basket) -> IncomingOrder:
        self.sold += 1
        return IncomingOrder(
            channel, str(self.sold), f"#{self.sold}", self.at, "USD",
            tuple(IncomingLine(f"L{n}", code, code, units, 500)
                  for n, (code, units) in enumerate(basket, 1)),
            Address("B", "", "1 Way", city="Boston", state="MA", postcode="02138", country="US"),
        )  # fmt: skip

    @rule(pick=a_pick)
    def accept(self, pick: int) -> None:
        row = self.one(pick, "SELECT id FROM orders WHERE status = 'open' ORDER BY id")
        if row is not None:
            self.do("accept", order_ids=[row.id], part_is_enough=True)

    @rule(pick=a_pick)
    def withdraw(self, pick: int) -> None:
        row = self.one(pick, "SELECT id FROM orders WHERE status = 'accepted' ORDER BY id")
        if row is not None:
            self.do("withdraw", order_ids=[row.id])

    @rule(pick=a_pick)
    def ship(self, pick: int) -> None:
        words = "SELECT id FROM fulfilment_orders WHERE state = 'open' ORDER BY id"
        if (row := self.one(pick, words)) is not None:
            self.shipped += 1
            self.do("ship", parcels=[Parcel(row.id, "UPS", f"1Z{self.shipped}")])

    @rule(pick=a_pick)
    def cancel(self, pick: int) -> None:
        words = "SELECT id FROM orders WHERE status IN ('open', 'accepted') ORDER BY id"
        if (row := self.one(pick, words)) is not None:
            self.do("cancel", order_ids=[row.id], reason=why)

    @rule(sku=a_sku, place=a_place, units=a_few, back=some.booleans())
    def a_return(self, sku: str, place: str, units: int, back: bool) -> None:
        self.do("take_return", take_back=back, sku=sku, location=place, quantity=units, reason=why)

    # ---- the stockroom ----------------------------------------------------------------------------

    @rule(sku=a_sku, place=a_place, units=a_few, back=some.booleans())
    def receive(self, sku: str, place: str, units: int, back: bool) -> None:
        self.do("receive", take_back=back, sku=sku, location=place, quantity=units, reason=why)

    @rule(sku=a_sku, place=a_place, units=some.integers(-4, 4), back=some.booleans())
    def adjust(self, sku: str, place: str, units: int, back: bool) -> None:
        self.do("adjust", take_back=back, sku=sku, location=place, quantity=units, reason=why)

    @rule(sku=a_sku, place=a_place, units=some.integers(0, 9), back=some.booleans(),
          ago=some.integers(0, 30))  # fmt: skip
    def count(self, sku: str, place: str, units: int, back: bool, ago: int) -> None:
        at = self.at - timedelta(minutes=ago) if ago else None
        self.do("count", take_back=back, sku=sku, location=place, counted=units, reason=why, at=at)

    @rule(sku=a_sku, here=a_place, there=a_place, units=a_few, back=some.booleans())
    def move(self, sku: str, here: str, there: str, units: int, back: bool) -> None:
        self.do("transfer", take_back=back, sku=sku, origin=here, destination=there,
                quantity=units, reason=why)  # fmt: skip

    @rule(sku=a_sku, here=a_place, there=a_place, units=a_few, back=some.booleans())
    def send(self, sku: str, here: str, there: str, units: int, back: bool) -> None:
        self.do("send_transfer", take_back=back, origin=here, destination=there,
                lines=[(sku, units)])  # fmt: skip

    @rule(sku=a_sku, other=a_sku, place=a_place, units=a_few, back=some.booleans())
    def expect(self, sku: str, other: str, place: str, units: int, back: bool) -> None:
        self.do("expect", take_back=back, location=place, lines=[(sku, units), (other, 2)])

    @rule(pick=a_pick, units=some.integers(0, 6), last=some.booleans(), back=some.booleans())
    def a_delivery_comes(self, pick: int, units: int, last: bool, back: bool) -> None:
        words = """SELECT l.receipt_id, s.code FROM expected_receipt_lines l
                   JOIN skus s ON s.id = l.sku_id WHERE l.outstanding > 0 ORDER BY l.id"""
        if (row := self.one(pick, words)) is not None:
            self.do("receive_expected", take_back=back, receipt_id=row.receipt_id,
                    arrived={row.code: units}, is_last=last)  # fmt: skip

    @rule(pick=a_pick, back=some.booleans())
    def call_off(self, pick: int, back: bool) -> None:
        words = "SELECT id FROM expected_receipts WHERE state = 'open' ORDER BY id"
        if (row := self.one(pick, words)) is not None:
            self.do("cancel_expected", take_back=back, receipt_id=row.id, reason=why)

    @rule(verb=some.sampled_from(["set_aside", "set_aside", "put_back", "write_off"]), sku=a_sku,
          place=a_place, units=a_few, bucket=a_bucket, back=some.booleans())  # fmt: skip
    def set_aside(
        self, verb: str, sku: str, place: str, units: int, bucket: str, back: bool
    ) -> None:
        self.do(verb, take_back=back, sku=sku, location=place, quantity=units, bucket=bucket,
                reason=why)  # fmt: skip

    @rule(place=a_place)
    def begin_to_count(self, place: str) -> None:
        self.do("start_count", location=place, codes=list(KEPT))

    @rule(pick=a_pick, sku=a_sku, units=some.integers(0, 9))
    def count_a_shelf(self, pick: int, sku: str, units: int) -> None:
        words = "SELECT id FROM stock_counts WHERE state = 'open' ORDER BY id"
        if (row := self.one(pick, words)) is not None:
            self.do("enter_count", count_id=row.id, sku=sku, units=units)

    @rule(pick=a_pick, back=some.booleans())
    def close_a_count(self, pick: int, back: bool) -> None:
        words = "SELECT id FROM stock_counts WHERE state = 'open' ORDER BY id"
        if (row := self.one(pick, words)) is not None:
            self.do("close_count", take_back=back, count_id=row.id)

    # ---- the master, files, and taking back ---------------------------------------------------------

    @rule(sku=some.sampled_from([*KEPT, "BOX"]), pack=some.integers(1, 3), back=some.booleans(),
          channel=some.sampled_from(CHANNELS))  # fmt: skip
    def link(self, sku: str, pack: int, back: bool, channel: str) -> None:
        self.do("link", take_back=back, account_id=self.accounts[channel], alias="LATER",
                sku_code=sku, pack=pack)  # fmt: skip

    @rule(kit=some.sampled_from(["BOX", "PAIR"]), mugs=some.integers(1, 3), back=some.booleans())
    def change_a_kit(self, kit: str, mugs: int, back: bool) -> None:
        self.do("set_kit", take_back=back, kit=kit, contents={"MUG": mugs, "TEA": 1})

    @rule(part=some.sampled_from(["CRATE", "BOX"]))
    def make_a_kit_of_itself(self, part: str) -> None:
        assert self.do("set_kit", kit="BOX", contents={part: 1}) is None

    @rule(rows=some.lists(some.tuples(a_sku, a_place, some.integers(0, 9)), min_size=1, max_size=4,
                          unique_by=lambda row: row[:2]), back=some.booleans())  # fmt: skip
    def import_stock(self, rows: list[tuple[str, str, int]], back: bool) -> None:
        assert self.desk.importer is not None
        lines = [f"{sku},{place},{units}" for sku, place, units in rows]
        content = "\n".join(["sku,location,on_hand", *lines, f"# {self.steps}"])
        before = self.shelves()
        with suppress(DeskError):
            preview = self.desk.importer.preview_content(
                f"stock-{self.steps}.csv", content.encode()
            )
            report = self.desk.importer.confirm(preview)
            if back and report.import_id is not None:
                self.desk.run("take_back_import", import_id=report.import_id)
                assert self.shelves() == before, "an import was not taken back"

    @rule(pick=a_pick)
    def undo_something_of_before(self, pick: int) -> None:
        """Whatever happened since: it works or is refused, and everything still adds up."""
        undoable = [each for each in self.receipts[-10:] if each.undo is not None]
        if undoable:
            changes = undoable[pick % len(undoable)]
            self.receipts.remove(changes)
            assert changes.undo is not None
            with suppress(DeskError):
                self.desk.undo(changes.undo)

    # ---- what is always true ------------------------------------------------------------------------

    # ---- what channels are told ---------------------------------------------------------------------

    @rule(channel=some.sampled_from(CHANNELS), back=some.booleans(), row=some.fixed_dictionaries({
        "stock_mode": some.sampled_from(["equal", "reserved", "capped"]),
        "reserve_units": some.integers(0, 4), "reserve_percent": some.integers(0, 33),
        "cap_units": some.none() | some.integers(0, 6), "buffer_units": some.integers(0, 3),
        "gives_way_at": some.integers(0, 2), "incoming": some.sampled_from(["never", "all"]),
        "oversell": some.sampled_from(["never", "up_to"]), "oversell_units": some.integers(0, 3)}))  # fmt: skip
    def change_the_policy(self, channel: str, back: bool, row: dict[str, Any]) -> None:
        self.do("save_sheet", take_back=back, channels={channel: row})

    @rule()
    def publish(self) -> None:
        """Work out what has changed; it is what working everything out would give."""
        self.desk.publish()
        everything = self.desk.read(availability.available_units, now=self.at)
        newest = self.query(
            "SELECT p.sku_id, p.account_id, p.after FROM published_quantities p JOIN (SELECT MAX(id) AS id "
            "FROM published_quantities GROUP BY sku_id, account_id) n ON n.id = p.id"
        )
        for row in newest:
            assert everything[row.account_id].get(row.sku_id) == row.after, row

    @invariant()
    def no_exclusive_promise_exceeds_what_is_sellable(self) -> None:
        ids = [row.id for row in self.query("SELECT id FROM skus WHERE NOT is_kit")]
        there = self.desk.read(market, now=self.at)
        for goods in self.desk.read(goods_of, ids, now=self.at).values():
            assert isinstance(goods, Stock)
            told = promises(goods, there.outlets(goods.sku), today=self.at.date())
            assert sum(each.exclusive for each in told) <= sellable(goods).units
            assert all(each.units is None or each.units >= 0 for each in told)

    @invariant()
    def the_ledger_replays_to_the_balances(self) -> None:
        if not hasattr(self, "desk"):
            return
        self.steps += 1
        levels: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        reserved: dict[int, int] = defaultdict(int)
        moves = "SELECT sku_id, location_id, bucket, quantity FROM stock_movements ORDER BY id"
        for row in self.query(moves):
            if row.location_id is None:
                reserved[row.sku_id] += row.quantity
            else:
                levels[row.sku_id, row.location_id][row.bucket] += row.quantity
        names = ("on_hand", "allocated", "incoming", *ASIDE)
        for row in self.query("SELECT * FROM stock_levels"):
            replayed = levels[row.sku_id, row.location_id]
            assert {name: getattr(row, name) for name in names} == {
                name: replayed[name] for name in names
            }
        for row in self.query("SELECT * FROM network_stock"):
            free = sum(
                each["on_hand"] - each["allocated"] - sum(each[name] for name in ASIDE)
                for (sku, _place), each in levels.items()
                if sku == row.sku_id
            )
            assert (row.free, row.reserved) == (free, reserved[row.sku_id])

    @invariant()
    def nothing_is_negative_that_may_not_be(self) -> None:
        if hasattr(self, "desk"):
            wrong = self.query(
                "SELECT 1 FROM stock_levels WHERE allocated < 0 OR incoming < 0 OR damaged < 0"
                " OR quarantine < 0 OR returns_hold < 0 OR suggested < 0"
            )
            assert wrong == []

    @invariant()
    def everything_that_is_verified_is_true(self) -> None:
        if hasattr(self, "desk") and self.steps % VERIFIED_EACH == 0:
            self.check()

    def check(self) -> None:
        with self.desk.store.read() as db:
            checks = verify(db, anchors=Anchors("", {}))
        assert [check for check in checks if not check.ok] == []

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            try:
                self.check()
            finally:
                self.desk.store.close()
                self.folder.cleanup()
