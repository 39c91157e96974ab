"""Buttons, fields and boxes as this window makes them: each with a name that is read aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from app.ui.icons import icon
from app.ui.tokens import Tone
from app.ui.words import literal_tooltip

Box = TypeVar("Box", bound=QBoxLayout)


class Button(QPushButton):
    """A button that shows its words as they are: an “&” in a SKU or a name marks no letter."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setAutoDefault(True)  # Enter presses what has the focus, not only Space
        self.setText(words)

    def setText(self, words: str) -> None:  # noqa: N802 (Qt's own name)
        """Show words."""
        super().setText(words.replace("&", "&&"))

    def text(self) -> str:
        """Return the words."""
        return super().text().replace("&&", "&")


def button(
    title: str,
    run: Callable[[], object] | None = None,
    *,
    kind: str = "",
    icon_name: str = "",
    hint: str = "",
    name: str = "",
) -> QPushButton:
    """Return a button; ``kind`` is primary, danger, quiet, link, tab or day."""
    made = Button(title)
    made.setAccessibleName(name or title)
    made.setProperty("kind", kind)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon_name:
        tone = {"primary": "on_accent", "danger": Tone.BAD}.get(kind, "")
        made.setIcon(icon(icon_name, tone))
        made.setIconSize(QSize(15, 15))
    if hint or not title:
        made.setToolTip(literal_tooltip(hint or name))
    if run is not None:
        made.clicked.connect(lambda _checked=False: run())
    return made


class Choice(QComboBox):
    """A field that offers words; those that have no room end in "…", and are whole in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.currentTextChanged.connect(lambda words: self.setToolTip(literal_tooltip(words)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is chosen as far as there is room for it."""
        if self.isEditable():
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter, style = QStylePainter(self), self.style()
        complex_, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(complex_, option, field, self).width() - 4
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room
        )
        painter.drawComplexControl(complex_, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


def line(name: str, *, text: str = "", placeholder: str = "") -> QLineEdit:
    """Return a field for one line of text; of a long one its beginning is seen."""
    made = QLineEdit(text)
    made.setCursorPosition(0)
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made


def lines(name: str, *, placeholder: str = "") -> QPlainTextEdit:
    """Return a field for a list that is pasted, or for some lines of text; Tab leaves it."""
    made = QPlainTextEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    made.setTabChangesFocus(True)
    made.setFixedHeight(made.fontMetrics().lineSpacing() * 7 + 12)
    return made


def choice(name: str, choices: Sequence[tuple[object, str]], chosen: object = None) -> QComboBox:
    """Return a field that offers (value, words)."""
    made = Choice()
    made.setAccessibleName(name)
    made.view().setAccessibleName(name)
    for value, words in choices:
        made.addItem(words, value)
    index = made.findData(chosen)
    made.setCurrentIndex(max(0, index))
    return made


def as_wide_as_its_words(field: QComboBox) -> None:
    """Let a field show its longest choice whole: its margins of the style sheet need room as well."""
    words = (field.itemText(at) for at in range(field.count()))
    wide = max((field.fontMetrics().horizontalAdvance(each) for each in words), default=0)
    field.setMinimumWidth(wide + 52)


def whole(name: str, value: int, *, least: int = 0, most: int = 1_000_000) -> QSpinBox:
    """Return a field for a whole number."""
    made = QSpinBox()
    made.lineEdit().setTextMargins(6, 0, 0, 0)  # a style sheet's padding does not reach its text
    made.setAccessibleName(name)
    made.setRange(least, most)
    made.setValue(value)
    return made


def rule() -> QFrame:
    """Return a hairline between two parts."""
    made = QFrame()
    made.setObjectName("rule")
    return made


def rule_down() -> QFrame:
    """Return a hairline between two columns."""
    made = QFrame()
    made.setObjectName("ruledown")
    return made


def frame(name: str) -> QFrame:
    """Return a box of the style sheet: card, well, form, overlay."""
    made = QFrame()
    made.setObjectName(name)
    return made


def across(
    *parts: QWidget | QLayout | int | None, spacing: int = 8, margins: tuple[int, ...] = (0,) * 4
) -> QHBoxLayout:
    """Lay parts out side by side; ``None`` is room that stretches, a number fixed room."""
    return _filled(QHBoxLayout(), parts, spacing, margins)


def down(
    *parts: QWidget | QLayout | int | None, spacing: int = 8, margins: tuple[int, ...] = (0,) * 4
) -> QVBoxLayout:
    """Lay parts out below each other."""
    return _filled(QVBoxLayout(), parts, spacing, margins)


def _filled(layout: Box, parts: Sequence[object], spacing: int, margins: tuple[int, ...]) -> Box:
    left, top, right, bottom = margins
    layout.setContentsMargins(left, top, right, bottom)
    layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
    return layout


def boxed(layout: QLayout, name: str = "") -> QWidget:
    """Return a widget around a layout."""
    made = frame(name) if name else QWidget()
    made.setLayout(layout)
    return made


def scrolling(inside: QWidget, name: str) -> QScrollArea:
    """Return an area that scrolls up and down only."""
    area = QScrollArea()
    area.setObjectName("detail")
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def empty_out(layout: QLayout) -> None:
    """Take everything out of a layout, for good."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        if inner is not None:
            empty_out(inner)
