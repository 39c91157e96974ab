"""Two kits that share a component, sold on three channels at once by processes of their own."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from app.domain.importing import KitRow, SkuRow
from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.domain.roles import Actor, Role
from app.services import catalogue, intake, setup
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.order_rows import Arrival
from app.services.verifying import verify_store

NOW = datetime(2025, 11, 21, 15, 0, tzinfo=UTC)
KIM = Actor("Kim", Role.OWNER)
CHANNELS = ("shopify", "amazon", "etsy")
LIDS, EACH = 25, 8
# PAIR holds 2 lids; CRATE holds a BOX of 2 lids and 1 more; SIX is a pack of three lids.
TAKES = {"PAIR": 2, "CRATE": 3, "SIX": 3}

A_CHANNEL = """
import sys
from tests.journeys.test_shared_component import opened, sell
url, channel, codes = sys.argv[1], sys.argv[2], sys.argv[3].split(",")
desk = opened(url)
print("ready", flush=True)
sys.stdin.readline()
for number, code in enumerate(codes):
    sell(desk, channel, f"{channel}-{number}", code)
desk.store.close()
"""


def opened(url: str) -> Desk:
    return Desk(open_ready_store(url, now=NOW), KIM, now=lambda: NOW)


def sell(desk: Desk, channel: str, number: str, code: str) -> None:
    order = IncomingOrder(
        channel, number, f"#{number}", NOW, "USD", (IncomingLine("1", code, code, 1, 1000),),
        Address("A Buyer", "", "1 Way", city="Boston", state="MA", postcode="02138", country="US"),
    )  # fmt: skip

    def work(db: Connection) -> None:
        arrival = Arrival(setup.account_for(db, channel, now=NOW), "race")
        intake.take_in(db, KIM, arrival=arrival, incoming=[order], now=NOW)

    desk.write(work)


def stocked(url: str) -> Desk:
    desk = opened(url)
    with desk.store.write() as db:
        codes = ("LID", "MUG", "BOX", "PAIR", "CRATE")
        known = catalogue.save_skus(db, [SkuRow(code) for code in codes], now=NOW)
        kits = [
            KitRow("PAIR", "LID", 2), KitRow("BOX", "LID", 2), KitRow("BOX", "MUG", 1),
            KitRow("CRATE", "BOX", 1), KitRow("CRATE", "LID", 1),
        ]  # fmt: skip
        catalogue.save_kits(db, kits, known, now=NOW)
        accounts = [setup.account_for(db, channel, now=NOW) for channel in CHANNELS]
    for account in accounts:
        desk.run("link", account_id=account, alias="SIX", sku_code="LID", pack=3)
    desk.run("receive", sku="LID", location="MAIN", quantity=LIDS, reason="The last ones")
    desk.run("receive", sku="MUG", location="MAIN", quantity=100, reason="Plenty")
    return desk


def value(desk: Desk, query: str, **values: Any) -> int:
    with desk.store.read() as db:
        return int(db.execute(text(query), values).scalar() or 0)


def test_the_shared_component_is_never_promised_twice(database_url: str) -> None:
    desk = stocked(database_url)
    codes = ["PAIR", "CRATE", "SIX", "PAIR", "CRATE", "PAIR", "SIX", "CRATE"]
    at_once(database_url, dict.fromkeys(CHANNELS, codes))
    sold = {code: value(desk, "SELECT COUNT(*) FROM order_lines WHERE sku_text = :code"
                        " AND claim = 'reserved'", code=code) for code in TAKES}  # fmt: skip
    taken = sum(TAKES[code] * count for code, count in sold.items())
    reserved = value(desk, "SELECT reserved FROM network_stock n JOIN skus s ON s.id = n.sku_id"
                     " WHERE s.code = 'LID'")  # fmt: skip
    assert reserved == taken
    assert taken <= LIDS
    assert LIDS - taken < min(TAKES.values())  # whoever could still be served, was
    assert value(desk, "SELECT COUNT(*) FROM orders") == EACH * len(CHANNELS)
    assert value(desk, "SELECT COUNT(*) FROM orders WHERE is_short") == (
        EACH * len(CHANNELS) - sum(sold.values())
    )
    assert [check for check in verify_store(desk.store) if not check.ok] == []
    desk.store.close()


def at_once(url: str, baskets: dict[str, list[str]]) -> None:
    """Let each channel sell from a process of its own, all from the same moment."""
    desks = [
        subprocess.Popen(
            [sys.executable, "-c", A_CHANNEL, url, channel, ",".join(codes)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for channel, codes in baskets.items()
    ]  # fmt: skip
    for each in desks:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in desks:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in desks:
        each.communicate(timeout=120)
    assert [each.returncode for each in desks] == [0] * len(desks)
