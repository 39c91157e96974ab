"""Until when parcels leave: one row for each place that ships. Every promised day is counted from it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QLineEdit

from app.queries.inventory import LocationRow
from app.ui.first_run.step import Host, Step, Then
from app.ui.pages.settings.section import House
from app.ui.widgets.controls import down, empty_out, frame, line
from app.ui.widgets.text import Elided, Text
from app.ui.zones import zone_words


class HoursStep(Step):
    """The cut-off times."""

    title = "When parcels leave"
    about = (
        "An order that is accepted later leaves on the next working day. Deadlines count from this."
    )

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._card = frame("card")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(18, 14, 18, 14)
        self._grid.setHorizontalSpacing(22)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnStretch(0, 1)
        self._card.setLayout(self._grid)
        self._editors: dict[str, tuple[LocationRow, QLineEdit]] = {}
        self.setLayout(down(self._card, self._trouble, spacing=12))

    def show_house(self, house: House) -> None:
        """List the places that ship."""
        empty_out(self._grid)
        self._editors.clear()
        for column, title in enumerate(("Place", "Leaves until", "Time of")):
            self._grid.addWidget(Text(title, quiet=True, step="small"), 0, column)
        for at, place in enumerate((each for each in house.places if each.ships), 1):
            editor = line(f"{place.name} leaves until", text=place.cut_off, placeholder="14:00")
            editor.setMaximumWidth(110)
            self._editors[place.code] = place, editor
            self._grid.addWidget(Elided(place.name, step="strong"), at, 0)
            self._grid.addWidget(editor, at, 1)
            self._grid.addWidget(Text(zone_words(place.time_zone), quiet=True), at, 2)

    def save(self, then: Then) -> None:
        """Keep what is different now."""
        deeds: list[tuple[str, dict[str, Any]]] = [
            ("change_location", {"code": code, "changes": {"cut_off": editor.text().strip()}})
            for code, (place, editor) in self._editors.items()
            if editor.text().strip() != place.cut_off
        ]
        self.write(deeds, then)
