"""What only a person can decide works from the command line too."""

from __future__ import annotations

from tests.cli.conftest import Door, line


def test_an_order_is_split_by_its_lines(busy: Door) -> None:
    busy.json("location", "add", "SHOP", "--name", "Shop", "--zip", "10001")
    busy.json("stock", "transfer", "--sku", "MUG-BLUE", "--from", "MAIN", "--to", "SHOP",
              "--quantity", "5")  # fmt: skip
    busy.take_in(line("S-1", "TEA-001"), line("S-1", "MUG-BLUE"))
    busy.json("split", "S-1", "1=MAIN", "2=SHOP", "--reason", "customer agreed")
    order = busy.json("order", "S-1")
    assert sorted(part["location"] for part in order["fulfilment_orders"]) == [
        "Main location",
        "Shop",
    ]


def test_a_line_that_does_not_exist_is_refused_with_an_example(busy: Door) -> None:
    said = busy("split", "W-1", "7=MAIN", "--reason", "why not")
    assert said.status == 2
    assert "1=GARAGE" in said.err


def test_a_changed_order_is_taken_over(busy: Door) -> None:
    busy.take_in(line("W-1", "TEA-001", 5))
    assert busy.json("order", "W-1")["step"] == "on hold"
    assert busy("change", "W-1").status == 2
    busy.json("change", "W-1", "--take-over")
    assert busy.json("order", "W-1")["lines"][0]["quantity"] == 5


def test_an_address_is_corrected_and_a_note_is_kept(busy: Door) -> None:
    busy.json("address", "W-1", "--zip", "10001", "--reason", "buyer wrote")
    busy.json("note", "W-1", "gift wrap")
    order = busy.json("order", "W-1")
    assert order["address"]["postcode"] == "10001"
    assert [note["text"] for note in order["notes"]] == ["gift wrap"]
    assert busy("address", "W-1").status == 2


def test_a_folder_is_watched_and_left_alone_again(busy: Door) -> None:
    folder = str(busy.folder)
    assert busy.json("watch", "list") == []
    busy.json("watch", "add", folder)
    assert busy.json("watch", "list") == [folder]
    busy.json("watch", "remove", folder)
    assert busy.json("watch", "list") == []
    assert busy("watch", "add", f"{folder}/nowhere").status == 2
