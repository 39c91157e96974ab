"""A month of parcels with planted trouble: is each noticed before the day that the customer was promised?

    python -m tests.services.tracking.simulation --parcels 5000 --seed 7

Four carriers report in their own codes; some parcels are never scanned, some stand still, some are lost,
two lanes grow slow, and one whole pick-up is missed. Printed are precision, recall and lead time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import select

from app.domain.orders import Address
from app.domain.roles import SYSTEM
from app.domain.tracking.carriers import house_of
from app.models.cases import exception_cases
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.inventory import locations
from app.models.orders import orders
from app.services import deciding, shipping
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.tracking.alerting import KINDS
from app.services.tracking.receiving import Report, receive
from tests.builders import Shop, an_order
from tests.services.tracking.carriers_at_work import (
    DAY,
    HOUR,
    WAYS,
    ZIPS,
    Carriers,
    Way,
    events,
    numbers,
    shares,
)

BEGIN: Final = datetime(2026, 8, 31, 12, 0, tzinfo=UTC)  # a Monday
DAYS: Final = 30
LABELS_AT: Final = timedelta(hours=6)
LOOK_EVERY: Final = 4 * HOUR
MANIFEST: Final = ("UPS", "EAST", 16)  # whose pick-up does not come, where, on which day


@dataclass(slots=True)
class Outcome:
    """What was planted and what was noticed: by parcel, when and as what."""

    ways: dict[int, Way] = field(default_factory=dict)
    noticed: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    manifest: tuple[int, ...] = ()
    manifest_cards: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    seconds: float = 0.0

    def figures(self) -> dict[str, Any]:
        """Return precision, recall and lead time, and what was missed by kind of trouble."""
        planted = [key for key, way in self.ways.items() if way.trouble]
        bad = {key for key, way in self.ways.items() if way.trouble or way.is_bad}
        knowable = [key for key in planted if _is_knowable(self.ways[key])]
        in_time = [key for key in knowable if self._is_in_time(key)]
        leads = [
            (self.ways[key].promised_at - self.noticed[key][0]) / HOUR
            for key in planted if self._is_in_time(key)
        ]  # fmt: skip
        return {
            "parcels": len(self.ways),
            "planted": len(planted),
            "noticed": len(self.noticed),
            "precision": _share(len(set(self.noticed) & bad), len(self.noticed)),
            "recall": _share(len(set(planted) & set(self.noticed)), len(planted)),
            "recall_before_promise_where_knowable": _share(len(in_time), len(knowable)),
            "knowable": len(knowable),
            "lead_hours_median": round(statistics.median(leads), 1) if leads else None,
            "manifest_parcels": len(self.manifest),
            "manifest_cards": len(self.manifest_cards),
            "by_trouble": self._by_trouble(),
            "missed": sorted(
                f"{self.ways[key].trouble} {self.ways[key].number}"
                for key in knowable if not self._is_in_time(key)
            ),
            "seconds": round(self.seconds, 1),
        }  # fmt: skip

    def _is_in_time(self, key: int) -> bool:
        return key in self.noticed and self.noticed[key][0] < self.ways[key].promised_at

    def _by_trouble(self) -> dict[str, str]:
        found: dict[str, list[bool]] = defaultdict(list)
        for key, way in self.ways.items():
            if way.trouble and _is_knowable(way):
                found[way.trouble].append(self._is_in_time(key))
        return {name: f"{sum(hits)}/{len(hits)}" for name, hits in sorted(found.items())}


def _share(some: int, of_all: int) -> float:
    return round(some / of_all, 3) if of_all else 1.0


# So long after a trouble began it differs from what is usual, by how the carriers here work.
_SHOWS_AFTER: Final = {
    "unscanned": 24 * HOUR, "stuck": 30 * HOUR, "lost": 30 * HOUR, "attempted": HOUR,
    "returning": HOUR, "damaged": HOUR, "manifest": 24 * HOUR,
}  # fmt: skip


def _is_knowable(way: Way) -> bool:
    """Whether anybody could have known of a trouble before the promised day, by the reports alone."""
    if way.trouble == "late lane":
        usual = WAYS[way.origin][way.state] * 1.3 * HOUR
        return way.is_bad and (way.began_at or way.shipped_at) + usual < way.promised_at - 4 * HOUR
    began = way.began_at or way.shipped_at
    shows = began + _SHOWS_AFTER[way.trouble] + LOOK_EVERY
    while began < shows:  # weekends tell nothing
        shows += DAY * (began.weekday() >= 5)
        began += DAY
    return shows < way.promised_at


@dataclass(slots=True)
class Month:
    """The desk, its carriers, and what they still have to report."""

    desk: Desk
    rng: Random
    parcels: int
    outcome: Outcome = field(default_factory=Outcome)
    carriers: Carriers = field(init=False)
    waiting: list[tuple[datetime, int, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        slow = (BEGIN + 12 * DAY, BEGIN + 20 * DAY, 2.1)
        self.carriers = Carriers(
            self.rng, {("USPS", "EAST", "TX"): slow, ("UPS", "WEST", "CO"): slow}
        )

    def run(self) -> Outcome:
        """Live the month, and a week more."""
        begun = time.process_time()
        now, numbering = BEGIN, numbers(self.rng)
        while now < BEGIN + (DAYS + 7) * DAY:
            morning = (now - BEGIN) % DAY == timedelta()
            if morning and now < BEGIN + DAYS * DAY and now.weekday() < 5:
                self._ship(now, numbering)
            self._hear(now)
            self.desk.now = lambda at=now: at  # type: ignore[misc]
            self.desk.watch_cases()
            self._note(now)
            now += LOOK_EVERY
        self.outcome.seconds = time.process_time() - begun
        return self.outcome

    def _ship(self, now: datetime, numbering: Iterator[str]) -> None:
        count = self.parcels * 7 // (DAYS * 5)
        for at in range(0, count, 100):
            keys = self._ordered(now, min(100, count - at), f"{now:%m%d}-{at}")
            self._sent(now, keys, numbering)

    def _ordered(self, now: datetime, count: int, batch: str) -> list[int]:
        states = list(ZIPS)
        incoming = [
            an_order(
                f"{batch}-{n}", ("TEA", 1), placed_at=now - 3 * HOUR,
                ship_to=_to(self.rng.choice(states)),
            )
            for n in range(count)
        ]  # fmt: skip

        def work(db: Any) -> list[int]:
            shop = Shop.__new__(Shop)
            shop.db, shop.now, shop.account = db, now, 1
            ids = list(shop.takes_in(*incoming).changes.done)
            deciding.accept(db, SYSTEM, order_ids=ids, now=now)
            return ids

        return self.desk.write(work)

    def _sent(self, now: datetime, keys: Sequence[int], numbering: Iterator[str]) -> None:
        """Make the labels, and let the carriers decide what becomes of the parcels."""
        query = (
            select(fulfilment_orders.c.id, locations.c.code, orders.c.id.label("order_id"),
                   orders.c.ship_state)
            .join(orders, orders.c.id == fulfilment_orders.c.order_id)
            .join(locations, locations.c.id == fulfilment_orders.c.location_id)
            .where(orders.c.id.in_(keys))
            .order_by(fulfilment_orders.c.id)
        )  # fmt: skip
        boxes = self.desk.read(lambda db: db.execute(query).all())
        ways = {}
        for box in boxes:
            house, service = self.carriers.house()
            at = now + LABELS_AT + self.rng.random() * HOUR
            ways[box.id] = self.carriers.way(next(numbering), house, service, box.code,
                                             box.ship_state, at)  # fmt: skip
        ways = self._with_trouble(ways, now)
        self.desk.write(lambda db: self._book(db, boxes, ways, now))

    def _with_trouble(self, ways: dict[int, Way], now: datetime) -> dict[int, Way]:
        day = (now - BEGIN) // DAY
        if MANIFEST[2] == day:
            return {key: _missed(way) for key, way in ways.items()}
        if not 3 <= day <= DAYS - 6:
            return ways
        healthy = [way for way in ways.values() if not way.trouble]
        each = 1 if len(healthy) >= 12 and self.rng.random() < 0.9 else 0
        chosen = shares(self.rng, healthy, each)
        return {
            key: self.carriers.troubled(way, chosen[way.number]) if way.number in chosen else way
            for key, way in ways.items()
        }

    def _book(self, db: Any, boxes: Sequence[Any], ways: dict[int, Way], now: datetime) -> None:
        parcels = [
            shipping.Parcel(key, way.house, way.number, way.service, way.shipped_at)
            for key, way in ways.items()
        ]
        shipping.ship(db, SYSTEM, parcels=parcels, now=now)
        known = {
            row.tracking_number: row
            for row in db.execute(
                select(shipments).where(
                    shipments.c.tracking_number.in_([way.number for way in ways.values()])
                )
            )
        }
        order_of = {box.id: box.order_id for box in boxes}
        for key, way in ways.items():
            row = known[way.number]
            self.outcome.ways[row.id] = way
            if way.trouble == "manifest":
                self.outcome.manifest += (row.id,)
            db.execute(
                orders.update()
                .where(orders.c.id == order_of[key])
                .values(deliver_by=way.promised_at)
            )
            for event in events(way, house_of(way.house)):
                self.waiting.append((event.recorded_at, row.id, event))

    def _hear(self, now: datetime) -> None:
        """Let the carriers report what has happened since, in no order."""
        due = [each for each in self.waiting if each[0] <= now]
        self.waiting = [each for each in self.waiting if each[0] > now]
        self.rng.shuffle(due)
        said: dict[int, list[Any]] = defaultdict(list)
        for _at, key, event in due:
            said[key].append(event)
        reports = [Report(key, tuple(mine)) for key, mine in said.items()]
        self.desk.write(lambda db: receive(db, reports, now=now))

    def _note(self, now: datetime) -> None:
        """Remember which parcels have a case now that had none before."""
        case = exception_cases.c
        query = select(case.subject_id, case.kind, case.cause).where(
            case.state == "open", case.subject_kind == "shipment",
            case.kind.in_([kind.value for kind in KINDS]),
        )  # fmt: skip
        for row in self.desk.read(lambda db: db.execute(query).all()):
            self.outcome.noticed.setdefault(row.subject_id, (now, row.kind))
            if row.subject_id in self.outcome.manifest and row.kind == "unscanned":
                self.outcome.manifest_cards.add(row.cause)


def _missed(way: Way) -> Way:
    """Let the parcels of the missed pick-up stand for three days."""
    if (way.house, way.origin) != MANIFEST[:2] or way.trouble:
        return way
    label, *rest = way.steps
    later = [(at + 3 * DAY, what) for at, what in rest]
    return replace(way, steps=(label, *later), trouble="manifest", began_at=way.shipped_at)


def _to(state: str) -> Address:
    return Address("Ada Example", "", "1 Fictional Lane", city="Springfield", state=state,
                   postcode=ZIPS[state], country="US")  # fmt: skip


def a_month(url: str, parcels: int, seed: int) -> Outcome:
    """Live a month at a new desk, and return what was planted and what was noticed."""
    desk = Desk(open_ready_store(url, now=BEGIN - DAY), SYSTEM, now=lambda: BEGIN)
    try:
        desk.write(lambda db: Shop(db, now=BEGIN - DAY).stocked(TEA=(parcels * 2, parcels * 2)))
        return Month(desk, Random(seed), parcels).run()
    finally:
        desk.store.close()


def main(words: Sequence[str] | None = None) -> int:
    """Run from the command line: figures as JSON; 1 if something that could be known was missed."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--parcels", type=int, default=5000)
    reader.add_argument("--seed", type=int, default=7)
    args = reader.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'month.sqlite'}"
        figures = a_month(url, args.parcels, args.seed).figures()
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
