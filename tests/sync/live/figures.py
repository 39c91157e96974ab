"""How fast is a bulk told within the channels' own budgets, and how soon does a sale reach the others?

    python -m tests.sync.live.figures --orders 1000 --skus 10000

Time is the channel's: the clock passes only where a budget or a pace makes the desk wait, so the measured
time can be held against the least that the budgets allow.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from app.services.syncing import outbox
from app.sync.live.adapters import adapter_of
from app.sync.live.terms import Operation
from tests.sync.live.simulation import CHANNELS
from tests.sync.live.world import sqlite_url, world


def drained(folder: Path, channel: str, orders: int) -> dict[str, float]:
    """Ship a bulk of orders at once, and tell it."""
    with world(sqlite_url(folder), channel) as made:
        made.stock_many(20, orders * 2)
        for at in range(orders):
            made.sell(channel, (f"SKU-{at % 20:05}", 1))
        made.clock.pass_by(300)  # some channels show what is new only after a while
        made.until_quiet(channel, most=200)
        made.ship_everything()
        shop, account = made.shops[channel], made.accounts[channel]
        asked, begun = len(shop.requests), made.clock.ticks()
        while made.desk.read(outbox.waiting_count, account):
            made.loops[channel].cycle()
            made.clock.pass_by(1)
        seconds = made.clock.ticks() - begun
        adapter = adapter_of(channel)
        assert adapter is not None
        counted: dict[str, int] = {}
        for each in shop.requests[asked:]:
            # A note belongs to its confirmation.
            word = each.operation if each.operation in set(Operation) else "confirm"
            counted[word] = counted.get(word, 0) + 1
        traits, asked_in_all = adapter.traits, sum(counted.values())
        allowed = [
            (count - budget.burst) / budget.per_second
            for name, count in counted.items()
            if (budget := traits.budgets.get(Operation(name))) is not None
        ] + [(asked_in_all - budget.burst) / budget.per_second for budget in traits.together]
        return {"told": len(shop.told("confirm")), "channel seconds": round(seconds),
                "least the budgets allow": round(max(0.0, *allowed, 0.0))}  # fmt: skip


def spread(folder: Path, channels: Sequence[str], skus: int) -> dict[str, float]:
    """Sell one unit on one channel, and look how soon the others show it."""
    with world(sqlite_url(folder), *channels) as made:
        made.stock_many(skus, 50)
        for name in channels:
            made.until_quiet(name, most=200)
        seller, *others = channels
        made.sell(seller, ("SKU-00007", 3))
        made.loops[seller].cycle()
        begun = time.perf_counter()
        for name in others:
            made.loops[name].cycle()
        took = time.perf_counter() - begun
        showing = [made.shops[name].offers["SKU-00007"].quantity for name in others]
        told = sum(len(made.shops[name].told("quantity")) for name in others)
        return {"others": len(others), "show it after one cycle": sum(x <= 47 for x in showing),
                "numbers told": told, "seconds for a cycle": round(took / len(others), 2)}  # fmt: skip


def _say(title: str, found: dict[str, float]) -> None:
    sys.stdout.write(f"{title}: {found}\n")
    sys.stdout.flush()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--skus", type=int, default=10_000)
    parser.add_argument("--channels", default=",".join(CHANNELS))
    args = parser.parse_args()
    channels = args.channels.split(",")
    for channel in channels if args.orders else ():
        with tempfile.TemporaryDirectory(prefix="orderdeck-figures-") as folder:
            _say(f"{channel}: {args.orders} parcels", drained(Path(folder), channel, args.orders))
    if args.skus:
        with tempfile.TemporaryDirectory(prefix="orderdeck-figures-") as folder:
            _say(f"a sale, {args.skus} SKUs", spread(Path(folder), channels, args.skus))
    return 0


if __name__ == "__main__":
    sys.exit(main())
