"""A question in its place: a few fields, one verb. Enter does it, Esc leaves it; never a dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.ui.tokens import Tone
from app.ui.widgets.controls import across, button, choice, down, line, lines, whole
from app.ui.widgets.days import WeekDays
from app.ui.widgets.text import Text

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``choices`` make it a list to choose from (an open one takes other words too), a
    whole-number ``value`` makes it a number; one that ``has_lines`` takes a list that is pasted, one
    that ``has_days`` the days of a week as seven signs, 1 for each that is chosen. What is secret is
    not shown while it is typed."""

    key: str
    label: str
    value: object = ""
    choices: Sequence[tuple[object, str]] = ()
    placeholder: str = ""
    is_needed: bool = False
    is_open: bool = False
    least: int = 0
    has_lines: bool = False
    is_secret: bool = False
    has_days: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a form asks. ``answer`` gets the values; it is asked again with a problem if refused.

    ``verb_of`` words the button by what is chosen. Of ``suggestions`` for the field ``suggests``, the
    number alone may be typed as well, if they are ``numbered``. ``preview_of`` says what would be done
    with what is entered.
    """

    title: str
    fields: Sequence[Field]
    verb: str
    answer: Callable[[Values], object]
    note: str = ""
    kind: str = "primary"
    suggests: str = "reason"
    suggestions: Sequence[tuple[str, str]] = field(default_factory=tuple)
    verb_of: Callable[[Values], str] | None = None
    numbered: bool = True
    preview_of: Callable[[Values], str] | None = None


class InlineForm(QFrame):
    """Shows one question and collects its answer."""

    closed = Signal()

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.setObjectName("form")
        self.setAccessibleName(question.title)
        self._question = question
        self._editors: dict[str, QWidget] = {}
        self._problem = Text(tone=Tone.BAD, wraps=True)
        self._problem.hide()
        self._preview = Text(wraps=True)
        self._verb = button(question.verb, self.submit, kind=question.kind)
        leave = button("Leave it", self.leave, kind="quiet", hint="Esc")
        parts = down(Text(question.title, step="strong", wraps=True), spacing=8,
                     margins=(13, 11, 13, 11))  # fmt: skip
        if question.note:
            parts.addWidget(Text(question.note, quiet=True, wraps=True))
        parts.addLayout(self._grid())
        if question.suggestions:
            parts.addWidget(_Offers(self._offers()))
        if question.preview_of is not None:
            parts.addWidget(self._preview)
        parts.addWidget(self._problem)
        parts.addLayout(across(self._verb, leave, None))
        self.setLayout(parts)
        self._follow()
        self._word()

    def _follow(self) -> None:
        """Say anew what would be done whenever something is entered."""
        for editor in self._editors.values():
            if isinstance(editor, QComboBox):
                editor.currentIndexChanged.connect(lambda _at: self._word())
            elif isinstance(editor, QPlainTextEdit):
                editor.textChanged.connect(self._word)
            elif isinstance(editor, QLineEdit):
                editor.textChanged.connect(lambda _text: self._word())
            elif isinstance(editor, QSpinBox):
                editor.valueChanged.connect(lambda _value: self._word())

    def _word(self) -> None:
        """Say on the button what it would do with what is chosen now."""
        if self._question.verb_of is not None:
            words = self._question.verb_of(self.values)
            self._verb.setText(words)
            self._verb.setAccessibleName(words)
        if self._question.preview_of is not None:
            self._preview.say(self._question.preview_of(self.values))

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, each in enumerate(self._question.fields):
            editor = _editor(each)
            self._editors[each.key] = editor
            label = Text(each.label, quiet=True)
            label.setBuddy(editor)
            grid.addWidget(label, row, 0)
            grid.addWidget(editor, row, 1)
        return grid

    def _offers(self) -> list[QPushButton]:
        """Offer what people answer most: one click each, or its number."""
        made = []
        for number, (value, words) in enumerate(self._question.suggestions, 1):
            shown = f"{number}  {words}" if self._question.numbered else words
            made.append(
                button(shown, partial(self._take, value), kind="link", name=f"Fill in: {words}")
            )
        return made

    def _take(self, value: str) -> None:
        self.set_value(self._question.suggests, value)
        self._editors[self._question.suggests].setFocus()

    def start(self) -> None:
        """Put the cursor where something has to be entered, or else where something may be."""
        fields = self._question.fields
        needed = [each.key for each in fields if each.is_needed and not each.value]
        typed = [
            key
            for key, editor in self._editors.items()
            if not isinstance(editor, QComboBox | WeekDays)
        ]
        for key in [*needed, *typed, *self._editors][:1]:
            editor = self._editors[key]
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(editor, QLineEdit):
                editor.end(False)

    @property
    def values(self) -> Values:
        """What has been entered."""
        return {key: _value(editor) for key, editor in self._editors.items()}

    def set_value(self, key: str, value: object) -> None:
        """Fill in a field."""
        editor = self._editors[key]
        if isinstance(editor, QLineEdit):
            editor.setText(str(value))
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(value))
        elif isinstance(editor, QSpinBox):
            editor.setValue(int(str(value)))
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(str(value))
        elif isinstance(editor, WeekDays):
            editor.signs = str(value)

    def _spell_out(self) -> None:
        """Put a suggestion where only its number was typed."""
        asked = self._question
        editor = self._editors.get(asked.suggests)
        if not asked.numbered or not isinstance(editor, QLineEdit):
            return
        typed = editor.text().strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(asked.suggestions):
            editor.setText(asked.suggestions[int(typed) - 1][0])

    def submit(self) -> None:
        """Hand the answer over, unless something needed is missing."""
        self._spell_out()
        values = self.values
        for each in self._question.fields:
            if each.is_needed and not str(values[each.key]).strip():
                self.complain(self._missing(each))
                self._editors[each.key].setFocus()
                return
        self._verb.setEnabled(False)
        self._question.answer(values)

    def _missing(self, asked: Field) -> str:
        """Say that a field is empty, and the shortest way to fill it."""
        words = f"“{asked.label}” is needed."
        offers = len(self._question.suggestions)
        if asked.key != self._question.suggests or not self._question.numbered or offers < 2:
            return words
        return f"{words} Write it, or press a number from 1 to {offers}."

    def complain(self, words: str) -> None:
        """Say what stands in the way; nothing that was entered is lost."""
        self._problem.say(words)
        self._problem.show()
        self._verb.setEnabled(True)

    def leave(self) -> None:
        """Ask no longer."""
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with Enter, leave with Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)


class _Offers(QWidget):
    """Offers two by two, or below each other where the words are too long for that."""

    def __init__(self, offers: Sequence[QPushButton]) -> None:
        super().__init__()
        self._offers = offers
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(3)
        self._grid.setColumnStretch(2, 1)
        self._columns = 0
        self.setLayout(self._grid)
        self._lay(2)

    def minimumSizeHint(self) -> QSize:
        """Be as narrow as the longest offer."""
        wide = max(each.sizeHint().width() for each in self._offers)
        return QSize(wide, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Use the room that there is: it is another, or the words are."""
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._lay(2 if self._wide() <= self.width() else 1)
        return done

    def _wide(self) -> int:
        widths = [each.sizeHint().width() for each in self._offers]
        return max(widths[0::2]) + max(widths[1::2], default=0) + self._grid.spacing() * 2

    def _lay(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, each in enumerate(self._offers):
            left = Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(each, number // columns, number % columns, left)


def _editor(each: Field) -> QWidget:
    if each.choices:
        made = choice(each.label, each.choices, each.value)
        made.setEditable(each.is_open)
        # As wide as the pane, however long the words are.
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return made
    if each.has_days:
        return WeekDays(each.label, str(each.value))
    if each.has_lines:
        made_of_lines = lines(each.label, placeholder=each.placeholder)
        made_of_lines.setPlainText(str(each.value))
        return made_of_lines
    if isinstance(each.value, int):
        return whole(each.label, each.value, least=each.least)
    typed = line(each.label, text=str(each.value), placeholder=each.placeholder)
    if each.is_secret:
        typed.setEchoMode(QLineEdit.EchoMode.Password)
    return typed


def _value(editor: QWidget) -> object:
    if isinstance(editor, QComboBox):
        return editor.currentText() if editor.isEditable() else editor.currentData()
    if isinstance(editor, QSpinBox):
        return editor.value()
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    if isinstance(editor, WeekDays):
        return editor.signs
    return editor.text() if isinstance(editor, QLineEdit) else None
