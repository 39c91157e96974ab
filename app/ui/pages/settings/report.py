"""When does the desk compare all numbers by itself? Once a day, before anybody is there."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.services.mismatching.schedule import OFF
from app.ui.pages.settings.section import House, Section, facts
from app.ui.widgets.controls import button
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import clock_time


class ReportSection(Section):
    """The daily report of mismatches."""

    title = "Daily check of all numbers"

    def tool(self) -> QWidget:
        """Offer another time."""
        return button(
            "Change…", lambda: self.ask(self._at), name="Change the time of the daily check"
        )

    def content(self, house: House) -> QWidget:
        """Say when it is made."""
        self._at = house.report_time
        when = "Not by itself" if self._at == OFF else f"Every day at {clock_time(self._at)}"
        return facts((("Report of mismatches", when),))

    def ask(self, at: str) -> None:
        """Ask for a time of the desk's day."""
        hours = sorted({at, *(f"{hour:02}:00" for hour in range(24))} - {OFF})
        choices = [(OFF, "Not by itself"), *((each, clock_time(each)) for each in hours)]
        self.page.pane.ask(Question(
            "Daily check of all numbers",
            [Field("at", "Every day at", at, choices)],
            "Keep it so",
            self._answer,
            note="What each channel shows is compared with what it was told and with the shelves. "
                 "A desk that was closed at that time does it when it opens.",
        ))  # fmt: skip

    def _answer(self, values: Values) -> None:
        self.page.run("set_report_time", at=str(values["at"]))
