"""Whatever people and channels do, in whatever order: after each step everything still adds up."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Connection, text

from app.domain.importing import KitRow, SkuRow
from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder
from app.domain.roles import Actor, Role
from app.errors import DeskError
from app.services import anchor, catalogue, intake, setup
from app.services.anchor import Anchors
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.order_rows import Arrival
from app.services.shipping import Parcel
from app.services.verifying import verify

NOW = datetime(2025, 11, 21, 15, 0, tzinfo=UTC)
KIM = Actor("Kim", Role.OWNER)
PLACES = ("MAIN", "EAST")
KEPT = ("MUG", "TEA")
SOLD = (*KEPT, *KEPT, *KEPT, "BOX", "BOX", "LATER", "")  # BOX is a kit, LATER is added on the way

any_order = some.integers(0, 7)
lines = some.lists(
    some.tuples(some.sampled_from(SOLD), some.integers(1, 4)), min_size=1, max_size=3
)
why = "A reason"


FIRST: list[list[tuple[str, int]]] = [
    [("MUG", 1)], [("MUG", 2), ("TEA", 1)], [("BOX", 1)], [("TEA", 7), ("MUG", 1)], [("TEA", 1)],
]  # fmt: skip


def order_of(number: int, bought: list[tuple[str, int]], state: ChannelState) -> IncomingOrder:
    return IncomingOrder(
        "shopify", str(number), f"#{number}", NOW, "USD",
        tuple(
            IncomingLine(f"L{n}", sku, sku, units, 500) for n, (sku, units) in enumerate(bought, 1)
        ),
        Address("B", "", "1 Way", city="Boston", state="MA", postcode="02138", country="US"),
        state=state,
    )  # fmt: skip


class AnySequence(RuleBasedStateMachine):
    """One desk, two locations, a kit, and everybody who may touch it."""

    @initialize()
    def open_the_desk(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.at, self.parcels, self.sent = NOW, 0, dict[str, IncomingOrder]()
        url = f"sqlite:///{Path(self.folder.name) / 'desk.sqlite'}"
        store = open_ready_store(url, now=NOW, synchronous="OFF")
        self.desk = Desk(store, KIM, now=self.clock)
        with store.write() as db:
            known = catalogue.save_skus(db, [SkuRow("MUG"), SkuRow("TEA"), SkuRow("BOX")], now=NOW)
            rows = [KitRow("BOX", "MUG", 2), KitRow("BOX", "TEA", 1)]
            catalogue.save_kits(db, rows, known, now=NOW)
            self.account = setup.account_for(db, "shopify", now=NOW)
        self.desk.run("add_location", code="EAST", name="East", postcode="08817")
        for sku in KEPT:
            for place in PLACES:
                self.desk.run("receive", sku=sku, location=place, quantity=6, reason="First")
        for number, bought in enumerate(FIRST):
            self.take_in(order_of(number, bought, ChannelState.OPEN))

    def clock(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def run(self, operation: str, **arguments: Any) -> None:
        """Do something; a refusal in a sentence is fine, anything else is a bug."""
        with suppress(DeskError):
            self.desk.run(operation, **arguments)

    def take_in(self, order: IncomingOrder) -> None:
        def work(db: Connection) -> None:
            arrival = Arrival(self.account, "test")
            intake.take_in(db, KIM, arrival=arrival, incoming=[order], now=self.clock())

        self.sent[order.external_id] = order
        self.desk.write(work)

    def order(self, pick: int, status: str, further: str = "1 = 1") -> int:
        """Return one of the orders, if there is any then one that the verb is about."""
        fit = self.query(f"SELECT id FROM orders WHERE status = '{status}' AND {further}")
        rows = fit or self.query("SELECT id FROM orders")
        return int(rows[pick % len(rows)].id) if rows else 1

    def orders(self, picks: list[int], status: str) -> list[int]:
        return sorted({self.order(pick, status) for pick in picks})

    def query(self, words: str, **values: Any) -> list[Any]:
        with self.desk.store.read() as db:
            return list(db.execute(text(words), values).all())

    @rule(number=any_order, bought=lines, state=some.sampled_from(
        [ChannelState.OPEN, ChannelState.OPEN, ChannelState.AWAITING_PAYMENT]))  # fmt: skip
    def an_order_arrives_or_changes(
        self, number: int, bought: list[tuple[str, int]], state: ChannelState
    ) -> None:
        self.take_in(order_of(number, bought, state))

    @rule(number=any_order, state=some.sampled_from(list(ChannelState)))
    def the_channel_moves_on(self, number: int, state: ChannelState) -> None:
        if str(number) in self.sent:
            self.take_in(replace(self.sent[str(number)], state=state))

    @rule(picks=some.lists(any_order, min_size=1, max_size=4), part=some.booleans())
    def accept(self, picks: list[int], part: bool) -> None:
        self.run("accept", order_ids=self.orders(picks, "open"), part_is_enough=part)

    @rule(pick=any_order, place=some.integers(1, 2))
    def override(self, pick: int, place: int) -> None:
        self.run("override", order_id=self.order(pick, "open"), location_id=place, reason=why)

    @rule(pick=any_order, places=some.lists(some.integers(1, 2), min_size=3, max_size=3))
    def split(self, pick: int, places: list[int]) -> None:
        order_id = self.order(pick, "open")
        mine = self.query("SELECT id FROM order_lines WHERE order_id = :o", o=order_id)
        chosen = {row.id: place for row, place in zip(mine, places, strict=False)}
        self.run("split", order_id=order_id, assignment=chosen, reason=why)

    @rule(pick=any_order)
    def withdraw(self, pick: int) -> None:
        self.run("withdraw", order_ids=[self.order(pick, "accepted")])

    @rule(pick=any_order)
    def hold(self, pick: int) -> None:
        self.run("hold", order_ids=[self.order(pick, "open")], reason=why)

    @rule(pick=any_order)
    def release(self, pick: int) -> None:
        self.run("release", order_ids=[self.order(pick, "open", "is_held")], reason=why)

    @rule(picks=some.lists(any_order, min_size=1, max_size=2))
    def cancel(self, picks: list[int]) -> None:
        self.run("cancel", order_ids=self.orders(picks, "open"), reason=why)

    @rule(pick=any_order)
    def reinstate(self, pick: int) -> None:
        self.run("reinstate", order_ids=[self.order(pick, "cancelled")])

    @rule(pick=any_order, all_of_it=some.booleans())
    def ship(self, pick: int, all_of_it: bool) -> None:
        rows = self.query(
            "SELECT id FROM fulfilment_orders WHERE order_id = :o AND state = 'open' ORDER BY id",
            o=self.order(pick, "accepted"),
        )
        going = rows if all_of_it else rows[:1]
        self.parcels += 1
        if going:
            number = f"1Z{self.parcels}"
            self.run(
                "ship", parcels=[Parcel(r.id, "UPS", number) for r in going], same_tracking=True
            )

    @rule(pick=any_order)
    def void(self, pick: int) -> None:
        self.run("void_shipments", order_ids=[self.order(pick, "shipped")], reason=why)

    @rule(pick=any_order, take=some.booleans())
    def decide_on_a_change(self, pick: int, take: bool) -> None:
        self.run(
            "take_over_change" if take else "keep_as_it_is",
            order_id=self.order(pick, "open", "changed_hash IS NOT NULL"),
        )

    @rule(pick=any_order)
    def close(self, pick: int) -> None:
        self.run(
            "close_as_shipped_elsewhere",
            order_id=self.order(pick, "open", "channel_state = 'shipped'"),
            reason=why,
        )

    @rule(pick=any_order, postcode=some.sampled_from(["08817", "94105", "02138"]))
    def correct_the_address(self, pick: int, postcode: str) -> None:
        self.run(
            "correct_address",
            order_id=self.order(pick, "open"),
            changes={"ship_postcode": postcode},
            reason=why,
        )

    @rule(sku=some.sampled_from(KEPT), place=some.sampled_from(PLACES), units=some.integers(1, 5))
    def receive(self, sku: str, place: str, units: int) -> None:
        self.run("receive", sku=sku, location=place, quantity=units, reason=why)

    @rule(sku=some.sampled_from(KEPT), place=some.sampled_from(PLACES), units=some.integers(-4, 4))
    def adjust(self, sku: str, place: str, units: int) -> None:
        self.run("adjust", sku=sku, location=place, quantity=units, reason=why)

    @rule(sku=some.sampled_from(KEPT), place=some.sampled_from(PLACES), units=some.integers(0, 9))
    def count(self, sku: str, place: str, units: int) -> None:
        self.run("count", sku=sku, location=place, counted=units, reason=why)

    @rule(sku=some.sampled_from(KEPT), there=some.booleans(), units=some.integers(1, 4))
    def move(self, sku: str, there: bool, units: int) -> None:
        start, end = PLACES if there else PLACES[::-1]
        self.run("transfer", sku=sku, origin=start, destination=end, quantity=units, reason=why)

    @rule(sku=some.sampled_from([*KEPT, "BOX"]))
    def link(self, sku: str) -> None:
        self.run("link", account_id=self.account, alias="LATER", sku_code=sku)

    @rule(ships=some.booleans())
    def close_or_open_a_location(self, ships: bool) -> None:
        self.run("change_location", code="EAST", changes={"ships": ships})

    @invariant()
    def everything_adds_up(self) -> None:
        if not hasattr(self, "desk"):
            return
        with self.desk.store.read() as db:
            checks = verify(db, anchors=Anchors("", {}))
            assert not anchor.trouble(db, anchor.Anchors("", {}))
        assert [check for check in checks if not check.ok] == []

    @invariant()
    def nothing_is_negative_that_may_not_be(self) -> None:
        if hasattr(self, "desk"):
            assert (
                self.query("SELECT 1 FROM stock_levels WHERE allocated < 0 OR suggested < 0") == []
            )
            assert self.query("SELECT 1 FROM network_stock WHERE reserved < 0") == []

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.store.close()
            self.folder.cleanup()


AnySequence.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnySequence = AnySequence.TestCase
