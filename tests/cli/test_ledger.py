"""The ledger can be asked about any moment, and says what replaying its own export says."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from app.services import demo
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from tests.cli.conftest import Door, line
from tests.journeys.driver import OWNER


def replayed(movements: list[dict[str, Any]], at: datetime) -> dict[tuple[str, str], int]:
    """Add the exported movements up, without a line of the program's own."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in movements:
        if datetime.fromisoformat(row["at"]) <= at:
            sums[row["location_code"], row["bucket"]] += row["quantity"]
    return dict(sums)


def test_the_ledger_at_any_moment_is_what_replaying_the_exported_one_gives(door: Door) -> None:
    store = open_ready_store(door.url, now=utc_now())
    demo.fill(Desk(store, OWNER), orders=80, seed=3)
    store.close()
    dice = Random(4)
    skus = dice.sample([row["sku"] for row in door.json("stock", "--query=-is:kit")], 5)
    exported = {sku: door.json("ledger", "--sku", sku)["movements"] for sku in skus}
    assert sum(map(len, exported.values())) > 50
    newest = datetime.now(UTC)
    for _ in range(50):
        sku = dice.choice(skus)
        at = newest - timedelta(minutes=dice.randrange(100 * 24 * 60))
        then = door.json("ledger", "--sku", sku, "--at", at.isoformat())
        asked = {(row["location_code"], row["bucket"]): row["quantity"] for row in then["balances"]}
        assert asked == replayed(exported[sku], at), (sku, at)


def test_a_short_order_is_explained(busy: Door) -> None:
    [story] = busy.json("why-short", "W-3")
    assert (story["sku"], story["missing"]) == ("MUG-RED", 8)
    assert "asked for 9 × MUG-RED" in story["story"][0]
    assert "Everything that it asked for was there" in busy("why-short", "W-1").out


def test_what_is_told_is_the_same_on_every_line(stocked: Door) -> None:
    assert stocked.take_in(line("W-1", "TEA-001", 2)).status == 0
    [row] = stocked.json("stock", "--sku", "TEA-001")
    [told] = row["atp_by_channel"]
    assert told["atp"] == told["computation"][-1]["total"] == 98
    assert [step["label"] for step in told["computation"]] == [
        "On hand", "Reserved for orders", "Own store is told",
    ]  # fmt: skip
    then = stocked.json("ledger", "--sku", "TEA-001")
    assert then["for_sale"] == 98
    assert [each["right"] for each in then["channels"]] == [98]
