"""The places that keep and ship stock, and what routing needs to know of each."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.inventory import LocationKind
from app.queries.inventory import LocationRow
from app.ui.operations import Problem
from app.ui.pages.settings.section import House, Section, table
from app.ui.widgets.controls import boxed, button, down, frame
from app.ui.widgets.days import (
    NotDaysError,
    read_days,
    said_days,
    working_days,
    written_days,
)
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.text import Elided, Text
from app.ui.words import (
    NotATimeError,
    NotMoneyError,
    clock_time,
    count_of,
    minor_units,
    money,
    plain_amount,
    read_clock,
)
from app.ui.zones import ZONES, own_zone, zone_choices, zone_words


class PlacesSection(Section):
    """The places."""

    title = "Places that keep and ship stock"
    _coin = ""

    def tool(self) -> QWidget:
        """Offer a new one."""
        return button("Add a place…", self.add_place, icon_name="plus")

    def content(self, house: House) -> QWidget:
        """List them."""
        self._coin = house.currency
        card = frame("card")
        grid = table(("Place", "Leaves until", "Works", "Handling an order", ""))
        for at, place in enumerate(house.places, 1):
            for column, part in enumerate(
                _row(place, self.page.shell.operations.now().date(), self._coin)
            ):
                grid.addWidget(part, at, column)
            change = button("Change…", partial(self.change_place, place), kind="link",
                            name=f"Change {place.name}")  # fmt: skip
            grid.addWidget(change, at, 4)
        card.setLayout(grid)
        return card

    def add_place(self) -> None:
        """Ask for a new place."""
        fields = [
            Field("code", "Code", placeholder="One short word, such as GARAGE", is_needed=True)
        ]
        self.page.pane.ask(Question(
            "Add a place", [*fields, *_place_fields(self._coin)], "Add it",
            lambda values: self._save_place("add_location", values, {"code": values["code"]}),
        ))  # fmt: skip

    def change_place(self, place: LocationRow) -> None:
        """Ask what is different about a place."""
        self.page.pane.ask(Question(
            f"Change {place.name}", _place_fields(self._coin, place), "Change it",
            lambda values: self._save_place("change_location", values, {"code": place.code}),
            note="What is suggested from here is worked out anew.",
        ))  # fmt: skip

    def _save_place(self, operation: str, values: Values, named: dict[str, Any]) -> None:
        try:
            fields = _answered(values, self._coin)
        except (NotMoneyError, NotDaysError, NotATimeError) as error:
            self.page.complain(Problem(str(error), ""))
            return
        if operation == "change_location":
            self.page.run(operation, changes=fields, **named)
        else:
            self.page.run(operation, **fields, **named)


def _row(place: LocationRow, today: date, coin: str) -> tuple[QWidget, ...]:
    """Return what is shown of a place: what matters above, what explains it below."""
    leaves = (
        (clock_time(place.cut_off), zone_words(place.time_zone))
        if place.ships
        else ("–", "ships nothing")
    )
    about = (place.code, place.postcode or "no ZIP yet", count_of(place.on_hand, "unit"))
    closed = said_days(place.closed_on, today)
    return (
        _two(place.name, " · ".join(about), step="strong"),
        _two(*leaves),
        _two(working_days(place.working_days), f"closed {closed}" if closed else ""),
        Text(money(place.handling_cost, coin)),
    )


def _two(above: str, below: str, step: str = "body") -> QWidget:
    parts = [Elided(above, step=step) if step == "strong" else Text(above, step=step)]
    if below:
        parts.append(Text(below, quiet=True, step="small"))
    return boxed(down(*parts, spacing=1))


def _answered(values: Values, coin: str) -> dict[str, Any]:
    """Return what was answered as the operations take it.

    Raises:
        NotMoneyError, NotDaysError, NotATimeError: a cost, a day or a time is none.
    """
    plain = ("name", "kind", "postcode", "time_zone", "ships", "working_days")
    return {
        **{key: values[key] for key in plain},
        "cut_off": f"{read_clock(str(values['cut_off'])):%H:%M}",
        "handling_cost": minor_units(str(values["handling_cost"]), coin),
        "closed_on": read_days(str(values["closed_on"])),
        "daily_capacity": _orders_a_day(str(values["daily_capacity"])),
    }


def _orders_a_day(text: str) -> int | None:
    """Return how many orders can leave in a day; nothing where nobody has counted."""
    if text.strip() and not text.strip().isdecimal():
        raise NotDaysError(f"“{text.strip()}” is no number of orders.")
    return int(text) if text.strip() else None


_KINDS = (
    (LocationKind.WAREHOUSE.value, "Our own warehouse"),
    (LocationKind.SHOP.value, "A shop"),
    (LocationKind.THIRD_PARTY.value, "A fulfilment company"),
)


def _kinds(kind: str) -> list[tuple[object, str]]:
    """Return what a place can be; a channel's own warehouse stays one."""
    if kind == LocationKind.CHANNEL.value:
        return [(kind, "A channel's own warehouse")]
    return list(_KINDS)


def _place_fields(coin: str, place: LocationRow | None = None) -> list[Field]:
    """Return what is asked about a place, filled in with what is known."""
    kind = place.kind if place else LocationKind.WAREHOUSE.value
    ships = [(True, "Ships orders"), (False, "Only keeps stock")]
    zone = place.time_zone if place else own_zone() or next(iter(ZONES))
    return [
        Field("name", "Name", place.name if place else "", is_needed=True),
        Field("postcode", "ZIP", place.postcode if place else "", placeholder="Postage depends on it"),
        Field("cut_off", "Leaves until", clock_time(place.cut_off if place else "14:00"),
              placeholder="Later orders leave the next working day"),
        Field("time_zone", "Time of", zone, zone_choices(zone)),
        Field("working_days", "Works on", place.working_days if place else "1111100", has_days=True),
        Field("closed_on", "Closed on", written_days(place.closed_on) if place else "",
              placeholder=written_days(["2026-12-25"])),
        Field("handling_cost", "Handling an order",
              plain_amount(place.handling_cost if place else 0, coin),
              placeholder="What packing one order costs you"),
        Field("ships", "And", place.ships if place else True, ships),
        Field("kind", "It is", kind, _kinds(kind)),
        Field("daily_capacity", "Orders a day",
              str(place.daily_capacity) if place and place.daily_capacity is not None else "",
              placeholder="How many can leave; empty: nobody has counted"),
    ]  # fmt: skip
