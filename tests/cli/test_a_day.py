"""Can a whole day be worked from the command line?"""

from __future__ import annotations

import pytest

from app.domain.roles import Role
from tests.cli.conftest import Door, line


def steps(door: Door) -> dict[str, str]:
    return {row["number"]: row["step"] for row in door.json("orders")}


def test_orders_lists_the_queue_with_steps(busy: Door) -> None:
    assert steps(busy) == {
        "W-1": "to decide", "W-2": "to decide", "W-3": "short", "W-4": "on hold",
    }  # fmt: skip
    said = busy("orders", "--query", "is:ready sku:TEA-*")
    assert "W-1" in said.out
    assert "W-2" not in said.out
    assert "20.00" in said.out


def test_a_limit_says_how_many_there_are(busy: Door) -> None:
    assert "2 of 4 orders" in busy("orders", "--limit", "2").out
    assert len(busy.json("orders", "--limit", "2")) == 2


def test_what_is_still_to_be_done_stands_before_what_is_done(busy: Door) -> None:
    busy("cancel", "W-1", "--reason", "asked for")
    assert [row["number"] for row in busy.json("orders")] == ["W-2", "W-3", "W-4", "W-1"]


def test_a_desk_without_orders_says_how_to_begin(door: Door) -> None:
    assert "orderdeck import FILE" in door("orders").out
    assert "Nothing needs you" in door("cases").out
    assert "orderdeck import FILE" in door("stock").out


def test_one_order_shows_its_suggestion_in_sentences_and_its_timeline(busy: Door) -> None:
    order = busy.json("order", "W-1")
    assert order["number"] == "W-1"
    assert order["address"]["postcode"] == "02138"
    assert order["suggestion"]["headline"].startswith("Ship from Main location for $")
    assert [entry["kind"] for entry in order["timeline"]] == ["channel", "intake", "suggestion"]
    assert "Suggestion: Ship from Main location" in busy("order", "W-1").out


def test_accepting_all_that_is_ready_leaves_the_rest_and_can_be_taken_back(busy: Door) -> None:
    decisions = busy.json("route", "--accept")
    assert [(row["order"], row["outcome"]) for row in decisions] == [
        ("W-1", "accepted"), ("W-2", "accepted"),
    ]  # fmt: skip
    assert steps(busy)["W-1"] == "to ship"
    assert busy("withdraw", "W-1").status == 0
    assert steps(busy)["W-1"] == "to decide"


def test_what_cannot_be_accepted_is_left_alone_with_a_reason(busy: Door) -> None:
    decisions = busy.json("route", "W-1", "W-3", "--accept", status=3)
    assert [row["outcome"] for row in decisions] == ["accepted", "skipped"]
    assert decisions[1]["reason"]
    assert busy("route", "W-3", "--accept").status == 2


def test_another_location_is_chosen_with_a_reason_that_is_kept(busy: Door) -> None:
    assert busy("location", "add", "SHOP", "--name", "Shop", "--zip", "02139").status == 0
    for sku, units in (("TEA-001", "5"), ("MUG-BLUE", "5")):
        busy("stock", "receive", "--sku", sku, "--location", "SHOP", "--quantity", units)
    assert busy("route", "W-1", "--to", "SHOP").status == 2
    said = busy("route", "W-1", "--to", "SHOP", "--reason", "closer to the buyer")
    assert said.status == 0
    decision = busy.json("order", "W-1")["decision"]
    assert (decision["kind"], decision["reason"]) == ("overridden", "closer to the buyer")
    assert decision["extra"] < 0
    assert [row["number"] for row in busy.json("orders", "--query", "is:overridden")] == ["W-1"]


def test_an_order_is_held_released_and_cancelled(busy: Door) -> None:
    assert busy("hold", "W-1", "--reason", "buyer asked to wait").status == 0
    assert steps(busy)["W-1"] == "on hold"
    assert busy("route", "W-1", "--accept").status == 2
    assert busy("release", "W-1", "--reason", "go on").status == 0
    assert busy("cancel", "W-1", "--reason", "changed her mind").status == 0
    assert steps(busy)["W-1"] == "cancelled"
    assert busy("cancel", "W-1", "--reason", "again").status == 2


def test_a_parcel_ships_once_with_its_number(busy: Door) -> None:
    assert busy("ship", "W-1", "--carrier", "USPS", "--tracking", "9400").status == 2
    busy("route", "--accept")
    shipped = busy.json("ship", "W-1", "--carrier", "USPS", "--tracking", "9400")
    assert shipped["order"] == "W-1"
    assert steps(busy)["W-1"] == "shipped"
    assert busy("ship", "W-1", "--carrier", "USPS", "--tracking", "9400").status == 2
    assert busy.json("stock", "--sku", "TEA-001")[0]["on_hand"] == 98


def test_stock_shows_how_the_channels_number_comes_about(busy: Door) -> None:
    (tea,) = busy.json("stock", "--sku", "TEA-001")
    assert (tea["on_hand"], tea["reserved"], tea["atp"]) == (100, 4, 96)
    assert [step["total"] for step in tea["computation"]] == [100, 96, 96]
    assert {each["channel"]: each["atp"] for each in tea["atp_by_channel"]} == {"own": 96}
    (gift,) = busy.json("stock", "--sku", "GIFT")
    assert (gift["is_kit"], gift["on_hand"], gift["atp"]) == (True, None, 48)
    assert "For sale" in busy("stock", "--sku", "TEA-001").out
    assert busy("stock", "--sku", "NOPE").status == 2


def test_stock_is_received_adjusted_moved_and_counted(stocked: Door) -> None:
    stocked("location", "add", "SHOP")
    where = ("--location", "MAIN")
    for words in (
        ("receive", "--sku", "TEA-001", *where, "--quantity", "10"),
        ("adjust", "--sku", "TEA-001", *where, "--quantity", "-2", "--reason", "damaged"),
        ("transfer", "--sku", "TEA-001", "--from", "MAIN", "--to", "SHOP", "--quantity", "8"),
        ("count", "--sku", "TEA-001", "--location", "SHOP", "--counted", "7"),
    ):
        assert stocked("stock", *words).status == 0, words
    (tea,) = stocked.json("stock", "--sku", "TEA-001")
    assert {each["location_code"]: each["on_hand"] for each in tea["levels"]} == {
        "MAIN": 100, "SHOP": 7,
    }  # fmt: skip
    assert stocked("stock", "receive", "--sku", "TEA-001", "--quantity", "5").status == 2


def test_received_stock_goes_to_the_order_that_waits_for_it(busy: Door) -> None:
    assert busy("stock", "receive", "--sku", "MUG-RED", "--quantity", "8").status == 0
    assert steps(busy)["W-3"] == "to decide"


def test_the_ledger_shows_the_movements_behind_a_number(busy: Door) -> None:
    ledger = busy.json("ledger", "--sku", "TEA-001")
    assert list(ledger) == ["sku", "at", "balances", "for_sale", "channels", "movements"]
    assert {each["bucket"]: each["quantity"] for each in ledger["balances"]} == {
        "on_hand": 100, "reserved": 4,
    }  # fmt: skip
    assert [each["balance"] for each in ledger["movements"]] == [4, 2, 100]
    assert busy.json("ledger", "--sku", "TEA-001", "--at", "2020-01-01")["balances"] == []
    assert busy("ledger", "--sku", "TEA-001", "--at", "soon").status == 2
    assert "reserved for an order" in busy("ledger", "--sku", "TEA-001").out


def test_linking_a_code_frees_the_order_that_waited_for_it(busy: Door) -> None:
    words = ("link", "--channel", "own", "--code", "NO-SUCH", "--sku", "TEA-001")
    assert busy.json(*words)["done"]
    assert steps(busy)["W-4"] == "to decide"
    assert busy("link", "--channel", "amazn", "--code", "A", "--sku", "TEA-001").status == 2


def test_a_mistyped_code_is_refused_with_the_codes_that_wait(busy: Door) -> None:
    words = ("link", "--channel", "own", "--code", "NO-SUHC", "--sku", "TEA-001")
    said = busy(*words)
    assert said.status == 2
    assert "Codes that wait: “NO-SUCH”." in said.err
    assert "--new" in said.err
    assert busy("link", "--channel", "etsy", *words[3:]).status == 2
    assert steps(busy)["W-4"] == "on hold"
    assert busy(*words, "--new").status == 0
    assert busy(*words[:-1], "MUG-BLUE").status == 0  # taught already: it may be taught anew


def test_only_orders_that_really_go_on_are_counted(busy: Door) -> None:
    busy.take_in(line("W-5", "NO-SUCH"), line("W-6", "NO-SUCH"), name="more.csv")
    busy("hold", "W-5", "--reason", "the buyer asked to wait")
    said = busy("link", "--channel", "own", "--code", "NO-SUCH", "--sku", "TEA-001")
    assert "2 orders go on" in said.out
    assert steps(busy)["W-5"] == "on hold"


def test_cases_say_what_is_wrong_and_the_ways_out(busy: Door) -> None:
    cases = {case["kind"]: case for case in busy.json("cases")}
    assert set(cases) == {"shortfall", "unknown_sku"}
    assert cases["shortfall"]["order_number"] == "W-3"
    assert "receive stock" in cases["shortfall"]["ways_out"]
    assert [case["kind"] for case in busy.json("cases", "--query", "order:W-4")] == ["unknown_sku"]
    assert "Ways out:" in busy("cases").out


def test_a_location_is_added_changed_and_checked(door: Door) -> None:
    added = ("location", "add", "SHOP", "--name", "Shop", "--zip", "10001", "--handling", "0.90")
    assert door(*added).status == 0
    assert door(*added).status == 2
    assert (
        door("location", "change", "SHOP", "--new-code", "STORE", "--cut-off", "15:30").status == 0
    )
    rows = {row["code"]: row for row in door.json("location", "list")}
    assert (rows["STORE"]["handling_cost"], rows["STORE"]["cut_off"]) == (90, "15:30")
    for bad in (("--cut-off", "25:00"), ("--time-zone", "Mars/Base"), ("--handling", "much")):
        assert door("location", "change", "STORE", *bad).status == 2, bad


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_an_operator_may_do_what_the_role_allows(busy: Door, role: str) -> None:
    assert busy("operator", "add", "Ann", "--role", role).status == 0
    may_cancel = role in ("approver", "owner")
    said = busy("--as", "Ann", "cancel", "W-1", "--reason", "asked for")
    assert said.status == (0 if may_cancel else 2)
    assert ("may not cancel" in said.err) is not may_cancel


def test_the_desk_keeps_its_last_owner(door: Door) -> None:
    assert door("operator", "change", "Owner", "--role", "viewer").status == 2
    assert door("operator", "add", "Ann", "--role", "owner").status == 0
    assert door("operator", "change", "Owner", "--active", "no").status == 0
    assert door("--as", "Owner", "orders").status == 2
    assert [(row["name"], row["is_active"]) for row in door.json("operator", "list")] == [
        ("Owner", False), ("Ann", True),
    ]  # fmt: skip


def test_verify_says_that_everything_is_as_it_must_be(busy: Door) -> None:
    busy("route", "--accept")
    answer = busy.json("verify")
    assert answer["ok"] is True
    assert {"name", "ok", "detail"} == set(answer["checks"][0])


def test_an_unknown_code_on_a_new_order_is_a_hold_not_a_failure(stocked: Door) -> None:
    assert stocked.take_in(line("W-9", "MYSTERY")).status == 0
    assert steps(stocked) == {"W-9": "on hold"}


def test_a_receipt_of_nothing_never_says_that_it_is_done(busy: Door) -> None:
    for words in (("route", "W-3", "--accept"), ("release", "W-1", "--reason", "x")):
        said = busy(*words)
        assert said.status == 2
        assert said.out.startswith("Nothing was done.\nLeft alone: W-")
        assert ": done" not in said.out
    busy("route", "--accept")
    busy("ship", "W-1", "--carrier", "USPS", "--tracking", "9400")
    used = busy("ship", "W-2", "--carrier", "USPS", "--tracking", "9400")
    assert used.status == 2
    assert ": done" not in used.out


def test_parcels_are_listed_with_what_their_channel_knows(busy: Door) -> None:
    assert "No parcel has left yet" in busy("shipments").out
    busy("route", "--accept")
    busy("ship", "W-1", "--carrier", "USPS", "--tracking", "9400")
    (parcel,) = busy.json("shipments", "--query", "is:untold")
    assert (parcel["number"], parcel["tracking_number"]) == ("W-1", "9400")
    assert "1 parcel" in busy("shipments", "--query", "tracking:94*").out
    assert busy.json("shipments", "--query", "is:delivered") == []
    assert busy("shipments", "--query", "is:nonsense").status == 2
