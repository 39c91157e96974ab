"""Which versions of the rules were there, and what changed from one to the next?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from app.domain.rulebook.text import difference, parsed
from app.services.rules.looking import RulebookRow
from app.ui.lists.columns import Pill
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, down, empty_out, frame
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import exact, moment

SHOWN = 12
MOST_LINES = 40
_STATES = {
    "draft": Pill("Draft", Tone.INFO, "change"),
    "active": Pill("In force", Tone.GOOD, "accept"),
    "archived": Pill("Kept", Tone.NEUTRAL, "clock"),
}


class VersionsView(QWidget):
    """Lists the versions; one that was in force can be again."""

    def __init__(self, put_in_force: Callable[[int], object]) -> None:
        super().__init__()
        self._put_in_force = put_in_force
        self._rows = down(spacing=8)
        self._open: int | None = None
        self._known: tuple[Sequence[RulebookRow], datetime] | None = None
        self.setLayout(down(Text("Versions", step="strong"), boxed(self._rows), spacing=6))

    def fill(self, rows: Sequence[RulebookRow], now: datetime) -> None:
        """Show the newest versions."""
        self._known = rows, now
        empty_out(self._rows)
        for at, row in enumerate(rows[:SHOWN]):
            self._rows.addLayout(self._row(row, now))
            if row.version == self._open:
                before = rows[at + 1].text if at + 1 < len(rows) else ""
                self._rows.addWidget(_changes(before, row.text))

    def _row(self, row: RulebookRow, now: datetime) -> QLayout:
        at = row.activated_at or row.written_at
        who = Text(f"{row.activated_by or row.written_by}, {moment(at, now)}", quiet=True)
        what = button(
            "What changed", partial(self._turn, row.version), kind="link",
            name=f"What changed with version {row.version}",
        )  # fmt: skip
        line = across(
            Text(f"Version {row.version}"), PillLabel(_STATES[row.state]), who.hint(exact(at)),
            Text(row.reason, quiet=True), None, what, spacing=12,
        )  # fmt: skip
        if row.state == "archived":
            line.addWidget(
                button("Put in force again", partial(self._put_in_force, row.version), kind="link",
                       name=f"Put version {row.version} in force again")
            )  # fmt: skip
        return line

    def _turn(self, version: int) -> None:
        self._open = None if self._open == version else version
        if self._known is not None:
            self.fill(*self._known)


def _changes(before: str, after: str) -> QWidget:
    lines = [each for each in difference(parsed(before), parsed(after)) if each[:2] != "@@"]
    well = frame("well")
    box = down(spacing=1, margins=(12, 8, 12, 8))
    for each in lines[:MOST_LINES] or ["Nothing changed."]:
        tone = {"+": Tone.GOOD, "-": Tone.BAD}.get(each[:1])
        box.addWidget(Text(each, tone=tone, quiet=tone is None))
    if len(lines) > MOST_LINES:
        box.addWidget(Text(f"… and {len(lines) - MOST_LINES} more lines", quiet=True))
    well.setLayout(box)
    return well
