"""What did each rule say of one order? Met or not, why not, and who said it first."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from app.domain.rulebook.actions import action
from app.domain.rulebook.conditions import read
from app.domain.rulebook.running import Step
from app.domain.rulebook.saying import Called, deed, said
from app.services.rules.living import Judged
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, down, empty_out, line
from app.ui.widgets.text import Text


class TraceView(QWidget):
    """Tries the rules on one order."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.number = line("Number of an order to try", placeholder="Number of an order")
        self.number.textEdited.connect(self.asked.emit)
        self._steps = down(spacing=7)
        head = across(Text("Try on an order", step="strong"), self.number, spacing=12)
        head.setStretch(1, 1)
        self.setLayout(down(head, boxed(self._steps), spacing=8))

    def suggest(self, number: str) -> None:
        """Try an order until the person names one."""
        if not self.number.text():
            self.number.setText(number)

    def show_trace(self, judged: Judged, called: Called) -> None:
        """Show what became of each rule."""
        empty_out(self._steps)
        if not judged.number:
            why = "No order has this number." if self.number.text() else "No order is open."
            self._steps.addWidget(Text(why, quiet=True))
            return
        for step in judged.steps:
            self._steps.addLayout(_row(step, called))
        if not judged.steps:
            self._steps.addWidget(Text("No rule is on.", quiet=True))


def _row(step: Step, called: Called) -> QLayout:
    icon = IconLabel("accept", Tone.GOOD) if step.is_met else IconLabel("minus", Tone.NEUTRAL)
    words = down(Text(step.rule, step="strong" if step.is_met else "body"), spacing=1)
    for each in _sentences(step, called):
        words.addWidget(Text(each, quiet=True, wraps=True))
    row = across(icon, spacing=9)
    row.addLayout(words, 1)
    return row


def _sentences(step: Step, called: Called) -> list[str]:
    if not step.is_met:
        return [f"It is not so that {said(read(step.unmet), called)}."]
    return [
        *(f"{_in_words(each, called)}." for each in step.did),
        *(f"“{_in_words(each, called)}” is left to “{by}”, which said it first."
          for each, by in step.left),
    ]  # fmt: skip


def _in_words(written: str, called: Called) -> str:
    """Say an action that is written as a line."""
    verb, _, value = written.partition(" ")
    return deed(action(verb, value), called)
