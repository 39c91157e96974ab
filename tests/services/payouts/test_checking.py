"""What was paid is held against what was sold: a cent, a missing order and a double fee are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.importing import ImportReport
from app.domain.roles import Actor, Role
from app.models.cases import exception_cases
from app.models.orders import orders
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.payouts.cases import differences, double_fees, unknown_orders, unpaid_orders
from app.services.verifying import verify_store
from app.sync.files.importer import FileImporter

FIRST = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ORDERS = 30


def order_file(count: int = ORDERS) -> str:
    """Shopify orders 1001 … of 20.00, 20.37 … with 5.00 shipping, one a day."""
    head = ("Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
            "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Name,Shipping Address1,"
            "Shipping City,Shipping Zip,Shipping Province,Shipping Country\n")  # fmt: skip
    rows = [
        f"#{1001 + n},,paid,fulfilled,USD,{worth(n) / 100:.2f},5.00,0.00,{worth(n) / 100 + 5:.2f},"
        f"{day(n):%Y-%m-%d %H:%M:%S} +0000,1,Mug,{worth(n) / 100:.2f},MUG,Ada,1 Way,Boston,02138,MA,US\n"
        for n in range(count)
    ]
    return head + "".join(rows)


def worth(n: int) -> int:
    return 2000 + 37 * n


def day(n: int) -> datetime:
    return FIRST + timedelta(days=n)


def fee(n: int) -> int:
    return round((worth(n) + 500) * 0.029 + 1e-9) + 30


def payment_file(changes: dict[int, tuple[int, int]] | None = None, without: tuple[int, ...] = (),
                 more: str = "") -> str:  # fmt: skip
    """The payments of these orders; ``changes`` are cents more of the amount and of the fee."""
    head = "Transaction Date,Type,Order,Payout Date,Amount,Fee,Net,Currency\n"
    rows = []
    for n in range(ORDERS):
        if n in without:
            continue
        more_amount, more_fee = (changes or {}).get(n, (0, 0))
        amount, taken = worth(n) + 500 + more_amount, fee(n) + more_fee
        rows.append(
            f"{day(n):%Y-%m-%d %H:%M:%S} +0000,charge,#{1001 + n},{day(n) + timedelta(days=2):%Y-%m-%d},"
            f"{amount / 100:.2f},{taken / 100:.2f},{(amount - taken) / 100:.2f},USD\n"
        )
    return head + "".join(rows) + more


class Books:
    """A desk with thirty orders, and what is found of their payments."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self._importer, self._folder = desk, FileImporter(desk), folder

    def take(self, content: str) -> ImportReport:
        path = self._folder / "file.csv"
        path.write_text(content, encoding="utf-8")
        return self._importer.confirm(self._importer.preview(path))

    def found(self) -> dict[str, list[str]]:
        """Return the titles of what needs a person, by its kind."""
        with self.desk.store.read() as db:
            drafts = [x for find in (differences, double_fees, unpaid_orders, unknown_orders)
                      for x in find(db, NOW)]  # fmt: skip
        titles: dict[str, list[str]] = {}
        for draft in drafts:
            titles.setdefault(draft.kind.value, []).append(draft.title)
        return titles

    def cases(self, state: str = "open") -> list[str]:
        self.desk.watch_cases()
        table = exception_cases.c
        money = ("payout_difference", "double_fee", "order_not_paid", "payment_unknown")
        query = select(table.kind).where(table.state == state, table.kind.in_(money))
        with self.desk.store.read() as db:
            return sorted(db.execute(query).scalars())


@pytest.fixture
def books(database_url: str, tmp_path: Path) -> Iterator[Books]:
    store = open_ready_store(database_url, now=NOW)
    books = Books(Desk(store, Actor("Kim", Role.OWNER), now=lambda: NOW), tmp_path)
    books.take("sku,title,on_hand\nMUG,Mug,500\n")
    books.take(order_file())
    yield books
    assert [check for check in verify_store(store) if not check.ok] == []
    store.close()


def test_when_all_is_as_it_should_be_nothing_is_said(books: Books) -> None:
    books.take(payment_file())
    assert books.found() == {}
    assert books.cases() == []


def test_one_cent_of_a_sale_is_found_with_its_order(books: Books) -> None:
    books.take(payment_file({3: (-1, 0)}))
    assert books.found() == {
        "payout_difference": [
            "Order #1004: 26.10 USD was booked for the sale, 26.11 USD was expected"
        ]
    }
    assert books.cases() == ["payout_difference"]


def test_one_cent_of_a_fee_is_found_by_all_the_other_fees(books: Books) -> None:
    books.take(payment_file({7: (0, 1)}))
    [title] = books.found()["payout_difference"]
    assert (
        title
        == "Order #1008: Payment fee is 1.11 USD, and 1.10 USD by all the other fees of its kind"
    )


def test_a_fee_taken_twice_is_found_with_what_is_too_much(books: Books) -> None:
    again = f"2026-10-01 15:00:00 +0000,adjustment,#1010,2026-10-02,0.00,{fee(9) / 100:.2f},-{fee(9) / 100:.2f},USD\n"
    books.take(payment_file(more=again))
    [title] = books.found()["double_fee"]
    assert (
        title
        == f"Order #1010: Payment fee was taken more than once, {fee(9) / 100:.2f} USD too much"
    )
    assert books.cases() == ["double_fee"]


def test_an_order_that_no_payout_pays_for_is_found_and_its_case_closes_once_it_is_paid(
    books: Books,
) -> None:
    books.take(payment_file(without=(4,)))
    later = f"{NOW:%Y-%m-%d %H:%M:%S} +0000,charge,#9999,2026-11-24,1.00,0.33,0.67,USD\n"
    label = (
        "2026-10-01 15:00:00 +0000,adjustment,#1005,2026-10-02,0.00,0.45,-0.45,USD\n"  # only costs
    )
    books.take(payment_file(without=(4,), more=label + later))
    assert books.found()["order_not_paid"] == [
        "Order #1005: it has shipped, and no payout pays for it; 26.48 USD was expected"
    ]
    books.take(payment_file())
    assert "order_not_paid" not in books.found()


def test_a_payment_for_an_order_that_is_not_here_is_found_until_the_order_comes(
    books: Books,
) -> None:
    books.take(payment_file().replace("#1030,", "#1031,"))
    assert books.found() == {
        "payment_unknown": ["Payout 2026-10-02 of Shopify: order #1031 in it is not here"]
    }
    books.take(order_file(31))
    assert "payment_unknown" not in books.found()


def test_payments_from_before_the_desk_are_history_and_no_case(books: Books) -> None:
    old = "2025-01-05 15:00:00 +0000,charge,#17,2025-01-06,10.00,0.59,9.41,USD\n"
    books.take(payment_file(more=old))
    assert books.found() == {}


def test_a_payout_that_is_a_cent_short_is_found(books: Books) -> None:
    books.take(payment_file())
    total = (worth(0) + 500 - fee(0) - 1) / 100
    books.take("Payout Date,Status,Charges,Refunds,Adjustments,Fees,Total,Currency\n"
               f"2026-09-03,paid,0,0,0,0,{total:.2f},USD\n")  # fmt: skip
    [title] = books.found()["payout_difference"]
    assert title.startswith(
        "Payout 2026-09-03 of Shopify: its lines add up to 23.97 USD, and 23.96 USD"
    )


def test_taking_the_file_back_ends_what_it_found(books: Books) -> None:
    report = books.take(payment_file({3: (-1, 0)}))
    books.desk.run("take_back_import", import_id=report.import_id)
    assert books.found() == {}
    assert books.cases() == []


def test_what_is_right_as_it_was_paid_is_accepted_and_asked_again_once_it_changes(
    books: Books,
) -> None:
    books.take(payment_file({3: (-1, 0)}))
    changes = books.desk.run("accept_payout_findings", finding_ids=[1], reason="Agreed by phone")
    assert books.found() == {}
    assert books.cases() == []
    assert changes.undo is not None
    books.desk.run(changes.undo.operation, **changes.undo.arguments)
    assert list(books.found()) == ["payout_difference"]
    books.desk.run("accept_payout_findings", finding_ids=[1], reason="Agreed by phone")
    books.take(payment_file({3: (-2, 0)}))  # booked once more, with another amount
    assert list(books.found()) == ["payout_difference"]


def test_checking_again_sees_what_changed_on_the_orders(books: Books) -> None:
    books.take(payment_file())
    with books.desk.store.write() as db:
        db.execute(orders.update().where(orders.c.id == 1).values(total=2501, shipping=501))
    books.desk.run("check_payouts")
    assert list(books.found()) == ["payout_difference"]
