"""The filters of a search as chips: click one to edit it, its cross to remove it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.domain.search_terms import Term, TermKind
from app.ui.icons import icon
from app.ui.widgets.controls import Button, across
from app.ui.words import literal_tooltip, visible

_GAP: Final = 4
_WIDEST: Final = 230


class Chip(QFrame):
    """One filter."""

    chosen = Signal()
    removed = Signal()

    def __init__(self, term: Term, parent: QWidget, home: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.setProperty("wrong", term.kind is TermKind.WRONG)
        label = visible(term.label)
        room = self.fontMetrics()
        shown = room.elidedText(label, Qt.TextElideMode.ElideRight, _WIDEST)
        self.words = _plain(shown, f"Edit the filter {label}", self.chosen.emit)
        self.words.setToolTip(literal_tooltip(f"{label}\nClick to edit"))
        self.cross = _plain("", f"Remove the filter {label}", self.removed.emit)
        self.cross.setIcon(icon("close"))
        self.cross.setProperty("cross", True)
        for made in (self.words, self.cross):
            # A click on a chip is no click on the field behind it: the list keeps the keys.
            made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            made.setFocusProxy(home)
        self.setLayout(across(self.words, self.cross, spacing=0, margins=(7, 0, 2, 0)))


def _plain(title: str, name: str, run: object) -> QPushButton:
    """Return a button for the mouse: with the keyboard the same is done in the text."""
    made = Button(title)
    made.setProperty("kind", "chip")
    made.setAccessibleName(name)
    made.setToolTip(literal_tooltip(name))
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.clicked.connect(run)
    return made


class ChipRow(QFrame):
    """All filters in one row; those for which there is no room are counted."""

    chosen = Signal(object)
    removed = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self.home = field  # where the keys go when a chip is clicked
        self.setObjectName("chips")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self._more = _plain("", "More filters", field.setFocus)
        self._more.setParent(self)
        self._terms: tuple[Term, ...] = ()
        self.chips: list[Chip] = []
        self.hide()

    def fill(self, terms: Sequence[Term]) -> None:
        """Show these terms."""
        if tuple(terms) == self._terms:
            return
        self._terms = tuple(terms)
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(term) for term in terms]
        self._arrange()

    def _chip(self, term: Term) -> Chip:
        chip = Chip(term, self, self.home)
        chip.chosen.connect(partial(self.chosen.emit, term))
        chip.removed.connect(partial(self.removed.emit, term))
        return chip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        widths = [chip.sizeHint().width() for chip in self.chips]
        fits = self._that_fit(widths)
        left = 0
        for chip, width in zip(self.chips, widths, strict=True):
            is_shown = chip in self.chips[:fits]
            chip.setVisible(is_shown)
            chip.setGeometry(left, 1, min(width, self.width()), self.height() - 2)
            left += (width + _GAP) * is_shown
        hidden = len(self.chips) - fits
        self._more.setVisible(hidden > 0)
        self._more.setText(f"+{hidden}")
        self._more.setAccessibleName(f"{hidden} more filters: edit the search")
        self._more.setGeometry(left, 1, self._more.sizeHint().width(), self.height() - 2)

    def _that_fit(self, widths: Sequence[int]) -> int:
        """Return how many chips there is room for, beside the word on how many there are besides."""
        if sum(widths) + _GAP * len(widths) <= self.width() + _GAP:
            return len(widths)
        room = self.width() - self.fontMetrics().horizontalAdvance("+99") - 18
        used = 0
        for count, width in enumerate(widths):
            used += width + _GAP
            if used > room:
                return max(1, count)
        return len(widths)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Beside the chips is the text: a click there goes on writing."""
        self._field.setFocus(Qt.FocusReason.MouseFocusReason)
