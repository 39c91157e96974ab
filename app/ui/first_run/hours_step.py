"""When parcels leave: one row for each place that ships. Every promised day is counted from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QGridLayout, QLineEdit

from app.queries.inventory import LocationRow
from app.ui.first_run.step import Host, Step, Then
from app.ui.operations import Problem
from app.ui.pages.settings.section import House
from app.ui.widgets.controls import boxed, down, empty_out, frame, line
from app.ui.widgets.days import NotDaysError, WeekDays, read_days, written_days
from app.ui.widgets.text import Elided, Text
from app.ui.words import NotATimeError, clock_time, read_clock
from app.ui.zones import zone_words


@dataclass(frozen=True, slots=True)
class Hours:
    """What is asked about one place."""

    place: LocationRow
    cut_off: QLineEdit
    week: WeekDays
    closed: QLineEdit

    def changes(self) -> dict[str, Any]:
        """Return what is different now.

        Raises:
            NotDaysError, NotATimeError: a closed day is no day, or a time none.
        """
        said = {"cut_off": f"{read_clock(self.cut_off.text()):%H:%M}", "working_days": self.week.signs,
                "closed_on": read_days(self.closed.text())}  # fmt: skip
        known = {"cut_off": self.place.cut_off, "working_days": self.place.working_days,
                 "closed_on": list(self.place.closed_on)}  # fmt: skip
        return {name: value for name, value in said.items() if value != known[name]}


class HoursStep(Step):
    """The cut-off times, the working days and the days on which a place is closed."""

    title = "When parcels leave"
    about = (
        "An order that is accepted later leaves on the next working day. Deadlines count from this."
    )

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._card = frame("card")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(18, 14, 18, 14)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(11)
        self._grid.setColumnStretch(0, 1)
        self._card.setLayout(self._grid)
        self.hours: dict[str, Hours] = {}
        self.setLayout(down(self._card, self._trouble, spacing=12))

    def show_house(self, house: House) -> None:
        """List the places that ship."""
        empty_out(self._grid)
        self.hours.clear()
        for column, title in enumerate(("Place", "Leaves until", "Works on", "Closed on")):
            self._grid.addWidget(Text(title, quiet=True, step="small"), 0, column)
        for at, place in enumerate((each for each in house.places if each.ships), 1):
            self.hours[place.code] = asked = _asked(place)
            name = boxed(down(Elided(place.name, step="strong"),
                              Elided(f"{zone_words(place.time_zone)} time", quiet=True, step="small"),
                              spacing=1))  # fmt: skip
            for column, part in enumerate((name, asked.cut_off, asked.week, asked.closed)):
                self._grid.addWidget(part, at, column)

    def save(self, then: Then) -> None:
        """Keep what is different now."""
        try:
            said = {code: hours.changes() for code, hours in self.hours.items()}
        except (NotDaysError, NotATimeError) as error:
            self._refused(Problem(str(error), ""))
            return
        deeds: list[tuple[str, dict[str, Any]]] = [
            ("change_location", {"code": code, "changes": changes})
            for code, changes in said.items()
            if changes
        ]
        self.write(deeds, then)


def _asked(place: LocationRow) -> Hours:
    cut_off = line(
        f"{place.name} leaves until",
        text=clock_time(place.cut_off),
        placeholder=clock_time("14:00"),
    )
    cut_off.setMaximumWidth(86)
    closed = line(f"{place.name} is closed on", text=written_days(place.closed_on),
                  placeholder=written_days(["2026-12-25"]))  # fmt: skip
    return Hours(place, cut_off, WeekDays(f"{place.name} works on", place.working_days), closed)
