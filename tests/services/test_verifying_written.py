"""What was written down and what came to the stockroom: changed behind the desk's back, it is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.rulebook.text import parsed
from app.errors import DamagedError, RefusedError
from app.models.promising.sheet import sheet
from app.services import policies
from app.services.rules import looking
from app.services.rules.in_force import in_force
from tests.beginnings import Begun
from tests.journeys.driver import DeskDriver
from tests.services.test_verifying import damage, detail, failed

BOOK = "rule Tea from here\n  if ANY(sku:TEA)\n  ship STUDIO, else wait\n"


@pytest.fixture
def desk(begun: Begun) -> Iterator[DeskDriver]:
    """Open a desk with rules, another sheet, a delivery, a transfer and a count."""
    driver = DeskDriver.begun(begun)
    driver.keeps_stock_at("STUDIO", "Studio", "02139")
    driver.keeps_stock_at("SHED", "Shed", "02140")
    driver.sells("TEA", "Green tea", STUDIO=50)
    run = driver.desk.run
    run("save_rules", text=BOOK)
    run("activate_rules")
    run("save_rules", text=BOOK + "  tag tea\n")
    run("activate_rules")
    run("save_sheet", channels={"etsy": {"stock_mode": "capped", "cap_units": 3}})
    bought = run("expect", location="STUDIO", lines=[("TEA", 9)]).done[0]
    run("receive_expected", receipt_id=bought, arrived={"TEA": 4})
    sent = run("send_transfer", origin="STUDIO", destination="SHED", lines=[("TEA", 5)]).done[0]
    run("receive_expected", receipt_id=sent, arrived={"TEA": 5})
    count = run("start_count", location="SHED", codes=["TEA"]).done[0]
    run("enter_count", count_id=count, sku="TEA", units=4)
    run("close_count", count_id=count)
    yield driver
    driver.store.close()


@pytest.mark.parametrize(
    ("statement", "checks"),
    [
        ("UPDATE rulebooks SET text = '' WHERE state = 'active'", {"rules"}),
        ("UPDATE rulebooks SET text = 'garbage' WHERE state = 'active'", {"rules"}),
        ("UPDATE rulebooks SET text = 'rule A' WHERE state = 'archived'", {"rules"}),
        ("UPDATE rulebooks SET state = 'archived'", {"rules"}),
        ("UPDATE rulebooks SET state = 'zzz' WHERE version = 1", {"rules"}),
        ("DELETE FROM rulebooks WHERE version = 1", {"rules"}),
        ("UPDATE policies SET body = '{}' WHERE kind = 'channels' AND version = 1", {"policies"}),
        ("DELETE FROM policies WHERE kind = 'channels' AND version = 2", {"policies"}),
        ("UPDATE policies SET body = '{}' WHERE kind = 'rates'", {"policies"}),
        ("UPDATE stock_counts SET state = 'zzz'", {"counts"}),
        ("UPDATE stock_counts SET state = 'dropped'", {"counts"}),
        ("UPDATE stock_count_lines SET counted = 3", {"counts"}),
        ("UPDATE stock_movements SET source = 'x' WHERE cause = 'count'", {"counts"}),
        ("UPDATE expected_receipt_lines SET received = received + 1", {"deliveries"}),
        ("UPDATE expected_receipt_lines SET expected = 100", {"deliveries"}),
        ("UPDATE expected_receipts SET origin_id = NULL", {"deliveries"}),
        (
            "UPDATE expected_receipts SET origin_id = location_id WHERE kind = 'transfer'",
            {"deliveries"},
        ),
        ("UPDATE expected_receipts SET kind = 'zzz'", {"deliveries"}),
    ],
)
def test_what_was_changed_by_hand_is_found(
    desk: DeskDriver, statement: str, checks: set[str]
) -> None:
    assert failed(desk.store) == []
    damage(desk.desk, statement)
    assert set(failed(desk.store)) - {"quantities told"} == checks


@pytest.mark.parametrize("body", ["'7'", "'{\"etsy\": 7}'", "'[]'"])
def test_a_damaged_sheet_is_named_and_an_older_one_can_be_restored(
    desk: DeskDriver, body: str
) -> None:
    damage(desk.desk, f"UPDATE policies SET body = {body} WHERE kind = 'channels' AND version = 2")
    for read in (sheet, policies.in_force):
        with (
            desk.store.read() as db,
            pytest.raises(DamagedError, match=r"in force (is|are) damaged"),
        ):
            read(db)
    assert "version 2 of the policy “channels”" in detail(desk.store, "policies")
    desk.desk.run("restore_sheet", version=1)
    with desk.store.read() as db:
        assert sheet(db).version == 3
        assert policies.in_force(db).channel("etsy").name == "Etsy"


def test_damaged_rules_are_named_and_older_ones_can_be_put_in_force(desk: DeskDriver) -> None:
    damage(desk.desk, "UPDATE rulebooks SET text = 'garbage' WHERE state = 'active'")
    with (
        desk.store.read() as db,
        pytest.raises(DamagedError, match=r"in force \(version 2\) are damaged") as told,
    ):
        in_force(db)
    assert "rules activate" in told.value.advice
    desk.desk.run("activate_rules", version=1)
    with desk.store.read() as db:
        assert looking.version_of(db).version == 1
        assert in_force(db) is not None


def test_a_location_that_rules_in_force_name_keeps_its_code(desk: DeskDriver) -> None:
    with pytest.raises(RefusedError, match="Rules in force name STUDIO: “Tea from here”"):
        desk.desk.run("change_location", code="STUDIO", changes={"code": "ATELIER"})
    desk.desk.run("change_location", code="SHED", changes={"code": "BARN"})
    desk.desk.run("retire_rules")
    desk.desk.run("change_location", code="STUDIO", changes={"code": "ATELIER"})


def test_a_mark_at_the_beginning_and_rare_separators_do_not_break_lines() -> None:
    text = '\ufeffrule A\r\n  if tag:"gift\u2028wrap"\r\n  tag a\r\n'
    assert parsed(text).rules[0].condition == 'tag:"gift\u2028wrap"'
