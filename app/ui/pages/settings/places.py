"""The places that keep and ship stock, and what routing needs to know of each."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.queries.inventory import LocationRow
from app.ui.operations import Problem
from app.ui.pages.settings.section import House, Section, table
from app.ui.widgets.controls import button, frame
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.text import Elided, Text
from app.ui.words import NotMoneyError, count_of, minor_units, money, plain_amount
from app.ui.zones import ZONES, own_zone, zone_choices

CURRENCY = "USD"


class PlacesSection(Section):
    """The places."""

    title = "Places that keep and ship stock"

    def tool(self) -> QWidget:
        """Offer a new one."""
        return button("Add a place…", self.add_place, icon_name="plus")

    def content(self, house: House) -> QWidget:
        """List them."""
        card = frame("card")
        grid = table(("Name", "Code", "ZIP", "Leaves until", "Handling an order", "In stock", ""))
        for at, place in enumerate(house.places, 1):
            words = [place.name, place.code, place.postcode or "not set", place.cut_off,
                     money(place.handling_cost, CURRENCY), count_of(place.on_hand, "unit")]  # fmt: skip
            grid.addWidget(Elided(words[0], step="strong"), at, 0)
            for column, text in enumerate(words[1:], 1):
                grid.addWidget(Text(text, quiet=column == 1), at, column)
            change = button("Change…", partial(self.change_place, place), kind="link",
                            name=f"Change {place.name}")  # fmt: skip
            grid.addWidget(change, at, 6)
        card.setLayout(grid)
        return card

    def add_place(self) -> None:
        """Ask for a new place."""
        fields = [
            Field("code", "Code", placeholder="One short word, such as GARAGE", is_needed=True)
        ]
        self.page.pane.ask(Question(
            "Add a place", [*fields, *_place_fields()], "Add it",
            lambda values: self._save_place("add_location", values, {"code": values["code"]}),
        ))  # fmt: skip

    def change_place(self, place: LocationRow) -> None:
        """Ask what is different about a place."""
        self.page.pane.ask(Question(
            f"Change {place.name}", _place_fields(place), "Change it",
            lambda values: self._save_place("change_location", values, {"code": place.code}),
            note="What is suggested from here is worked out anew.",
        ))  # fmt: skip

    def _save_place(self, operation: str, values: Values, named: dict[str, Any]) -> None:
        try:
            cost = minor_units(str(values["handling_cost"]), CURRENCY)
        except NotMoneyError as error:
            self.page.complain(Problem(str(error), ""))
            return
        said = {key: values[key] for key in ("name", "postcode", "cut_off", "time_zone", "ships")}
        fields = {**said, "handling_cost": cost}
        if operation == "change_location":
            self.page.run(operation, changes=fields, **named)
        else:
            self.page.run(operation, **fields, **named)


def _place_fields(place: LocationRow | None = None) -> list[Field]:
    """Return what is asked about a place, filled in with what is known."""
    ships = [(True, "Ships orders"), (False, "Only keeps stock")]
    zone = place.time_zone if place else own_zone() or next(iter(ZONES))
    return [
        Field("name", "Name", place.name if place else "", is_needed=True),
        Field("postcode", "ZIP", place.postcode if place else "", placeholder="Postage depends on it"),
        Field("cut_off", "Leaves until", place.cut_off if place else "14:00",
              placeholder="Later orders leave the next working day"),
        Field("handling_cost", "Handling an order",
              plain_amount(place.handling_cost if place else 0, CURRENCY),
              placeholder="What packing one order costs you"),
        Field("time_zone", "Time zone", zone, zone_choices(zone)),
        Field("ships", "And", place.ships if place else True, ships),
    ]  # fmt: skip
