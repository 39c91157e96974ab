"""A whole little world: a desk, a marketplace with several shops, one clock, and everything real between.

Cycles are run by hand, one after the other, so that a seed decides everything that happens.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.domain.importing import FileKind, ParsedFile, SkuRow
from app.domain.roles import Actor, Role
from app.domain.syncing import SyncStatus
from app.models.fulfilment import fulfilment_orders
from app.models.orders import orders
from app.services import catalogue, goods_files
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.shipping import Parcel
from app.services.syncing import connections
from app.sync.live.adapters import Connection, adapter_of
from app.sync.live.clock import Clock
from app.sync.live.cycle import AccountSync
from app.sync.live.door import Door, Limits
from app.sync.live.work import Work
from app.sync.loopback.dialects import all_dialects
from app.sync.loopback.marketplace import Marketplace
from app.sync.loopback.server import serving
from app.sync.loopback.shop import Shop, Sold
from tests.beginnings import Begun, begin
from tests.sync.live.practice import HOME, SECRETS, SETTINGS, MemorySecrets
from tests.sync.live.times import START, FakeClock

OWNER = Actor("Dana", Role.OWNER)


@dataclass
class World:
    """A desk and a marketplace."""

    desk: Desk
    marketplace: Marketplace
    address: str
    clock: FakeClock
    chance: random.Random
    shops: dict[str, Shop] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, MemorySecrets] = field(default_factory=dict)
    loops: dict[str, AccountSync] = field(default_factory=dict)
    doors: dict[str, Door] = field(default_factory=dict)
    statuses: list[SyncStatus] = field(default_factory=list)
    seconds: float = 60.0
    labels: int = 0

    def connect(self, channel: str, *, name: str = "", pushes: bool = True) -> Shop:
        """Open a shop at the marketplace and connect the desk with it."""
        name = name or channel
        shop = self.marketplace.open_shop(name, channel)
        secrets = SECRETS.get(channel, {"access_token": f"{channel}-canary-token"})
        shop.secrets.update(secrets)
        shop.faults.chance = random.Random(self.chance.random())
        self.secrets[name] = MemorySecrets(secrets)
        self.shops[name] = shop
        changes = self.desk.run(
            "connect_account", channel=channel, address=f"{self.address}/{name}",
            settings=SETTINGS.get(channel, {}), since=START - timedelta(days=30),
            pushes_quantities=pushes,
        )  # fmt: skip
        self.accounts[name] = changes.done[0]
        self.start(name)
        return shop

    def start(self, name: str, breaks: Callable[[str], None] | None = None) -> AccountSync:
        """Start the loop of an account anew, as after a restart."""
        if name in self.doors:
            self.doors[name].close()
        shop = self.shops[name]
        adapter = adapter_of(shop.channel)
        assert adapter is not None
        clock: Clock = self.clock
        door = Door(
            adapter.title, f"{self.address}/{name}", clock, adapter.traits.budgets,
            adapter.traits.together, limits=Limits(self.seconds), chance=self.chance,
        )  # fmt: skip
        account = self.desk.read(connections.connected, self.accounts[name])
        made = adapter.make(
            Connection(
                account.account_id,
                account.address,
                account.settings,
                self.secrets[name],
                clock,
                door,
            )
        )
        work = Work(
            self.desk.store, account, adapter.traits, made, door, clock, self.chance, "this desk"
        )
        if breaks is not None:
            work.breaks = breaks
        self.doors[name] = door
        self.loops[name] = AccountSync(work, self.statuses.append)
        return self.loops[name]

    def cycle(self, name: str = "shopify") -> SyncStatus:
        """Let one account look once, and let its pace pass."""
        status = self.loops[name].cycle()
        self.clock.pass_by(90)
        return status

    def until_quiet(self, name: str = "shopify", most: int = 20) -> SyncStatus:
        """Let an account look until it is up to date, waiting as long as it says."""
        status = None
        for _ in range(most):
            status = self.loops[name].cycle()
            if status.state == "up_to_date":
                return status
            if status.until is not None:
                wait = (status.until - self.clock.now()).total_seconds()
                self.clock.pass_by(max(1.0, wait + 0.5))
        raise AssertionError(f"not quiet after {most} looks: {status}")

    def stock(self, sku: str, units: int) -> None:
        """Put a SKU into the catalogue and on the shelf, and offer it in every shop."""
        row = SkuRow(sku, title=f"The {sku}", weight_g=300)
        self.desk.write(lambda db: catalogue.save_skus(db, [row], now=self.clock.now()))
        self.desk.run("receive", sku=sku, location="MAIN", quantity=units, reason="Opening")
        for shop in self.shops.values():
            shop.offer(sku, f"The {sku}", units)

    def stock_many(self, skus: int, units: int) -> None:
        """Put many SKUs on the shelf at once, and offer them everywhere."""
        codes = [f"SKU-{at:05}" for at in range(skus)]
        rows = tuple(SkuRow(code, title=code, on_hand=units, source_line=at)
                     for at, code in enumerate(codes, 2))  # fmt: skip
        file = ParsedFile("stock.csv", "catalogue", FileKind.CATALOGUE, "", skus=rows)
        self.desk.write(
            lambda db: goods_files.take_goods(
                db, OWNER, parsed=file, source="opening", now=self.clock.now()
            )
        )
        for shop in self.shops.values():
            for code in codes:
                shop.offer(code, code, units)

    def sell(self, name: str, *wanted: tuple[str, int], **more: object) -> Sold:
        """Let a buyer order something that the shop shows."""
        sold = self.shops[name].place(wanted, HOME, **more)
        assert sold is not None
        return sold

    def ship_everything(self, carrier: str = "UPS", label: str = "") -> list[int]:
        """Accept what is routed and ship it, as its operator would; then let the undo window pass.

        With a ``label``, all of it goes in one parcel.
        """
        ready = [row.id for row in self._rows(orders.c.status == "open", ~orders.c.is_held)]
        if ready:
            self.desk.run("accept", order_ids=ready)
        query = select(fulfilment_orders.c.id).where(fulfilment_orders.c.state == "open")
        waiting = self.desk.read(lambda db: list(db.execute(query).scalars()))
        parcels = [Parcel(each, carrier, label or self._label()) for each in waiting]
        if parcels:
            self.desk.run("ship", parcels=parcels, same_tracking=bool(label))
        self.clock.pass_by(15)
        return waiting

    def order(self, sold: Sold) -> Any:
        """Return an order's row, if it is here."""
        return next(iter(self._rows(orders.c.external_id == sold.id)), None)

    def _rows(self, *conditions: object) -> list[Any]:
        query = select(orders).where(*conditions)  # type: ignore[arg-type]
        return self.desk.read(lambda db: list(db.execute(query)))

    def _label(self) -> str:
        self.labels += 1
        return f"1Z{self.labels:08d}"

    def close(self) -> None:
        """Close the doors."""
        for door in self.doors.values():
            door.close()


@contextmanager
def world(where: str | Begun, *channels: str, seed: int = 1) -> Iterator[World]:
    """Make a world with a shop on each of these channels, in a file or server, or in what is begun."""
    clock = FakeClock()
    with ExitStack() as open_things:
        store = open_ready_store(_begun(where), now=clock.now())
        open_things.callback(store.close)
        desk = Desk(store, OWNER, now=clock.now)
        marketplace = Marketplace(clock, all_dialects())
        address = open_things.enter_context(serving(marketplace))
        made = World(desk, marketplace, address, clock, random.Random(seed))
        open_things.callback(made.close)
        for channel in channels:
            made.connect(channel)
        yield made


def _begun(where: str | Begun) -> str:
    if not isinstance(where, str):
        return where("a world", _make)
    begin(where, "a world", _make)
    return where


def _make(url: str) -> None:
    open_ready_store(url, now=START).close()


def sqlite_url(folder: Path) -> str:
    """Return the address of a new store in a folder."""
    return f"sqlite:///{folder / 'desk.db'}"
