"""A season at the desk in a few minutes: buyers, an operator, a sick network, kills and restarts.

One seed decides everything: who buys what, what goes wrong, when the program dies. At the end everything
has to be quiet and true, and the same seed gives the same trace.

    python -m tests.sync.live.simulation --orders 10000 --seed 7
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.sync.live.clock import StoppedError
from app.sync.loopback.faults import Does
from tests.sync.live.invariants import broken
from tests.sync.live.world import World, sqlite_url, world

CHANNELS = ("shopify", "woocommerce", "walmart", "etsy", "ebay", "amazon")
PLACES = ("pull.before_commit", "pull.after_part", "pull.after_page", "outbox.before_send",
          "outbox.after_send", "quantity.before_send", "quantity.after_send")  # fmt: skip
FAULTS: tuple[tuple[Does, dict[str, object]], ...] = (
    (Does.STATUS, {"status": 500}), (Does.STATUS, {"status": 429, "headers": {"retry-after": "7"}}),
    (Does.STATUS, {"status": 503}), (Does.TRUNCATE, {}), (Does.RESET_BEFORE, {}),
    (Does.RESET_AFTER, {}), (Does.COMMIT_THEN_DROP, {}), (Does.BODY, {"body": b"<html>no</html>"}),
    (Does.DUP_PAGE, {}), (Does.SHRINK_PAGE, {}), (Does.STALE_TOKEN, {}),
)  # fmt: skip
SKUS = 40


class Killed(BaseException):
    """The program died here."""


@dataclass
class Figures:
    """What a simulation came to."""

    orders: int = 0
    refused_by_shops: int = 0
    kills: int = 0
    cycles: int = 0
    requests: int = 0
    confirmed: int = 0
    seconds: float = 0.0
    trace: str = ""
    broken: list[str] = field(default_factory=list)


class Simulation:
    """One run of a world."""

    def __init__(self, made: World, orders: int, rate: float) -> None:
        self.world, self.wanted, self.rate = made, orders, rate
        self.chance = made.chance
        self.figures = Figures()

    def run(self, say: Callable[[str], object] = lambda _: None) -> Figures:
        """Sell, sync, ship and break until everything is sold; then let it come to rest."""
        begun = time.monotonic()
        self._open()
        while self.figures.orders < self.wanted:
            self._round()
            if self.figures.cycles % 60 == 0:
                say(f"{self.figures.orders} orders, {self.figures.kills} kills")
        self._rest()
        self.figures.seconds = time.monotonic() - begun
        return self._counted()

    def _open(self) -> None:
        for at in range(SKUS):
            self.world.stock(f"SKU-{at:03}", max(30, self.wanted * 3 // SKUS))
        for shop in self.world.shops.values():
            for does, how in FAULTS:
                shop.faults.add(does, "", rate=self.rate / len(FAULTS), **how)

    def _round(self) -> None:
        """A while at the desk: some buy, somebody works, each account is looked at."""
        batch = max(4, min(60, self.wanted // 40))
        for _ in range(batch):
            self._buy()
        if self.chance.random() < 0.1:
            self._change_a_mind()
        for name in self.world.shops:
            self._look(name)
        if self.chance.random() < 0.6:
            self.world.ship_everything()
        self.world.clock.pass_by(self.chance.choice((5, 60, 90, 600)))

    def _buy(self) -> None:
        name = self.chance.choice(list(self.world.shops))
        shop = self.world.shops[name]
        chosen = self.chance.sample(range(SKUS), self.chance.choice((1, 1, 1, 2, 3)))
        wanted = [(f"SKU-{at:03}", self.chance.choice((1, 1, 2))) for at in chosen]
        try:
            self.world.sell(name, *wanted)
            self.figures.orders += 1
        except AssertionError:
            self.figures.refused_by_shops += 1
            self.figures.orders += not any(x.quantity for x in shop.offers.values())

    def _change_a_mind(self) -> None:
        shop = self.world.shops[self.chance.choice(list(self.world.shops))]
        unsent = [x for x in shop.orders.values() if not x.parcels and x.cancelled_at is None]
        if unsent:
            shop.cancel(self.chance.choice(unsent), "changed my mind", by="buyer")

    def _look(self, name: str) -> None:
        """Look at an account once; now and then the program dies in the middle of it."""
        self.figures.cycles += 1
        if self.chance.random() < 0.04:
            place, left = self.chance.choice(PLACES), [self.chance.randint(1, 3)]

            def breaks(here: str) -> None:
                left[0] -= here == place
                if left[0] == 0:
                    raise Killed

            self.world.start(name, breaks)
        try:
            self.world.loops[name].cycle()
        except Killed:
            self.figures.kills += 1
            self.world.start(name)

    def _rest(self) -> None:
        """Let nothing go wrong any more, and look until there is nothing left to do."""
        for shop in self.world.shops.values():
            shop.faults.clear()
        self.world.clock.pass_by(1200)
        for _ in range(3):
            for name in self.world.shops:
                self.world.start(name)
                with suppress(StoppedError):
                    self.world.until_quiet(name, most=60)
                self.world.clock.pass_by(120)
            self.world.ship_everything()
        for _ in range(3):
            for name in self.world.shops:
                self.world.until_quiet(name, most=60)
                self.world.clock.pass_by(60)

    def _counted(self) -> Figures:
        trace = hashlib.sha256()
        for name, shop in sorted(self.world.shops.items()):
            for each in shop.effects:
                trace.update(
                    repr(
                        (name, each.at, each.kind, each.subject, sorted(each.detail.items()))
                    ).encode()
                )
            self.figures.requests += len(shop.requests)
            self.figures.confirmed += len(shop.told("confirm"))
        self.figures.orders = sum(len(shop.orders) for shop in self.world.shops.values())
        self.figures.trace = trace.hexdigest()[:16]
        self.figures.broken = broken(self.world)
        return self.figures


def simulate(
    folder: Path, *, orders: int, seed: int, rate: float = 0.05,
    channels: Sequence[str] = CHANNELS, say: Callable[[str], object] = lambda _: None,
) -> Figures:  # fmt: skip
    """Run one simulation in a folder."""
    random.seed(seed)
    with world(sqlite_url(folder), *channels, seed=seed) as made:
        return Simulation(made, orders, rate).run(say)


def main() -> int:
    """Run one and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--faults", type=float, default=0.05)
    parser.add_argument("--channels", default=",".join(CHANNELS))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderdeck-sim-") as folder:
        found = simulate(
            Path(folder), orders=args.orders, seed=args.seed, rate=args.faults,
            channels=args.channels.split(","), say=lambda words: sys.stderr.write(words + "\n"),
        )  # fmt: skip
    for name, value in vars(found).items():
        sys.stdout.write(f"{name}: {value}\n")
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
