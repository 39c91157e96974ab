"""The pane beside a list: a head, buttons, one question at a time, and the detail that scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.ui.widgets.controls import across, boxed, down, empty_out, scrolling
from app.ui.widgets.form import InlineForm, Question
from app.ui.widgets.text import Text

WIDEST = 980


def section(title: str, *parts: QWidget | QLayout, more: QWidget | None = None) -> QWidget:
    """Return a titled part of a detail, with what is said or offered at the end of its title."""
    head = across(Text(title, step="strong"), None, *([more] if more else []))
    return boxed(down(head, *parts, spacing=5))


class Yielding(QWidget):
    """As narrow as the pane: what is too wide gives way, it is never pushed out of sight."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("body")

    def minimumSizeHint(self) -> QSize:
        """Ask for no width, and for the height of what is in it, unless that follows from the width."""
        inside = self.layout()
        if inside is None or inside.hasHeightForWidth():
            return QSize(0, 0)
        return QSize(0, inside.minimumSize().height())


class Beside(QWidget):
    """A title with what is said of it beside it, or below it where there is no room for both."""

    def __init__(self, title: QWidget, *marks: QWidget) -> None:
        super().__init__()
        self._title, self._marks = title, marks
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._is_below: bool | None = None
        self.setLayout(self._grid)
        self._lay(is_below=False)

    def minimumSizeHint(self) -> QSize:
        """Ask for height only, so that there may be less room than for one line."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room that there is."""
        super().resizeEvent(event)
        parts = (self._title, *self._marks)
        gaps = self._grid.horizontalSpacing() * len(parts)
        self._lay(is_below=sum(each.sizeHint().width() for each in parts) + gaps > self.width())

    def _lay(self, *, is_below: bool) -> None:
        if is_below == self._is_below:
            return
        self._is_below = is_below
        left, last = Qt.AlignmentFlag.AlignLeft, len(self._marks)
        self._grid.addWidget(self._title, 0, 0, 1, last + 2 if is_below else 1, left)
        for at, mark in enumerate(self._marks, 0 if is_below else 1):
            self._grid.addWidget(mark, int(is_below), at, left)
        for column in range(last + 2):
            self._grid.setColumnStretch(column, int(column == (last if is_below else 1)))


class DetailPane(QWidget):
    """Everything about what is selected. Its question stays while the detail behind it is read anew."""

    asked = Signal()
    answered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("detail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._form: InlineForm | None = None
        self._is_alone = False
        self._head = down(spacing=8, margins=(18, 13, 16, 10))
        self._place = down(margins=(16, 0, 14, 0))
        self._body = down(spacing=16, margins=(18, 4, 16, 22))
        inside = Yielding()
        inside.setLayout(down(self._body, None, spacing=0))
        self._area = scrolling(inside, name)
        parts = down(boxed(self._head), boxed(self._place), self._area, spacing=0)
        parts.setStretch(2, 1)
        self.setLayout(parts)

    @property
    def form(self) -> InlineForm | None:
        """The question that is open, if one is."""
        return self._form

    @property
    def is_alone(self) -> bool:
        """Whether the list beside it is put away."""
        return self._is_alone

    @property
    def is_asking(self) -> bool:
        """Whether a question is open."""
        return self._form is not None

    def fill(
        self,
        head: Sequence[QWidget | QLayout],
        body: Sequence[QWidget | QLayout],
        *,
        keeps_place: bool = False,
    ) -> None:
        """Show something else; ``keeps_place`` if it is the same thing, read again."""
        at = self._area.verticalScrollBar().value() if keeps_place else 0
        self.setUpdatesEnabled(False)
        for layout, parts in ((self._head, head), (self._body, body)):
            empty_out(layout)
            for part in parts:
                if isinstance(part, QWidget):
                    layout.addWidget(part)
                else:
                    layout.addLayout(part)
        self.setUpdatesEnabled(True)
        self._area.verticalScrollBar().setValue(at)

    def scroll_to(self, part: QWidget) -> None:
        """Bring a part of the detail into sight."""
        part.ensurePolished()
        self._area.ensureWidgetVisible(part, 0, min(part.height(), self._area.height()) // 2)

    def widen(self, is_alone: bool) -> None:
        """Keep lines readable where the pane has more width than they need."""
        self._is_alone = is_alone
        self._indent()

    def _indent(self) -> None:
        side = max(0, (self.width() - WIDEST) // 2) if self._is_alone else 0
        self.setContentsMargins(side, 0, side, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep it so in every width."""
        super().resizeEvent(event)
        self._indent()

    def ask(self, question: Question) -> InlineForm:
        """Ask something in its place; another question takes the place of an open one."""
        self.close_question()
        form = InlineForm(question)
        form.closed.connect(self.close_question)
        self._form = form
        self._place.addWidget(form)
        self._place.addSpacing(8)
        form.show()
        form.start()
        self.asked.emit()
        return form

    def close_question(self) -> None:
        """Ask no longer, and give the keyboard back."""
        if self._form is None:
            return
        self._form = None
        empty_out(self._place)
        self.answered.emit()
