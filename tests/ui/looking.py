"""What would a person fail to see in this window? Text without room, and fields without a name."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QRadioButton,
    QWidget,
)

from app.ui.widgets.controls import Choice
from app.ui.widgets.text import Elided

SLACK = 2
LONGER = 1.4


def nameless(root: QWidget) -> list[str]:
    """Return what can take the focus and has no name for a screen reader."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in root.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.objectName().startswith("qt_")
        and not widget.accessibleName()
    ]


def clipped(root: QWidget) -> list[str]:
    """Return the visible labels and buttons whose words do not fit into them."""
    return [f"{what}: “{words}”" for what, words in _clipped(root)]


def _clipped(root: QWidget) -> Iterator[tuple[str, str]]:
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root) or not widget.width():
            continue
        if isinstance(widget, QLabel) and widget.text() and not isinstance(widget, Elided):
            if _is_label_clipped(widget):
                yield "label", widget.text()
        elif isinstance(widget, QAbstractButton) and widget.text() and _is_button_clipped(widget):
            yield "button", widget.text()
        yield from _clipped_in_part(widget)
        if _is_outside(widget, root) and isinstance(widget, QLabel | QAbstractButton):
            yield "outside the window", getattr(widget, "text", str)()


def _is_label_clipped(label: QLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + SLACK
    return label.sizeHint().width() > label.width() + SLACK


def _is_button_clipped(button: QAbstractButton) -> bool:
    if isinstance(button, QCheckBox | QRadioButton):
        return button.sizeHint().width() > button.width() + SLACK
    return button.minimumSizeHint().width() > button.width() + SLACK


def _clipped_in_part(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Look into widgets that show words among other things."""
    if isinstance(widget, QComboBox) and _is_choice_clipped(widget):
        yield "choice", widget.currentText()
    elif isinstance(widget, QHeaderView):
        yield from (("head", words) for words in _clipped_heads(widget))


def _is_choice_clipped(box: QComboBox) -> bool:
    """Whether words are cut that are not elided where they are painted."""
    room = box.width() - 30
    return not isinstance(box, Choice) and (
        box.fontMetrics().horizontalAdvance(box.currentText()) > room
    )


def _clipped_heads(head: QHeaderView) -> Iterator[str]:
    if head.textElideMode() != Qt.TextElideMode.ElideNone:
        return
    for at in range(head.count()):
        if not head.isSectionHidden(at) and head.sectionSizeFromContents(at).width() > (
            head.sectionSize(at) + SLACK
        ):
            yield str(head.model().headerData(at, head.orientation()))


def _is_outside(widget: QWidget, root: QWidget) -> bool:
    """Whether a widget ends right of the window, other than in something that scrolls there."""
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, QAbstractScrollArea) and parent.horizontalScrollBar().maximum():
            return False
        parent = parent.parentWidget()
    return widget.mapTo(root, QPoint(widget.width(), 0)).x() > root.width() + SLACK


def lengthen(root: QWidget) -> None:
    """Make every word on the screen 40 % longer, as another language would; names stay."""
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, QLabel | QAbstractButton) or not widget.text():
            continue
        words = widget.accessibleName() if isinstance(widget, Elided) else widget.text()
        if words in ("Orderdeck", widget.property("lengthened")):
            continue  # what stays while forms come and go is made longer once
        widget.setProperty("lengthened", _longer(words))
        say = widget.say if isinstance(widget, Elided) else widget.setText
        say(widget.property("lengthened"))
    QApplication.processEvents()


def _longer(words: str) -> str:
    """Add an accented letter for every two and a half; numbers and signs alone stay."""
    if not any(sign.isalpha() for sign in words):
        return words
    return words + "ë" * max(1, round(len(words.strip()) * (LONGER - 1)))
