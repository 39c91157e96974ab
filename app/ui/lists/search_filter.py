"""A filter by choosing: what, how, and which value. Adds a term to the search, for those who do not type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QWidget

from app.domain.search import parse
from app.domain.search_completion import quoted
from app.domain.search_errors import SearchError
from app.domain.search_fields import FieldKind, SearchField, Vocabulary
from app.queries.completion import KnownValue, known_values
from app.ui.lists.search_popup import Row, RowDelegate, item_of, take_item
from app.ui.operations import Operations
from app.ui.overlay import Overlay
from app.ui.timers import once
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, button, choice, down, line
from app.ui.widgets.text import Text

_MOST: Final = 60
WIDE: Final = 380
_BETWEEN: Final = ".."
_NOT: Final = "-"
_WAYS: Final[dict[FieldKind, tuple[tuple[str, str], ...]]] = {
    FieldKind.NUMBER: ((">", "is more than"), ("<", "is less than"), (_BETWEEN, "is between"),
                       ("", "is exactly")),
    FieldKind.MONEY: ((">", "is more than"), ("<", "is less than"), (_BETWEEN, "is between"),
                      ("", "is exactly")),
    FieldKind.MOMENT: (("<", "is before"), (">", "is after"), (_BETWEEN, "is between"),
                       ("", "is on")),
    FieldKind.AGE: ((">", "is more than"), ("<", "is less than"), (_BETWEEN, "is between")),
    FieldKind.WORDS: (("", "has"), (_NOT, "does not have")),
}  # fmt: skip
_IS: Final = (("", "is"), (_NOT, "is not"))


class FilterPanel(Overlay):
    """Hangs below the filter button until it is closed; each choice is added at once."""

    def __init__(
        self, page: QWidget, anchor: QWidget, operations: Operations, fields: Vocabulary,
        add: Callable[[str], object], title: str = "Filter",
    ) -> None:  # fmt: skip
        super().__init__(page, title)
        self._anchor, self._operations, self._fields, self._add = anchor, operations, fields, add
        self._known: list[KnownValue] = []
        named = [(each.name, each.says) for each in fields.fields if each.name != "status"]
        self.what = choice("What to filter by", named)
        self.how = choice("How", _IS)
        for box in (self.what, self.how):
            box.view().setAccessibleName(box.accessibleName())
        self.value = line("Value")
        self.upto = line("And")
        self._and = Text("and", quiet=True)
        self._wrong = Text(tone=Tone.BAD, wraps=True)
        self.values = self._list()
        self._asking = once(self, 80, self._ask)
        self.setLayout(self._laid_out())
        self.what.currentIndexChanged.connect(lambda _at: self._chosen())
        self.how.currentIndexChanged.connect(lambda _at: self._show_ends())
        self.value.textChanged.connect(lambda _text: self._narrow())
        for field in (self.value, self.upto):
            field.returnPressed.connect(self.add)

    def _list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName("Values to choose from")
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setItemDelegate(RowDelegate(made))
        made.setMouseTracking(True)
        made.itemClicked.connect(take_item)
        return made

    def _laid_out(self) -> Any:
        head = across(Text(self.accessibleName(), step="heading"), None,
                      button("", self.close_overlay, kind="quiet", icon_name="close",
                             name="Close the filter", hint="Esc"))  # fmt: skip
        ends = across(self.value, self._and, self.upto, spacing=6)
        feet = across(
            None, button(f"Add {self.accessibleName().lower()}", self.add, kind="primary")
        )
        made = down(head, self.what, self.how, ends, spacing=8, margins=(16, 12, 14, 14))
        made.addWidget(self.values, 1000)  # where there are no values, the room below stays empty
        made.addWidget(self._wrong)
        made.addStretch(1)
        made.addLayout(feet)
        return made

    def open(self) -> None:
        """Show it, ready to choose."""
        super().open()
        self._chosen()
        self.what.setFocus()

    def place(self) -> None:
        """Hang below the search."""
        has_list = bool(self.field.choices or self.field.known)
        self.hang_below(self._anchor, WIDE, 430 if has_list else self.sizeHint().height())

    # ---- choosing -------------------------------------------------------------------------------

    @property
    def field(self) -> SearchField:
        """What is filtered by."""
        found = self._fields.find(str(self.what.currentData()))
        assert found is not None
        return found

    def choose(self, field: str) -> None:
        """Filter by a field."""
        self.what.setCurrentIndex(self.what.findData(field))

    def _chosen(self) -> None:
        field = self.field
        self.how.clear()
        for sign, words in _WAYS.get(field.kind, _IS):
            self.how.addItem(words, sign)
        self.value.clear()
        self.upto.clear()
        self.value.setPlaceholderText(_example(field))
        self._known = []
        self._wrong.hide()
        self._narrow()
        self._show_ends()
        self.place()

    def _show_ends(self) -> None:
        is_between = self.how.currentData() == _BETWEEN
        self._and.setVisible(is_between)
        self.upto.setVisible(is_between)

    def _narrow(self) -> None:
        """Show the values that have what was typed in them."""
        field, word = self.field, self.value.text().casefold()
        if field.known is not None:
            self._asking.start()
        pairs = [(each, field.meanings.get(each, "")) for each in field.choices]
        pairs += [(each.value, each.name) for each in self._known]
        self._fill([pair for pair in pairs if word in " ".join(pair).casefold()])

    def _fill(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.values.clear()
        for value, says in pairs:
            self.values.addItem(item_of(Row(value, says, partial(self._take, quoted(value)))))
        self.values.setVisible(bool(self.field.choices or self.field.known))

    def _ask(self) -> None:
        known = self.field.known
        if known is not None and self.isVisible():
            self._operations.query(
                known_values, known=known, prefix=self.value.text().strip(), limit=_MOST,
                then=self._answered, otherwise=_nothing, slot=(self, "values"),
            )  # fmt: skip

    def _answered(self, values: list[KnownValue]) -> None:
        self._known = values
        self._fill([(each.value, each.name) for each in values])

    # ---- adding ---------------------------------------------------------------------------------

    def add(self) -> None:
        """Add what was chosen and typed."""
        value = self.value.text().strip()
        if self.field.is_range:
            self._take(value)
        elif value:
            has_star = "*" in value and not _has_blank(value)
            self._take(value if has_star else quoted(value))
        else:
            self._refuse("Choose or type a value first.")

    def _take(self, value: str) -> None:
        term = self._term(value)
        try:
            parse(term, self._fields)
        except SearchError as error:
            self._refuse(f"{error.title} {error.advice}")
            return
        self._wrong.hide()
        self._add(term)
        self.value.clear()
        self.upto.clear()

    def _term(self, value: str) -> str:
        sign = str(self.how.currentData())
        if sign == _NOT:
            return f"-{self.field.name}:{value}"
        if sign == _BETWEEN:
            return f"{self.field.name}:{value}..{self.upto.text().strip()}"
        return f"{self.field.name}:{sign}{value}"

    def _refuse(self, words: str) -> None:
        self._wrong.say(words)
        self._wrong.show()
        self.place()


def _example(field: SearchField) -> str:
    value = field.examples[0].partition(":")[2].lstrip("<>=")
    return f"for example {value.split(',')[0].split('..')[0]}"


def _has_blank(text: str) -> bool:
    return any(sign.isspace() for sign in text)


def _nothing(_problem: Any) -> None:
    """A value that cannot be offered can still be typed."""
