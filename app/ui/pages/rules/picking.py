"""What shall be done? Chosen from a list in plain words, for whoever does not write the rules' language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QLayout, QListWidget, QWidget

from app.domain.rulebook.actions import NEEDS, VERBS, Takes, Verb, action
from app.errors import RefusedError
from app.ui.lists.search_popup import Row, RowDelegate, item_of, take_item
from app.ui.overlay import Overlay
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, button, choice, down, line
from app.ui.widgets.text import Text

WIDE: Final = 420
_WITH_PLACES: Final = (Takes.TIERS, Takes.PLACES)


class DeedPanel(Overlay):
    """Hangs below its button; what is chosen is added to the rule as one line."""

    def __init__(self, page: QWidget, anchor: QWidget, add: Callable[[str], object]) -> None:
        super().__init__(page, "What is done")
        self._anchor, self._add = anchor, add
        self._places: Mapping[str, str] = {}
        self.what = choice("What to do", [(verb, VERBS[verb].says) for verb in Verb])
        self.value = line("With what")
        self.values = self._list()
        self._wrong = Text(tone=Tone.BAD, wraps=True)
        self.setLayout(self._laid_out())
        self.what.currentIndexChanged.connect(lambda _at: self._chosen())
        self.value.returnPressed.connect(self.add)

    def _list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName("What to choose from")
        made.setItemDelegate(RowDelegate(made))
        made.setMouseTracking(True)
        made.itemClicked.connect(take_item)
        return made

    def _laid_out(self) -> QLayout:
        head = across(Text("What is done", step="heading"), None,
                      button("", self.close_overlay, kind="quiet", icon_name="close",
                             name="Close what is done", hint="Esc"))  # fmt: skip
        made = down(head, self.what, self.value, spacing=8, margins=(16, 12, 14, 14))
        made.addWidget(self.values, 1000)
        made.addWidget(self._wrong)
        made.addStretch(1)
        made.addLayout(across(None, button("Add it", self.add, kind="primary")))
        return made

    def offer_places(self, places: Mapping[str, str]) -> None:
        """Take the locations to choose from, code and name."""
        self._places = places

    def open(self) -> None:
        """Show it, ready to choose."""
        super().open()
        self._chosen()
        self.what.setFocus()

    def place(self) -> None:
        """Hang below its button."""
        wished = 380 if self._offered() else self.sizeHint().height()
        self.hang_below(self._anchor, WIDE, wished)

    @property
    def verb(self) -> Verb:
        """What is chosen."""
        return Verb(self.what.currentData())

    def _offered(self) -> Sequence[tuple[str, str]]:
        takes = VERBS[self.verb].takes
        if takes in _WITH_PLACES:
            return tuple(self._places.items())
        return tuple((need, "") for need in NEEDS) if self.verb is Verb.NEED else ()

    def _chosen(self) -> None:
        help_ = VERBS[self.verb]
        self.value.clear()
        self.value.setVisible(help_.takes is not Takes.NOTHING)
        self.value.setPlaceholderText(f"for example {help_.example.partition(' ')[2]}")
        self.values.clear()
        for value, name in self._offered():
            self.values.addItem(item_of(Row(value, name, partial(self._append, value))))
        self.values.setVisible(bool(self._offered()))
        self._wrong.hide()
        self.place()

    def _append(self, value: str) -> None:
        """Put one more behind what is chosen already: of locations to ship from, the next best."""
        said = self.value.text().strip()
        between = ", else " if VERBS[self.verb].takes is Takes.TIERS else " "
        self.value.setText(f"{said}{between}{value}" if said else value)

    def add(self) -> None:
        """Add it to the rule."""
        try:
            made = action(self.verb.value, self.value.text())
        except RefusedError as error:
            self._refuse(f"{error.title} {error.advice}")
            return
        if made.is_blank:
            self._refuse("Choose or type what it is to be.")
            return
        self._add(made.line)
        self.close_overlay()

    def _refuse(self, words: str) -> None:
        self._wrong.say(words)
        self._wrong.show()
        self.place()
