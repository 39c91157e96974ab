"""Settlement files come in once, line by line, and are taken back as one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.importing import ImportReport, SkuRow
from app.domain.promising.keeping import Kept
from app.domain.roles import Actor, Role
from app.models.payouts import payout_lines
from app.models.promising.sheet import market
from app.models.published import stale_quantities
from app.queries.mismatches import mismatch_rows
from app.queries.payouts import PayoutRow, lines_of_order, lines_of_payout, payout_rows
from app.services import catalogue
from app.services.desk import Desk
from app.services.mismatching.running import report_now
from app.services.opening import open_ready_store
from app.services.verifying import verify_store
from app.sync.files.importer import FileImporter
from tests.sync.files import settlement_files as files

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ORDER = (
    "order-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\t"
    "item-tax\tshipping-price\tship-service-level\trecipient-name\tship-address-1\tship-city\tship-state\t"
    "ship-postal-code\tship-country\n"
    "206-1\t77\t2026-03-01T10:00:00+00:00\tMUG\tMug\t1\tGBP\t29.99\t0.00\t3.99\tStandard\tAda\t1 Way\t"
    "Boston\tMA\t02138\tUS\n"
)


class Payments:
    """A desk that takes settlement files in."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self._importer, self._folder = desk, FileImporter(desk), folder

    def take(self, content: str) -> ImportReport:
        path = self._folder / "payments.txt"
        path.write_text(content, encoding="utf-8")
        preview = self._importer.preview(path)
        report = self._importer.confirm(preview)
        assert preview.report.message == report.message
        return report

    def payouts(self) -> dict[str, PayoutRow]:
        return {row.ref: row for row in self.desk.read(payout_rows)}


@pytest.fixture
def payments(database_url: str, tmp_path: Path) -> Iterator[Payments]:
    store = open_ready_store(database_url, now=NOW)
    yield Payments(Desk(store, Actor("Kim", Role.OWNER), now=lambda: NOW), tmp_path)
    assert [check for check in verify_store(store) if not check.ok] == []
    store.close()


def test_a_payout_adds_up_and_importing_it_again_changes_nothing(payments: Payments) -> None:
    assert payments.take(files.AMAZON).extra == {"new": 8}
    payout = payments.payouts()["189"]
    assert (payout.state, payout.paid, payout.difference) == ("fits", 841, 0)
    assert (payout.earned, payout.kept, payout.given_back, payout.other) == (
        3398,
        -410,
        -1999,
        -148,
    )
    again = payments.take(files.AMAZON)
    assert (again.extra, again.unchanged) == ({"new": 0}, 8)
    assert payments.payouts()["189"] == payout


def test_a_cent_that_is_missing_in_a_payout_is_seen(payments: Payments) -> None:
    payments.take(files.AMAZON.replace("\t-4.50\t", "\t-4.51\t"))
    payout = payments.payouts()["189"]
    assert (payout.state, payout.difference) == ("differs", -1)


def test_the_same_fee_twice_is_two_and_in_two_files_one(payments: Payments) -> None:
    fee = next(line for line in files.AMAZON.splitlines() if "-4.50" in line)
    assert payments.take(files.AMAZON + fee + "\n").extra == {"new": 9}
    assert payments.take(files.AMAZON).extra == {"new": 0}
    lines = payments.desk.read(lines_of_payout, payments.payouts()["189"].id)
    assert [line.amount for line in lines].count(-450) == 2


def test_a_line_says_its_file_and_row(payments: Payments) -> None:
    payments.take(files.AMAZON)
    lines = payments.desk.read(lines_of_payout, payments.payouts()["189"].id)
    assert {(line.amount, line.file, line.raw_line) for line in lines} >= {
        (-841, "payments.txt", 2), (2999, "payments.txt", 3),
    }  # fmt: skip


def test_taking_it_back_is_one_step_and_the_file_can_come_again(payments: Payments) -> None:
    report = payments.take(files.AMAZON)
    changes = payments.desk.run("take_back_import", import_id=report.import_id)
    assert changes.label == "Take back 8 payout lines of payments.txt"
    assert payments.payouts() == {}
    assert payments.take(files.AMAZON).extra == {"new": 8}
    assert payments.payouts()["189"].state == "fits"


def test_what_was_pending_goes_to_its_payout_once_it_is_paid(payments: Payments) -> None:
    pending = files.SHOPIFY.replace("paid,2026-09-05,90001", "pending,2026-09-07,")
    payments.take(pending)
    assert payments.payouts()["2026-09-07"].state == "waits"
    assert payments.take(files.SHOPIFY).updated == 2
    assert payments.payouts().keys() == {"2026-09-05"}
    payments.take(files.SHOPIFY_PAYOUTS)
    assert payments.payouts()["2026-09-05"].state == "fits"


def test_a_payout_without_its_lines_is_said_to_be_bare_and_not_wrong(payments: Payments) -> None:
    payments.take(files.SHOPIFY_PAYOUTS)
    assert payments.payouts()["2026-09-05"].state == "bare"


def test_lines_find_their_order_whichever_comes_first(payments: Payments) -> None:
    payments.take(files.AMAZON)
    assert (payments.payouts()["189"].orders, payments.payouts()["189"].loose) == (0, 5)
    payments.take(ORDER)
    payments.take(files.WALMART)  # whatever comes next looks for them again
    assert (payments.payouts()["189"].orders, payments.payouts()["189"].loose) == (1, 2)
    found = payments.desk.read(lines_of_order, 1)
    assert [(line.type, line.amount) for line in found] == [
        ("sale", 2999), ("shipping", 399), ("fee", -450),
    ]  # fmt: skip


def test_a_line_under_another_order_is_found_by_verify(payments: Payments) -> None:
    payments.take(files.AMAZON)
    payments.take(ORDER)
    payments.desk.run("check_payouts")
    wrong = payout_lines.c.order_ref == "206-2"
    with payments.desk.store.write() as db:
        db.execute(payout_lines.update().where(wrong).values(order_id=1))
    assert [x.name for x in verify_store(payments.desk.store) if not x.ok] == ["payouts"]
    with payments.desk.store.write() as db:
        db.execute(payout_lines.update().where(wrong).values(order_id=None))


def test_what_was_paid_for_and_never_came_in_is_an_order_that_is_not_here(
    payments: Payments,
) -> None:
    payments.take(ORDER.replace("2026-03-01", "2026-01-05").replace("206-1", "206-0"))
    payments.take(files.AMAZON)
    report_now(payments.desk)
    rows = payments.desk.read(mismatch_rows, query="", now=NOW)
    assert [(row.sku, row.cause) for row in rows if row.kind == "order"] == [
        ("206-1", "order_not_imported")
    ]
    payments.take(ORDER)
    report_now(payments.desk)
    rows = payments.desk.read(mismatch_rows, query="", now=NOW)
    assert [row.sku for row in rows if row.kind == "order"] == []


def test_what_was_paid_for_before_the_first_order_here_is_not_missing(payments: Payments) -> None:
    payments.take(ORDER.replace("206-1", "206-9"))
    payments.take(files.AMAZON)
    report_now(payments.desk)
    rows = payments.desk.read(mismatch_rows, query="", now=NOW)
    assert [row.sku for row in rows if row.kind == "order"] == []


def settled(*orders: int) -> str:
    """Return a settlement of orders that were sold for 24.00, shipping included, and charged 6.00."""
    head, total, *_ = files.AMAZON.splitlines()
    when = "02.03.2026\t02.03.2026 14:23:00 UTC\t77\tMUG\t1"
    amounts = (
        "ItemPrice\tPrincipal\t20.00",
        "ItemPrice\tShipping\t4.00",
        "ItemFees\tCommission\t-6.00",
    )
    lines = [f"189\t\t\t\t\t\tOrder\t206-{n}\t{each}\t{when}" for n in orders for each in amounts]
    return "\n".join((head, total, *lines, ""))


def test_enough_settled_orders_say_what_an_account_keeps_of_a_sale(payments: Payments) -> None:
    def kept() -> Kept:
        (outlet,) = payments.desk.read(market, now=NOW).everywhere
        return outlet.kept

    def waits() -> int:
        return len(payments.desk.read(lambda db: db.execute(select(stale_quantities)).all()))

    payments.desk.write(lambda db: catalogue.save_skus(db, [SkuRow("MUG", "Mug")], now=NOW))
    payments.take(settled(0))  # a new account is told everything
    payments.desk.write(lambda db: db.execute(stale_quantities.delete()))
    payments.take(settled(*range(19)))
    assert (kept(), waits()) == (Kept(15, 0), 0)
    last = payments.take(settled(19))
    assert (kept(), waits()) == (Kept(25, 20), 1)  # 6 of 24; channels are told anew
    payments.desk.write(lambda db: db.execute(stale_quantities.delete()))
    payments.take(settled(20))
    assert (kept(), waits()) == (Kept(25, 21), 0)  # the same rate changes no number
    payments.desk.run("take_back_import", import_id=last.import_id)
    assert kept() == Kept(25, 20)
