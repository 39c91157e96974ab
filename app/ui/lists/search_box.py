"""The search of a page: the line, what hangs below it, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.search import parse
from app.domain.search_completion import (
    Offer,
    Typing,
    completed,
    field_offers,
    known_offer,
    typing_at,
    value_offers,
)
from app.domain.search_errors import SearchError
from app.domain.search_fields import Known, Vocabulary
from app.domain.search_terms import cut
from app.queries.completion import KnownValue, known_values
from app.ui.icons import icon
from app.ui.lists.search_field import SearchField
from app.ui.lists.search_filter import FilterPanel
from app.ui.lists.search_popup import Advice, Row, SearchPopup
from app.ui.lists.search_trail import remembered
from app.ui.operations import Operations
from app.ui.timers import once
from app.ui.widgets.controls import across, button
from app.ui.words import literal_tooltip

TYPING_PAUSE_MS: Final = 140
_WIDEST: Final = 680
_ASKING_PAUSE_MS: Final = 60
# Nobody is told off in the middle of a word.
_ADVICE_PAUSE_MS: Final = 600


@dataclass(frozen=True, slots=True)
class Offered:
    """What the page offers beside the search: its views by (key, title), and how one is shown."""

    views: Callable[[], Sequence[tuple[str, str]]]
    show: Callable[[str], object]


class SearchBox(QWidget):
    """Results as one types; fields and values are offered, errors say what would be right."""

    wanted = Signal(bool)  # search for the text now; whether somebody is still typing
    left = Signal()

    def __init__(
        self, page: QWidget, operations: Operations, fields: Vocabulary, name: str, hint: str,
        offered: Offered, home: QWidget,
    ) -> None:  # fmt: skip
        super().__init__()
        self._operations, self._fields, self._offered = operations, fields, offered
        self.recent: list[str] = []
        self.error: SearchError | None = None
        self._known: tuple[Known | None, list[KnownValue]] = (None, [])
        self.popup = SearchPopup(page)
        self.field = self._line(name, hint)
        self.field.chips.home = home
        self.popup.hang_below(self.field)
        self.panel = FilterPanel(page, self, operations, fields, self.add)
        self.filter = button("", self.panel.open, kind="quiet", icon_name="filter", name="Filter",
                             hint="Filter by choosing instead of typing")  # fmt: skip
        self.typing = once(self, TYPING_PAUSE_MS, self._typed)
        self._asking = once(self, _ASKING_PAUSE_MS, self._ask)
        self._advising = once(self, _ADVICE_PAUSE_MS, self._advise)
        self.setLayout(across(self.field, self.filter, spacing=3))
        self.setMaximumWidth(_WIDEST)
        self._listen()

    def _line(self, name: str, hint: str) -> SearchField:
        field = SearchField(self.popup)
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.setToolTip(literal_tooltip(
            "Press / or Ctrl+F to search, Esc to clear.\nFields and values are offered as you type."
        ))  # fmt: skip
        field.setMinimumWidth(250)
        field.addAction(
            QAction(icon("search"), "", field), QLineEdit.ActionPosition.LeadingPosition
        )
        self._cross = QAction(icon("close"), "Clear the search", field)
        self._cross.setVisible(False)
        self._cross.triggered.connect(field.clear)
        field.addAction(self._cross, QLineEdit.ActionPosition.TrailingPosition)
        return field

    def _listen(self) -> None:
        self.field.textChanged.connect(self._changed)
        self.field.textEdited.connect(lambda _text: self._offer())
        self.field.cursorPositionChanged.connect(lambda _old, _new: self._moved())
        self.field.entered.connect(self._entered)
        self.field.left.connect(self._leave)

    # ---- what changes ---------------------------------------------------------------------------

    def add(self, term: str) -> None:
        """Ask for something more."""
        text = self.field.text().strip()
        self.field.setText(f"{text} {term}".strip())

    def focus(self) -> None:
        """Put the cursor into the search, ready to be replaced."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def remember(self) -> None:
        """Keep what was searched for, if it can be read; it stays on this computer."""
        text = self.field.text().strip()
        if text and self.error is None:
            self.recent = remembered(self.recent, text)

    def forget(self) -> None:
        """Forget the recent searches."""
        self.recent = []
        self._offer()

    def _changed(self, text: str) -> None:
        self._cross.setVisible(bool(text))
        self.error = self._error_of(text)
        self.popup.advise(None)
        self.field.show_terms(cut(text, self._fields), None)
        self.typing.start()
        if self.field.hasFocus():
            self._advising.start()
        else:
            self._advise()

    def _error_of(self, text: str) -> SearchError | None:
        try:
            parse(text, self._fields)
        except SearchError as error:
            return error
        return None

    def _typed(self) -> None:
        """Search, unless a word is still half typed: then the rows stay."""
        if self.error is None or not self.field.hasFocus():
            self.wanted.emit(True)

    def _entered(self, is_in: bool) -> None:
        if is_in:
            if not self.field.text():
                self._offer()
            return
        self.popup.put_away()
        self._advise()
        self._settle()

    def _leave(self) -> None:
        self.popup.put_away()
        self._settle()
        self.left.emit()

    def _settle(self) -> None:
        self.remember()
        if self.typing.isActive() or self.error is not None:
            self.typing.stop()
            self.wanted.emit(False)

    # ---- what is wrong --------------------------------------------------------------------------

    def _advise(self) -> None:
        """Underline what is wrong and say what would be right."""
        error = self.error
        if error is None or self.popup.is_offering or not self.field.text():
            return
        span = (error.at, error.at + error.length)
        self.field.show_terms(cut(self.field.text(), self._fields), span)
        fix = (
            (f"Write “{error.instead}” instead", partial(self._mend, error))
            if error.instead
            else None
        )
        self.popup.advise(Advice(error.title, error.advice, fix))

    def _mend(self, error: SearchError) -> None:
        text = self.field.text()
        self.field.setText(text[: error.at] + error.instead + text[error.at + error.length :])
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is offered ------------------------------------------------------------------------

    def _typing_here(self) -> Typing | None:
        return typing_at(self.field.text(), self.field.cursorPosition(), self._fields)

    def _moved(self) -> None:
        if self.popup.is_offering:
            self._offer()

    def _offer(self) -> None:
        """Offer what could be meant at the cursor."""
        if not self.field.hasFocus():
            self.popup.put_away()
            return
        if not self.field.text():
            self.popup.offer(self._starts())
            return
        here = self._typing_here()
        if here is not None and here.field is not None and here.field.known:
            self._asking.start()
        self._show_offers(here)

    def _show_offers(self, here: Typing | None) -> None:
        if here is None or not (here.prefix or here.field):
            self.popup.put_away()
            return
        offers = field_offers(here, self._fields) if here.field is None else self._values(here)
        is_whole = any(offer.shown.casefold() == here.prefix.casefold() for offer in offers)
        if is_whole and len(offers) == 1:
            offers = []
        rows = [Row(each.shown, each.says, partial(self._take, here, each)) for each in offers]
        is_clear = here.field is not None and bool(here.prefix) and not is_whole
        self.popup.offer(rows, chosen=0 if is_clear else -1)

    def _values(self, here: Typing) -> list[Offer]:
        """Return the field's own words, and what the desk knows that begins so."""
        known, values = self._known
        if here.field is None or here.field.known is not known:
            values = []
        word = here.prefix.casefold()
        found = [
            known_offer(each.value, each.name) for each in values
            if word in each.value.casefold() or word in each.name.casefold()
        ]  # fmt: skip
        return value_offers(here) + found

    def _ask(self) -> None:
        here = self._typing_here()
        if here is None or here.field is None or here.field.known is None:
            return
        self._operations.query(
            known_values, known=here.field.known, prefix=here.prefix,
            then=partial(self._answered, here), otherwise=_nothing, slot=(self.field, "values"),
        )  # fmt: skip

    def _answered(self, asked: Typing, values: list[KnownValue]) -> None:
        self._known = (asked.field.known if asked.field else None, values)
        if self.field.hasFocus() and self._typing_here() == asked:
            self._show_offers(asked)

    def _take(self, here: Typing, offer: Offer) -> None:
        text, cursor = completed(self.field.text(), here, offer)
        self.field.setText(text)
        self.field.setCursorPosition(cursor)
        self._offer()

    def _starts(self) -> list[Row]:
        """Return what one may begin with: recent searches, and the views."""
        rows: list[Row] = []
        if self.recent:
            rows.append(Row("Recent searches"))
            rows += [Row(text, "", partial(self._start, text), "clock") for text in self.recent]
            rows.append(Row("Clear recent searches", "", self.forget, "close"))
        views = self._offered.views()
        if len(views) > 1:
            rows.append(Row("Views"))
            rows += [
                Row(title, "", partial(self._show_view, key), "filter") for key, title in views
            ]
        return rows

    def _start(self, text: str) -> None:
        self.popup.put_away()
        self.field.setText(text)

    def _show_view(self, key: str) -> None:
        self.popup.put_away()
        self._offered.show(key)


def _nothing(_problem: Any) -> None:
    """A value that cannot be offered is no reason for a message."""
