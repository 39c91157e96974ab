"""A desk with parcels on their way, a loopback carrier that knows of them, and one clock."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domain.syncing import SyncStatus
from app.models.cases import exception_cases
from app.models.fulfilment import tracking_events
from app.models.tracking import parcel_questions, parcel_states
from app.services.tracking.connections import TROUBLES, connected_carriers
from app.sync.carriers.adapters import carrier_of
from app.sync.live.adapters import Connection
from app.sync.live.door import Door, Limits
from app.sync.live.parcels import CarrierSync
from app.sync.loopback.depot import Depot, Seen
from app.sync.loopback.marketplace import Witness
from tests.sync.live.practice import MemorySecrets
from tests.sync.live.world import World, world

KEYS = {
    "ups": {"client_id": "id-canary", "client_secret": "secret-canary"},
    "fedex": {"client_id": "id-canary", "client_secret": "secret-canary"},
    "usps": {"client_id": "id-canary", "client_secret": "secret-canary"},
    "dhl": {"api_key": "key-canary"},
    "canadapost": {"username": "user-canary", "password": "word-canary"},
    "easypost": {"api_key": "key-canary"},
}
NAMES = {"ups": "UPS", "fedex": "FedEx Ground", "usps": "USPS", "dhl": "DHL", "canadapost": "Canada Post",
         "easypost": "OnTrac"}  # fmt: skip


@dataclass
class Trade:
    """A desk whose parcels one carrier is asked about."""

    made: World
    carrier: str
    depot: Depot
    secrets: MemorySecrets
    door: Door
    loop: CarrierSync
    numbers: list[str] = field(default_factory=list)

    def ship(self, count: int = 1) -> list[str]:
        """Sell and ship, and return the tracking numbers."""
        before = len(self.numbers)
        for _ in range(count):
            self.made.sell("shopify", ("MUG", 1))
        self.made.cycle()
        self.made.ship_everything(carrier=NAMES[self.carrier])
        self.numbers = [f"1Z{at:08d}" for at in range(1, self.made.labels + 1)]
        return self.numbers[before:]

    def scan(self, number: str, *seen: Seen, **more: object) -> None:
        """Let the carrier see a parcel, an hour between two scans, the last one now."""
        for at, each in enumerate(reversed(seen)):
            self.depot.scan(number, each, self.made.clock.now() - timedelta(hours=at), **more)

    def later(self, hours: float) -> SyncStatus:
        """Let time pass, and look."""
        self.made.clock.pass_by(hours * 3600)
        return self.loop.cycle()

    def status(self, number: str) -> str:
        """Return how far the desk thinks a parcel is."""
        place = self.numbers.index(number) + 1
        query = select(parcel_states.c.status).where(parcel_states.c.shipment_id == place)
        return str(self.made.desk.read(lambda db: db.execute(query).scalar()) or "")

    def events(self) -> int:
        """Return how many reports are kept."""
        query = select(tracking_events.c.id)
        return len(self.made.desk.read(lambda db: db.execute(query).all()))

    def questions(self) -> Sequence[Any]:
        """Return what each parcel was asked, by parcel."""
        query = select(parcel_questions).order_by(parcel_questions.c.shipment_id)
        return self.made.desk.read(lambda db: db.execute(query).all())

    def asked(self) -> int:
        """Return how many questions the carrier had."""
        return sum(x.operation == "track" for x in self.depot.requests)

    def cases(self) -> list[str]:
        """Return what kind of trouble with the carrier the owner is told of."""
        table = exception_cases.c
        query = select(table.kind).where(table.kind.in_(TROUBLES), table.state == "open")
        return self.made.desk.read(lambda db: list(db.execute(query).scalars()))


@contextmanager
def trade(
    url: str, carrier: str, *, witness: Witness | None = None, seconds: float = 20.0
) -> Iterator[Trade]:
    """Open a desk that sells on one channel and asks one carrier."""
    with ExitStack() as things:
        made = things.enter_context(world(url, "shopify"))
        made.stock("MUG", 400)
        depot = made.marketplace.open_depot(carrier)
        depot.secrets.update(KEYS[carrier])
        made.marketplace.witness = _only(depot, witness) if witness else None
        address = f"{made.address}/{carrier}"
        made.desk.run("connect_carrier", carrier=carrier, address=address)
        (account,) = made.desk.read(connected_carriers)
        speaks = carrier_of(carrier)
        assert speaks is not None
        door = things.enter_context(speaks.door(address, made.clock, Limits(seconds)))
        secrets = MemorySecrets(KEYS[carrier])
        client = speaks.make(Connection(0, address, {}, secrets, made.clock, door))
        loop = CarrierSync(
            made.desk.store,
            account,
            speaks,
            client,
            door,
            made.clock,
            random.Random(1),
            "this desk",
        )
        yield Trade(made, carrier, depot, secrets, door, loop)


def _only(depot: Depot, witness: Witness) -> Witness:
    """Let a witness see the carrier's exchanges only."""

    def seen(shop: Any, operation: str, asked: Any, reply: Any) -> None:
        if shop is depot:
            witness(shop, operation, asked, reply)

    return seen
