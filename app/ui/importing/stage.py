"""Where one file is shown: its name, what there is to see, and what can be done with it at the foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from app.ui.widgets.controls import across, boxed, down, empty_out
from app.ui.widgets.text import Elided

STRETCHES = "stretches"  # the name of a part that takes the room that is left


class Stage(QWidget):
    """The large part of the assistant."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("body")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._name = Elided(step="title")
        self._content = down(spacing=10)
        self._verbs = across(spacing=8)
        layout = down(self._name, self._content, boxed(self._verbs), spacing=8,
                      margins=(22, 14, 20, 14))  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def say(self, name: str) -> None:
        """Say which file this is."""
        self._name.say(name)

    def show_parts(self, parts: Sequence[QWidget | QLayout], verbs: Sequence[QPushButton]) -> None:
        """Show these parts instead of what was shown."""
        empty_out(self._content)
        for part in parts:
            if isinstance(part, QWidget):
                self._content.addWidget(part, int(part.objectName() == STRETCHES))
            else:
                self._content.addLayout(part)
        self.show_verbs(verbs)

    def show_verbs(self, verbs: Sequence[QPushButton], *, focus: bool = True) -> None:
        """Offer these buttons; the first one has the focus."""
        empty_out(self._verbs)
        for verb in verbs:
            self._verbs.addWidget(verb)
        self._verbs.addStretch(1)
        if verbs and focus and self.isVisible():
            verbs[0].setFocus()

    def add_on_top(self, part: QWidget) -> None:
        """Say something above what is shown."""
        self._content.insertWidget(0, part)

    @property
    def verbs(self) -> dict[str, QPushButton]:
        """The buttons at the foot, by their words."""
        parts = [self._verbs.itemAt(at) for at in range(self._verbs.count())]
        widgets = [part.widget() for part in parts if part is not None]
        return {each.text(): each for each in widgets if isinstance(each, QPushButton)}


def filler() -> QWidget:
    """Return nothing that takes the room that is left."""
    made = QWidget()
    made.setObjectName(STRETCHES)
    return made
