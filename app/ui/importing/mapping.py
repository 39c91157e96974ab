"""Which column of an unknown file is which field of ours? Guessed, with values beside, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from app.domain.importing import Glimpse, Reading, TargetField
from app.ui.currencies import CURRENCIES
from app.ui.widgets.controls import across, boxed, choice, down, empty_out, line, scrolling
from app.ui.widgets.text import Elided, Text
from app.ui.words import visible

KINDS = (("own-orders", "Orders"), ("stock", "Stock levels"), ("catalogue", "Products"))
_NONE = ("", "")
_FIXED = "="


class MappingForm(QWidget):
    """Our fields on the left, the file's columns beside them; what must be filled is marked."""

    changed = Signal()

    def __init__(self, fields_of: Callable[[str], Sequence[TargetField]], name: str) -> None:
        super().__init__()
        self.setObjectName("stretches")
        self._fields_of = fields_of
        self._glimpse = Glimpse((), (), "", 1, ",", "utf-8")
        self._fields: dict[str, QComboBox] = {}
        self._samples: dict[str, Elided] = {}
        self._required: set[str] = set()
        self._name = line("Name of this source", text=name, placeholder="Web shop, 3PL stock …")
        self._name.setMaxLength(80)
        self._name.setMaximumWidth(300)
        self._name.textChanged.connect(lambda _text: self.changed.emit())
        self._kind = choice("What the file holds", KINDS)
        self._kind.activated.connect(lambda _at: self._show_kind())
        self._rows = down()
        head = across(
            down(Text("It holds", quiet=True, step="small"), self._kind, spacing=2),
            down(Text("Call this source", quiet=True, step="small"), self._name, spacing=2), None,
            spacing=14,
        )  # fmt: skip
        body = boxed(self._rows)
        body.setObjectName("body")
        layout = down(head, scrolling(body, "Columns of the file"), spacing=10)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_file(self, glimpse: Glimpse, reading: Reading) -> None:
        """Begin with what is guessed, or with what was said before."""
        self._glimpse = glimpse
        guess = reading if reading.columns else next(iter(glimpse.guesses), Reading())
        self._kind.setCurrentIndex(max(0, self._kind.findData(guess.format)))
        self._fill(guess)

    def _show_kind(self) -> None:
        wanted = self._kind.currentData()
        self._fill(next((x for x in self._glimpse.guesses if x.format == wanted), Reading()))

    def _fill(self, guess: Reading) -> None:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        self._fields, self._samples = {}, {}
        known = self._fields_of(str(self._kind.currentData()))
        self._required = {each.name for each in known if each.is_required}
        for at, heading in enumerate(("Our field", "Column of the file", "Its first values")):
            grid.addWidget(Text(heading, quiet=True, step="small"), 0, at)
        for at, each in enumerate(sorted(known, key=lambda x: not x.is_required), 1):
            self._add(grid, at, each, guess)
        empty_out(self._rows)
        self._rows.addWidget(box)
        self._rows.addStretch(1)
        self.changed.emit()

    def _add(self, grid: QGridLayout, at: int, each: TargetField, guess: Reading) -> None:
        label = Text(f"{each.words} (needed)" if each.is_required else each.words,
                     step="strong" if each.is_required else "body")  # fmt: skip
        columns = [("", "Not in the file"), *((x, visible(x)) for x in self._glimpse.columns if x)]
        if each.name == "currency":
            columns += [(_FIXED + x, f"Always {x}") for x in CURRENCIES]
        chosen = dict(guess.columns).get(each.name)
        fixed = dict(guess.fixed).get(each.name)
        if fixed and fixed not in CURRENCIES:
            columns.append((_FIXED + fixed, f"Always {visible(fixed)}"))
        field = choice(each.words, columns, chosen or (_FIXED + fixed if fixed else ""))
        field.setMinimumWidth(220)
        field.activated.connect(lambda _at, name=each.name: self._say_sample(name))
        sample = Elided("", quiet=True)
        for column, widget in enumerate((label, field, sample)):
            grid.addWidget(widget, at, column, Qt.AlignmentFlag.AlignVCenter)
        self._fields[each.name], self._samples[each.name] = field, sample
        self._say_sample(each.name, tells=False)

    def _say_sample(self, name: str, *, tells: bool = True) -> None:
        column = self._fields[name].currentData()
        values: list[str] = []
        if column in self._glimpse.columns:
            at = self._glimpse.columns.index(column)
            values = [row[at] for row in self._glimpse.samples if row[at].strip()]
        self._samples[name].say("  ·  ".join(values[:3]))
        if tells:
            self.changed.emit()

    # ---- what is said ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the source is to be called."""
        return " ".join(self._name.text().split())

    @property
    def missing(self) -> str:
        """Say what is still needed; nothing when all is there."""
        words = [
            field.accessibleName() for name, field in self._fields.items()
            if name in self._required and not field.currentData()
        ]  # fmt: skip
        if words:
            return f"Still needed: {', '.join(words)}."
        return "" if self.name else "Still needed: a name for this source."

    def reading(self, reading: Reading) -> Reading:
        """Return how the file is to be read, by these columns."""
        said = {name: str(field.currentData() or "") for name, field in self._fields.items()}
        columns = {k: v for k, v in said.items() if v and not v.startswith(_FIXED)}
        fixed = {k: v[1:] for k, v in said.items() if v.startswith(_FIXED)}
        guess = next(
            (x for x in self._glimpse.guesses if x.format == self._kind.currentData()), Reading()
        )
        return replace(
            reading, format=str(self._kind.currentData()), columns=tuple(sorted(columns.items())),
            fixed=tuple(sorted(fixed.items())), dates=reading.dates or guess.dates,
        )  # fmt: skip

    def field(self, words: str) -> QComboBox:
        """Return the control for a field of ours."""
        return next(x for x in self._fields.values() if x.accessibleName() == words)

    def set_name(self, name: str) -> None:
        """Call the source by a name."""
        self._name.setText(name)
