"""What is a step of the first minute, and what may it ask of the screen around it?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.operations import Operations, Problem
from app.ui.pages.settings.section import House
from app.ui.tokens import Tone
from app.ui.widgets.controls import down
from app.ui.widgets.text import Text

Then = Callable[[], object]


class Host(Protocol):
    """The window, as the first minute sees it."""

    operations: Operations

    def choose_files(self) -> None:
        """Let the person choose files to import."""

    def open(self) -> None:
        """Look into the store again."""

    def leave_first_run(self) -> None:
        """Go to work."""


class Step(QWidget):
    """One step. Nothing in it has to be answered."""

    title = ""
    about = ""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.host = host
        self._trouble = Text(tone=Tone.BAD, wraps=True)
        self._trouble.hide()

    def show_house(self, house: House) -> None:
        """Fill in what is known."""

    def save(self, then: Then) -> None:
        """Keep what was entered, and go on."""
        then()

    def write(self, deeds: list[tuple[str, dict[str, Any]]], then: Then) -> None:
        """Carry out operations one after the other; the first that is refused stops them."""
        self._trouble.hide()
        if not deeds:
            then()
            return
        operation, named = deeds[0]
        self.host.operations.run(
            operation, then=lambda _changes: self.write(deeds[1:], then), otherwise=self._refused,
            **named,
        )  # fmt: skip

    def _refused(self, problem: Problem) -> None:
        self._trouble.say(problem.said)
        self._trouble.show()


def labelled(label: str, editor: QWidget, hint: str = "") -> QVBoxLayout:
    """Return a field below its label, with what it is for."""
    name = Text(label, step="strong")
    name.setBuddy(editor)
    parts = [name, editor, *([Text(hint, quiet=True, step="small", wraps=True)] if hint else [])]
    return down(*parts, spacing=4)
