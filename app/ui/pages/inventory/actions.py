"""What can be done to stock? Receive, count, adjust, move: each asks in place and keeps its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from app.queries.inbound import CountRow
from app.queries.inventory import InventoryRow, LocationRow
from app.ui.pages.asking import Asker
from app.ui.pages.page import Shell
from app.ui.widgets.form import Field, Question, Values

ADJUST_REASONS = (
    ("Damaged", "Damaged"),
    ("Found", "Found"),
    ("Sample", "Sample"),
    ("Lost", "Lost"),
    ("Stolen", "Stolen"),
    ("Expired", "Expired"),
    ("Correction", "Correction"),
)


class Place(Asker, Protocol):
    """The page, as the actions see it."""

    row: InventoryRow | None
    places: list[LocationRow]
    counts: Sequence[CountRow]

    def look_back(self) -> None:
        """Look at the SKU at any minute."""

    def read_detail(self) -> None:
        """Read the SKU again."""

    def chosen_place(self) -> str | None:
        """Return the location that is looked at."""


class StockActions:
    """The verbs of the page Inventory."""

    def __init__(self, shell: Shell, place: Place) -> None:
        self._shell, self._place = shell, place

    def refresh(self) -> None:
        """Read the SKU again."""
        self._place.read_detail()

    def receive(self) -> None:
        """Ask how many came in, and where."""
        self._ask("Receive", "Put on the shelf", [
            self._where(), Field("quantity", "Units", 1, least=1), Field("reason", "From", placeholder="Supplier or delivery note"),
        ], lambda code, v: self._place.run("receive", sku=code, location=v["place"], quantity=v["quantity"],
                                           reason=v["reason"]))  # fmt: skip

    def count(self) -> None:
        """Ask what was counted."""
        self._ask("Count", "Take the count", [
            self._where(), Field("counted", "Counted", 0), Field("reason", "Note"),
        ], lambda code, v: self._place.run("count", sku=code, location=v["place"], counted=v["counted"],
                                           reason=v["reason"]),
            note="The difference to what the desk knows is kept as a movement.")  # fmt: skip

    def adjust(self) -> None:
        """Ask what changed, and why."""
        self._ask("Adjust", "Adjust", [
            self._where(), Field("quantity", "Change", -1, least=-1_000_000),
            Field("reason", "Why", is_needed=True),
        ], lambda code, v: self._place.run("adjust", sku=code, location=v["place"],
                                           quantity=v["quantity"], reason=v["reason"]),
            note="Minus takes units out.", suggestions=ADJUST_REASONS)  # fmt: skip

    def transfer(self) -> None:
        """Ask what moves from where to where."""
        places = self._places()
        second = places[1][0] if len(places) > 1 else places[0][0]
        self._ask("Move", "Move", [
            self._where("origin", "From"), Field("destination", "To", second, places),
            Field("quantity", "Units", 1, least=1), Field("reason", "Note"),
        ], lambda code, v: self._place.run("transfer", sku=code, origin=v["origin"],
                                           destination=v["destination"], quantity=v["quantity"],
                                           reason=v["reason"]))  # fmt: skip

    def set_bin(self) -> None:
        """Ask in which bin it lies."""
        self.ask_bin(self._place.chosen_place() or self._places()[0][0])

    def ask_bin(self, place: object) -> None:
        """Ask in which bin of a location it lies."""
        row = self._place.row
        if row is None:
            return
        known = {level.location_code: level.bin for level in row.levels}
        self._ask("Bin of", "Put it there", [
            Field("place", "Where", place, self._places()),
            Field("bin", "Bin", known.get(str(place), ""), placeholder="As on the shelf: A-12-3"),
        ], lambda code, v: self._place.run("set_bin", sku=code, location=v["place"], name=v["bin"]),
            note="Pick lists go from bin to bin. Empty: nobody knows.")  # fmt: skip

    def look_back(self) -> None:
        """Look at the SKU at any minute."""
        self._place.look_back()

    def open(self, kind: str, name: str, code: str) -> None:
        """Open what is behind a step of what a channel is told."""
        if kind == "orders":
            self._shell.go("orders", f'{name} sku:"{code}"')
        elif kind == "sku":
            self._shell.open_sku(name)
        else:
            self._shell.go("channels", f"{kind}:{name}")

    # ---- how ------------------------------------------------------------------------------------

    def _places(self) -> list[tuple[object, str]]:
        return [(place.code, place.name) for place in self._place.places]

    def _where(self, key: str = "place", label: str = "Where") -> Field:
        places = self._places()
        chosen = self._place.chosen_place() or places[0][0]
        return Field(key, label, chosen, places)

    def _ask(
        self, title: str, verb: str, fields: list[Field], answer: Callable[[str, Values], object],
        *, note: str = "", suggestions: tuple[tuple[str, str], ...] = (),
    ) -> None:  # fmt: skip
        row = self._place.row
        if row is not None:
            self._place.ask(Question(
                f"{title} {row.code}", fields, verb, lambda values: answer(row.code, values),
                note=note, suggestions=suggestions,
            ))  # fmt: skip
