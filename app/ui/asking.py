"""A question that has to be answered first: only for what cannot be taken back. The safe answer is the default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.ui.overlay import Overlay
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, button, down, empty_out
from app.ui.widgets.text import Text


@dataclass(frozen=True, slots=True)
class Decision:
    """What is asked: in numbers and money, with a verb for either answer."""

    title: str
    text: str
    verb: str
    run: Callable[[], object]
    keep: str = "Leave it as it is"


class Asking(Overlay):
    """Asks one question in the middle of the window; Esc and Enter are the safe answer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Question")
        self._box = down(spacing=10)
        self.setLayout(down(self._box, margins=(24, 20, 24, 20)))

    def ask(self, decision: Decision) -> None:
        """Ask, and do it only when it is wanted."""
        empty_out(self._box)
        keep = button(decision.keep, self.close_overlay, hint="Esc")
        does = button(decision.verb, lambda: self._do(decision), kind="danger")
        head = across(IconLabel("exceptions", Tone.WARN, 20), spacing=11)
        head.addWidget(Text(decision.title, step="heading", wraps=True), 1)
        self._box.addLayout(head)
        self._box.addWidget(Text(decision.text, wraps=True))
        self._box.addLayout(across(None, does, keep))
        self.setAccessibleName(decision.title)
        self.open()
        keep.setDefault(True)
        keep.setFocus()

    def _do(self, decision: Decision) -> None:
        self.close_overlay()
        decision.run()

    def place(self) -> None:
        """Stand in the upper middle, as tall as its words."""
        room = self.room()
        wide = min(520, room.width() - 60)
        tall = max(150, self.layout().totalHeightForWidth(wide))  # type: ignore[union-attr]
        self.setGeometry((room.width() - wide) // 2, max(20, room.height() // 5), wide, tall)
