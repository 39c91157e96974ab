"""The line in which a search is typed: its filters are tinted, and what is wrong is underlined."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import QLineEdit

from app.domain.search_terms import Term, TermKind, term_at, without
from app.ui.lists.search_chips import ChipRow
from app.ui.lists.search_popup import SearchPopup
from app.ui.theme import tokens
from app.ui.tokens import Tone

_STEPS: Final = {
    Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8,
}  # fmt: skip
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLACE_OF_GLASS: Final = 27
_TINT: Final = 34


class SearchField(QLineEdit):
    """Text while one types, chips while one does not; Esc clears it and goes back to the list."""

    left = Signal()
    cleared = Signal()
    entered = Signal(bool)  # whether it has the focus now

    def __init__(self, popup: SearchPopup) -> None:
        super().__init__()
        self._popup = popup
        self._terms: tuple[Term, ...] = ()
        self.wrong: tuple[int, int] | None = None
        self.chips = ChipRow(self)
        self.chips.chosen.connect(self._edit)
        self.chips.removed.connect(self.take_out)

    # ---- what it shows --------------------------------------------------------------------------

    def show_terms(self, terms: tuple[Term, ...], wrong: tuple[int, int] | None) -> None:
        """Show of which terms the text is made, and from where to where it is wrong."""
        self._terms, self.wrong = terms, wrong
        self.chips.fill(terms)
        said = "; ".join(term.label for term in terms if term.kind is not TermKind.TEXT)
        self.setAccessibleDescription(f"Filters: {said}" if said else "")
        self._place_chips()
        self.update()

    def _place_chips(self) -> None:
        has_filters = any(term.kind is not TermKind.TEXT for term in self._terms)
        self.chips.setVisible(has_filters and not self.hasFocus())
        self.chips.setGeometry(self.rect().adjusted(_PLACE_OF_GLASS, 2, -_PLACE_OF_GLASS, -2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the chips in their place."""
        super().resizeEvent(event)
        self._place_chips()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, then tint its filters and underline what is wrong."""
        super().paintEvent(event)
        if self.chips.isVisible() or not self._terms:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect().adjusted(_PLACE_OF_GLASS - 2, 0, -_PLACE_OF_GLASS + 2, 0))
        for term in self._terms:
            if term.kind in (TermKind.FIELD, TermKind.GROUP):
                self._tint(painter, self.span(term.at, term.end))
        if self.wrong is not None:
            self._underline(painter, self.span(*self.wrong))
        painter.end()

    def _tint(self, painter: QPainter, box: QRectF) -> None:
        colour = QColor(tokens().accent)
        colour.setAlpha(_TINT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(box.adjusted(-1, 0, 1, 0), 4, 4)

    def _underline(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(QColor(tokens().ink(Tone.BAD)), 2))
        low = box.bottom() - 0.5
        painter.drawLine(QPointF(box.left(), low), QPointF(max(box.right(), box.left() + 6), low))

    def span(self, start: int, end: int) -> QRectF:
        """Return where the characters from one position to another stand in this widget."""
        layout = QTextLayout(self.displayText(), self.font())
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        cursor = self.cursorRect()
        origin = cursor.center().x() - _x(line.cursorToX(self.cursorPosition()))
        high = self.fontMetrics().height() + 2
        return QRectF(
            origin + _x(line.cursorToX(start)), (self.height() - high) / 2,
            _x(line.cursorToX(end)) - _x(line.cursorToX(start)), high,
        )  # fmt: skip

    # ---- changing it ----------------------------------------------------------------------------

    def _edit(self, term: Term) -> None:
        """Put the cursor on a term."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setSelection(term.at, len(term.text))

    def take_out(self, term: Term) -> None:
        """Take a term out of the text."""
        self.setText(without(self.text(), term))

    # ---- keys -----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Let Tab take what is offered for a word; what is offered to begin with must be chosen."""
        is_tab = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        if is_tab and event.type() == QEvent.Type.KeyPress:
            completes = bool(self.text()) or self._popup.has_chosen
            if completes and self._popup.take_first():
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose from what is offered, or leave."""
        key = Qt.Key(event.key())
        if self._popup.is_offering and self._chooses(key):
            return
        if key == Qt.Key.Key_Escape:
            self._leave_empty()
        elif key in (*_ENTER, Qt.Key.Key_Down):
            self.left.emit()
        elif (
            key == Qt.Key.Key_Backspace and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._take_out_here()
        else:
            super().keyPressEvent(event)

    def _chooses(self, key: Qt.Key) -> bool:
        if key in _STEPS:
            self._popup.step(_STEPS[key])
            return True
        if key in _ENTER:
            return self._popup.take()
        if key == Qt.Key.Key_Escape:
            self._popup.put_away()
            return True
        return False

    def _leave_empty(self) -> None:
        if self.text():
            self.clear()
            self.cleared.emit()
        self.left.emit()

    def _take_out_here(self) -> None:
        """Take out the whole term at the cursor."""
        at = self.cursorPosition()
        text = self.text()
        term = term_at(self._terms, len(text[:at].rstrip()))
        if term is not None:
            self.take_out(term)
            self.setCursorPosition(min(term.at, len(self.text())))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Become text."""
        super().focusInEvent(event)
        self._place_chips()
        self.entered.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Become chips."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._place_chips()
            self.entered.emit(False)


def _x(found: object) -> float:
    """Return the position of what Qt returns as (position, cursor) or as a number."""
    return float(found[0] if isinstance(found, tuple) else found)  # type: ignore[arg-type]
