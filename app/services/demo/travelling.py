"""Let the parcels of the demo travel: most arrive, and of the last days' one in each trouble is under way.

Carriers report in their own codes, a little after it happened; one of them uses a code that nobody knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.tracking.carriers import house_of
from app.domain.tracking.timeline import CarrierEvent
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.orders import orders
from app.services.tracking.receiving import Report, receive

_HEARD_AFTER: Final = timedelta(minutes=35)
_ON_ITS_WAY: Final = timedelta(days=2)
_LATEST: Final = 14
_LONG_AGO: Final = timedelta(days=30)
_PICKED_UP_BY: Final = timedelta(hours=20)  # later than that, a label without a scan is odd
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "usps": {"label": "GX", "accepted": "03", "moving": "10", "hub": "T1", "out": "OF",
             "door": "01", "missed": "02", "waits": "14", "back": "09", "broken": "32",
             "weather": "WE", "gone": "LO", "wrong": "23"},
    "ups": {"label": "MP", "accepted": "OR", "moving": "DP", "hub": "AR", "out": "OT",
            "door": "FS", "missed": "NH", "waits": "RP", "back": "RS", "broken": "DMG",
            "weather": "WE", "gone": "LO", "wrong": "WA"},
    "fedex": {"label": "OC", "accepted": "PU", "moving": "DP", "hub": "AR", "out": "OD",
              "door": "DL", "missed": "NH", "waits": "HL", "back": "RS", "broken": "DMG",
              "weather": "WE", "gone": "lost", "wrong": "WA"},
}  # fmt: skip
_WORDS: Final = {
    "label": "Label created", "accepted": "Accepted at the carrier's facility",
    "moving": "Departed the sorting centre", "hub": "Arrived at the sorting centre",
    "out": "Out for delivery", "door": "Delivered", "missed": "Nobody home, notice left",
    "waits": "Available for pick-up", "back": "Return to sender", "broken": "Contents damaged",
    "weather": "Delayed by weather", "gone": "Parcel could not be found",
    "wrong": "Address incomplete",
}  # fmt: skip
_HUBS: Final = ("Memphis, TN", "Louisville, KY", "Indianapolis, IN", "Hodgkins, IL", "Kearny, NJ",
                "Ontario, CA", "Fort Worth, TX", "Springfield, MA")  # fmt: skip
# How far a parcel of the last days came, and what happened then; each happens to one.
FATES: Final = ("gone", "missed", "broken", "back", "strange", "waits", "weather", "wrong")  # fmt: skip
Step = tuple[datetime, str, str, str]


@dataclass(slots=True)
class Travel:
    """The carriers of the demo; ``until`` is now, ``rng`` draws how fast each is."""

    db: Connection
    rng: Random
    until: datetime

    def go(self) -> None:
        """Write what carriers reported of every parcel until now."""
        parcels = self.db.execute(_SENT).all()
        fates = self._fates(parcels)
        reports = [self._report(row, fates.get(row.id, "")) for row in parcels]
        receive(self.db, [each for each in reports if each.events], now=self.until)

    def _fates(self, parcels: Sequence[Any]) -> dict[int, str]:
        """Choose which of the latest parcels get into trouble: a missed pick-up, and one of each."""
        missed = self._missed_pick_up(parcels)
        old = [row for row in parcels if self.until - row.shipped_at > _ON_ITS_WAY]
        old = [row for row in old if row.id not in missed]
        latest = sorted(old, key=lambda row: (row.shipped_at, row.id))[-_LATEST:]
        if not latest:
            return dict.fromkeys(missed, "unscanned")
        stuck, *rest = latest
        rest.reverse()  # the newest first: what is long over needs nobody
        late = next((row for row in rest if row.deliver_by is not None), None)
        others = [row.id for row in rest if row is not late]
        found = {**dict.fromkeys(missed, "unscanned"), **dict(zip(others, FATES, strict=False))}
        return {**found, stuck.id: "stuck", **({late.id: "late"} if late is not None else {})}

    def _missed_pick_up(self, parcels: Sequence[Any]) -> list[int]:
        """Return the parcels of one place, carrier and day that nobody collected: the latest with some."""
        groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for row in parcels:
            age = self.until - row.shipped_at
            if _PICKED_UP_BY < age < _LONG_AGO:
                groups[row.shipped_at.date(), house_of(row.carrier), row.location_id].append(row.id)
        ready = [key for key, mine in groups.items() if len(mine) >= 2] or list(groups)
        ready.sort(key=lambda key: (key[0], len(groups[key])), reverse=True)
        return groups[ready[0]][:6] if ready else []

    def _report(self, row: Any, fate: str) -> Report:
        house = house_of(row.carrier)
        steps = [step for step in self._steps(row, fate) if step[0] + _HEARD_AFTER <= self.until]
        expected = None
        if fate == "late" and row.deliver_by is not None:
            expected = max(row.deliver_by, self.until) + timedelta(days=2)
        return Report(
            row.id, tuple(_event(step, house, row.carrier) for step in steps),
            expected if steps else None, row.carrier,
        )  # fmt: skip

    def _steps(self, row: Any, fate: str) -> Iterator[Step]:
        """Give what happens to a parcel, to the end of its way."""
        rng, hub = self.rng, self.rng.choice(_HUBS)
        town = ", ".join(part for part in (row.ship_city, row.ship_state) if part)
        at = row.shipped_at
        yield at, "label", "", ""
        if fate == "unscanned":
            return
        at += timedelta(hours=rng.uniform(2, 9))
        yield at, "accepted", "", ""
        at += timedelta(hours=rng.uniform(8, 20))
        yield at, "hub", hub, ""
        if fate in ("stuck", "gone"):
            if fate == "gone":
                found_out = min(at + timedelta(hours=30), self.until - timedelta(hours=2))
                yield found_out, "gone", hub, ""
            return
        at += timedelta(hours=rng.uniform(3, 14))
        yield at, "moving", hub, ""
        if fate == "strange":
            yield at + timedelta(hours=5), "?", hub, "Container held for inspection by partner"
            return
        if fate == "broken":
            yield at + timedelta(hours=6), "broken", rng.choice(_HUBS), ""
            return
        if fate == "weather" or (not fate and rng.random() < 0.03):
            yield at + timedelta(hours=9), "weather", hub, ""
            at += timedelta(hours=rng.uniform(24, 60))
        if fate == "late":
            yield self.until - timedelta(hours=3), "hub", rng.choice(_HUBS), ""
            return
        yield from self._last_mile(at, town, fate)

    def _last_mile(self, at: datetime, town: str, fate: str) -> Iterator[Step]:
        at += timedelta(hours=self.rng.uniform(12, 40))
        if fate in ("missed", "back", "waits", "wrong"):
            at = min(at, self.until - timedelta(hours=self.rng.uniform(4, 20)))
        yield at, "out", town, ""
        door = at + timedelta(hours=self.rng.uniform(2, 8))
        ends = {"missed": ["missed"], "back": ["missed", "back"], "waits": ["missed", "waits"],
                "wrong": ["wrong"]}  # fmt: skip
        for hours, what in enumerate(ends.get(fate, ["door"])):
            yield door + timedelta(hours=hours), what, town, ""


def _event(step: Step, house: str, carrier: str) -> CarrierEvent:
    at, what, place, words = step
    code = _CODES.get(house, {}).get(what, "Q7" if what == "?" else what)
    return CarrierEvent(
        house, code, words or _WORDS[what], at, at + _HEARD_AFTER, place, carrier,
        stated=at.isoformat(timespec="seconds"),
    )  # fmt: skip


_SENT: Final = (
    select(shipments.c.id, shipments.c.carrier, shipments.c.shipped_at,
           fulfilment_orders.c.location_id, orders.c.deliver_by, orders.c.ship_city,
           orders.c.ship_state)
    .join(orders, orders.c.id == shipments.c.order_id)
    .join(fulfilment_orders, fulfilment_orders.c.id == shipments.c.fulfilment_order_id)
    .order_by(shipments.c.id)
)  # fmt: skip
