"""Do planted keys and buyers turn up anywhere but where they belong?

Keys: nowhere but in the safe place. Buyers: in the orders' own columns, in the raw inbox and in what the
search reads, and in nothing that is said, logged, audited or told as a title.
"""

from __future__ import annotations

import base64
import io
import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.schema import metadata
from app.sync.files.exporter import FileExporter
from app.sync.loopback.faults import Does
from tests.sync.live.practice import HOME, SECRETS
from tests.sync.live.world import World, sqlite_url, world

SHOPS = ("shopify", "woocommerce", "etsy")
BUYER = ("Ada Byron", "12 Mill Lane", "canary@buyers.example")
# Where a buyer may stand: with the order, raw in the inbox, and in the texts that searches read.
OF_THE_BUYER = {
    "orders": {"buyer_name", "buyer_email", "ship_name", "ship_line1", "note"},
    "inbox_messages": {"payload"}, "order_changes": {"before", "after"}, "order_texts": {"text"},
}  # fmt: skip
TROUBLES = (
    {"does": Does.STATUS, "status": 401}, {"does": Does.STATUS, "status": 500},
    {"does": Does.STATUS, "status": 422, "body": b'{"message": "no"}'},
    {"does": Does.TRUNCATE}, {"does": Does.COMMIT_THEN_DROP},
)  # fmt: skip


def test_neither_keys_nor_buyers_turn_up_where_they_do_not_belong(tmp_path: Path) -> None:
    said = io.StringIO()
    listening = logging.StreamHandler(said)
    listening.setLevel(logging.DEBUG)
    root = logging.getLogger()
    before = root.level
    root.addHandler(listening)
    root.setLevel(logging.DEBUG)
    try:
        with world(sqlite_url(tmp_path), *SHOPS) as made:
            a_bad_day(made)
            check_rows(made)
            titles = repr(made.statuses)
            files = exported(made)
    finally:
        root.setLevel(before)
        root.removeHandler(listening)
    keys = [text for each in SECRETS.values() for text in each.values()]
    for word in (*keys, *BUYER):
        assert word not in said.getvalue(), f"{word} in the log"
        assert word not in titles, f"{word} in a title"
        for name, content in files.items():
            assert word not in name, f"{word} in the name of a file"
            assert word.encode() not in content, f"{word} in {name}"
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in keys if word.encode() in content], path.name


def a_bad_day(made: World) -> None:
    """Orders come, one of them in ruins; parcels leave, and everything goes wrong once."""
    made.stock("MUG", 40)
    for name in made.shops:
        made.sell(name, ("MUG", 1), buyer=HOME.name, email=BUYER[2], note="Ring twice")
        poison = made.sell(name, ("MUG", 1), buyer=HOME.name, email=BUYER[2])
        poison.currency = "gold"
    for how in TROUBLES:
        for name, shop in made.shops.items():
            shop.faults.add(how["does"], "", **{k: v for k, v in how.items() if k != "does"})  # type: ignore[arg-type]
            made.loops[name].cycle()
            made.clock.pass_by(1200)
        made.ship_everything()
    for name in made.shops:
        made.cycle(name)


def exported(made: World) -> dict[str, bytes]:
    """Work every account by files again, and write all that its channel is to be told."""
    made.sell("shopify", ("MUG", 1), buyer=HOME.name, email=BUYER[2], note="Ring twice")
    made.until_quiet("shopify")
    made.ship_everything()
    for account_id in made.accounts.values():
        made.desk.run("disconnect_account", account_id=account_id)
    exporter = FileExporter(made.desk)
    waiting = [(x.account_id, x.kind) for x in exporter.waiting()]
    assert "ship_confirm" in {kind for _, kind in waiting}
    wanted = {*waiting, (made.accounts["shopify"], "quantity")}
    files = [exporter.export(account, kind, as_csv=True) for account, kind in sorted(wanted)]
    return {file.name: file.content for file in files}


def test_a_bug_in_the_middle_of_a_buyers_order_says_nothing_of_the_buyer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with world(sqlite_url(tmp_path), "shopify") as made:
        made.stock("MUG", 40)
        made.sell("shopify", ("MUG", 1), buyer=HOME.name, email=BUYER[2], note="Ring twice")
        work = made.loops["shopify"].work

        def breaks(place: str) -> None:
            if place == "pull.after_part":
                raise ValueError(f"{BUYER[0]} of {BUYER[1]} with {SECRETS['shopify']}")

        work.breaks = breaks
        status = made.loops["shopify"].cycle()
    said = repr((status, caplog.text))
    assert "ValueError" in said
    for word in (*BUYER, *SECRETS["shopify"].values()):
        assert word not in said


def test_a_channel_that_says_again_how_it_was_asked_is_not_quoted_with_its_keys(
    tmp_path: Path,
) -> None:
    with world(sqlite_url(tmp_path), *SHOPS) as made:
        made.stock("MUG", 40)
        for operation in ("orders", "confirm", "sign_in"):
            for name in SHOPS:
                made.sell(name, ("MUG", 1))
                made.cycle(name)
            made.ship_everything()
            for name, shop in made.shops.items():
                if operation == "sign_in":
                    made.secrets[name].kept.pop("expires_at", "")
                shop.faults.add(Does.ECHO, operation)
                made.loops[name].cycle()
                made.clock.pass_by(1200)
                shop.faults.clear()
        said = repr(made.statuses)
        keys = {text for each in made.secrets.values() for text in each.kept.values()}
    keys |= {base64.b64encode(b"ck-canary:cs-canary").decode()}
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"(a key)" in kept
    assert [key for key in keys if key in said or key.encode() in kept] == []


def check_rows(made: World) -> None:
    with made.desk.store.read() as db:
        for table in metadata.sorted_tables:
            for row in db.execute(select(table)).mappings():
                for column, value in row.items():
                    if column in OF_THE_BUYER.get(table.name, ()):
                        continue
                    found = [word for word in BUYER if word in repr(value)]
                    assert not found, f"{found} in {table.name}.{column}"
