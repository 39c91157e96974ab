"""``launch …`` and ``report launch``: opening a channel from the command line."""

from __future__ import annotations

from tests.cli.conftest import Door


def test_a_launch_is_planned_looked_at_opened_throttled_and_closed(busy: Door) -> None:
    assert busy("launch", "plan", "own", "--uplift", "25").status == 0
    said = busy("report", "launch")
    assert said.status == 1  # points are open
    assert "Nobody has signed this yet." in said.out
    (board,) = busy.json("report", "launch", status=1)
    assert not board["ready"]
    assert {each["point"] for each in board["checks"]} >= {"codes", "kits", "policy"}
    assert busy("launch", "open", "1").status == 2
    assert busy("launch", "sign", "1", "pictures").status == 0
    assert busy("launch", "open", "1", "--reason", "The fair is tomorrow.").status == 0
    assert busy("launch", "throttle", "1", "--percent", "30").status == 0
    (board,) = busy.json("report", "launch")
    assert (board["state"], board["uplift"]) == ("open", 25)
    assert busy("launch", "close", "1").status == 0
    assert busy.json("report", "launch") == []
    assert busy.json("report", "launch", "--all")[0]["state"] == "closed"


def test_a_channel_that_is_not_there_is_refused_with_those_that_are(busy: Door) -> None:
    said = busy("launch", "plan", "tiktok")
    assert said.status == 2
    assert "nothing was planned" in said.err
