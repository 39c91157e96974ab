"""Returns and parcels that went wrong, from the command line."""

from __future__ import annotations

import json

from tests.cli.conftest import Door, line
from tests.cli.test_stockroom import levels, said


def sent(door: Door) -> Door:
    """Ship one order of two teas."""
    door.take_in(line("W-1", "TEA-001", 2))
    said(door, "route", "W-1", "--accept")
    said(door, "ship", "W-1", "--carrier", "USPS", "--tracking", "9400111")
    return door


def test_a_return_goes_from_its_announcement_to_the_shelf_and_the_money(stocked: Door) -> None:
    door = sent(stocked)
    said(door, "returns", "open", "W-1", "--line", "TEA-001=1", "--why", "changed_mind")
    assert "to come" in said(door, "returns")
    said(door, "returns", "receive", "RET-1")
    assert levels(door, "TEA-001")["MAIN"] == {"on_hand": 99, "returns_hold": 1}
    said(door, "returns", "inspect", "RET-1", "--grade", "B", "--finding", "opened")
    assert levels(door, "TEA-001")["MAIN"] == {"on_hand": 99, "quarantine": 1}
    assert "no amount" in said(door, "returns", "refund", "RET-1", "--amount", "7.505", status=2)
    said(door, "returns", "refund", "RET-1", "--amount", "7.50")
    assert "RET-1" in said(door, "refunds")
    assert "refund_due" in {row["kind"] for row in door.json("cases")}
    said(door, "refunds", "paid", "1")
    (row,) = door.json("returns")
    assert (row["refunded"], row["worth"], row["money_state"]) == (750, 1000, "partly_refunded")
    assert "quarantine" in said(door, "returns", "show", "RET-1")
    assert all(each["ok"] for each in door.json("verify")["checks"])


def test_a_parcel_of_nobody_known_is_matched_by_a_person(stocked: Door) -> None:
    door = sent(stocked)
    said(
        door, "returns", "parcel", "--line", "TEA-001=1", "--sender", "Ada Example", "--clue", "W-1"
    )
    shown = said(door, "returns", "show", "RET-1")
    assert "May be order W-1 (100 %)" in shown
    said(door, "returns", "match", "RET-1", "W-1")
    assert door.json("returns")[0]["order_number"] == "W-1"
    assert "no return" in said(door, "returns", "show", "RET-9", status=2)


def test_a_lost_parcel_is_sent_again_and_claimed(stocked: Door) -> None:
    door = sent(stocked)
    offered = said(door, "recover", "9400111")
    assert "recover 9400111 --situation lost --way reship" in offered
    said(door, "recover", "W-1", "--way", "reship", "--reason", "lost in the hub")
    assert [row["number"] for row in door.json("orders", "--query", "is:active")] == ["W-1-R1"]
    (claim,) = door.json("claims")
    said(door, "claims", "file", str(claim["id"]), "--reference", "C-1")
    said(door, "claims", "answer", str(claim["id"]), "--amount", "20.00")
    assert "Nothing is asked" in said(door, "claims")
    assert "made good already" in said(door, "recover", "W-1", "--way", "refund", status=2)
    told = said(door, "order", "W-1")
    assert "Order W-1-R1 replaces it." in told
    assert all(each["ok"] for each in door.json("verify")["checks"])


def test_the_owner_changes_the_matrix_and_the_return_policy_as_files(stocked: Door) -> None:
    door = sent(stocked)
    matrix = json.loads(said(door, "recovery-matrix"))
    assert [row["name"] for row in matrix][:1] == ["Late, good customer"]
    named = door.file("matrix.json", json.dumps([{"offers": [{"kind": "refund"}]}]))
    said(door, "recovery-matrix", "--file", named, "--reason", "simpler")
    assert "reship" not in said(door, "recover", "9400111")
    assert door.json("recovery-matrix")["version"] == 1
    policy = json.loads(said(door, "return-policy"))
    policy["usual"]["window_days"] = 60
    said(door, "return-policy", "--file", door.file("returns.json", json.dumps(policy)))
    assert door.json("return-policy")["body"]["usual"]["window_days"] == 60
    broken = door.file("broken.json", "{")
    assert "cannot be read" in said(door, "return-policy", "--file", broken, status=2)
    assert all(each["ok"] for each in door.json("verify")["checks"])
