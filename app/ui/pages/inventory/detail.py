"""One SKU: how on hand becomes what channels are told, and which movements are behind a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.queries.inventory import InventoryRow, LevelRow
from app.queries.stock_history import BUCKETS, MovementRow
from app.ui.pages.inventory import sections
from app.ui.pages.inventory.master import MasterActions
from app.ui.pages.inventory.stockroom import StockroomActions
from app.ui.pages.inventory.story import SHOWN_MOVEMENTS, Story
from app.ui.pages.inventory.waterfall import waterfall
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, choice, down
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Elided, Text
from app.ui.words import clock, day, exact, number, signed, visible

# Which part of the pane a step of the waterfall opens, and the units that are shown there.
_HERE = {"movements": "moves", "incoming": "moves", "places": "places"}
_UNITS = {"incoming": "incoming", "places": ""}


class SkuPane(DetailPane):
    """Shows one SKU."""

    def __init__(
        self, actions: StockroomActions, master: MasterActions,
        open_order: Callable[[int], object], open_sku: Callable[[str], object],
    ) -> None:  # fmt: skip
        super().__init__("SKU")
        self._actions, self._master = actions, master
        self._open_order, self._open_sku = open_order, open_sku
        self._shown: str | None = None
        self.place: str | None = None
        self.bucket: str | None = None
        self.account: int | None = None
        self._aim = ""
        self._parts: Mapping[str, QWidget] = {}

    def show_nothing(self) -> None:
        """Say what this pane is for."""
        self._shown = None
        self.close_question()
        self.fill([], [Text("Select a SKU to see where it lies and what moved it.", quiet=True,
                            wraps=True)])  # fmt: skip

    def show_sku(self, row: InventoryRow, story: Story, now: datetime) -> None:
        """Show one SKU; the story's movements are those of the chosen place and bucket."""
        is_same = row.code == self._shown
        if not is_same:
            self.close_question()
        self._shown = row.code
        back = button("Look back in time…", self._actions.look_back, kind="link", hint="T")
        told = waterfall(story.promises, self.account, self.choose_account, self._open)
        parts = self._stock(row, story, now)
        parts["told"] = _titled("What channels are told", told, across(back, None))
        parts |= self._master_of(row, story, now)
        if not row.is_kit:
            moves = self._moves(story.moves, now)
            parts["moves"] = _titled("What moved it", self._filters(row.levels), moves)
        self.fill(self._head_of(row), list(parts.values()), keeps_place=is_same)
        self._parts = parts
        if self._aim:
            QTimer.singleShot(0, self, self._scroll_there)

    def _stock(self, row: InventoryRow, story: Story, now: datetime) -> dict[str, QWidget]:
        """Return where it lies, what is on its way, and what is counted or set aside."""
        actions, parts = self._actions, dict[str, QWidget]()
        if story.counts:
            parts["counts"] = _titled("Being counted", sections.counting(story.counts, actions))
        if row.levels:
            parts["places"] = _titled("Where it lies", self._levels(row.levels))
        if any(level.unavailable for level in row.levels):
            parts["aside"] = _titled("Not for sale", sections.aside(row.levels, actions))
        if story.deliveries:
            coming = sections.on_its_way(row.code, story.deliveries, actions, now)
            parts["coming"] = _titled("On its way", coming)
        return parts

    def _master_of(self, row: InventoryRow, story: Story, now: datetime) -> dict[str, QWidget]:
        """Return what is in it, which kits it is in, what channels call it, and its record."""
        parts: dict[str, QWidget] = {}
        if story.tree:
            parts["kit"] = _titled("What is in it", sections.tree(story.tree, self._open_sku))
        if story.contended:
            parts["wanted"] = _titled("Wanted more than once", sections.contended(story.contended))
        if story.used:
            parts["used"] = _titled("In these kits", sections.used(story.used, self._open_sku))
        if story.aliases:
            called = sections.called(story.aliases, self._master.unlink, now)
            parts["called"] = _titled("What channels call it", called)
        if row.record is not None:
            edit = button("Edit…", self._master.edit, kind="link", name=f"Edit {row.code}")
            parts["record"] = _titled("Record", sections.record(row.record), across(edit, None))
        return parts

    def _scroll_there(self) -> None:
        """Bring what a step opened into sight, once it has its place."""
        if self._aim in self._parts:
            self.scroll_to(self._parts[self._aim])
        self._aim = ""

    def _head_of(self, row: InventoryRow) -> list[QWidget | QLayout]:
        head: list[QWidget | QLayout] = [Text(row.code, step="title", copies=True),
                                         Elided(row.title or "No title yet", quiet=True)]  # fmt: skip
        if row.is_kit:
            head.append(across(button("What is in it…", self._master.set_kit, kind="primary",
                                      hint="What is in it (I)"), None))  # fmt: skip
        else:
            actions = self._actions
            head.append(across(
                button("Receive…", actions.receive, kind="primary", icon_name="receive", hint="Receive (R)"),
                button("Count…", actions.count, hint="Count (C)"),
                button("Adjust…", actions.adjust, hint="Adjust (D)"),
                button("Move…", actions.transfer, hint="Move (M)"),
                None, spacing=6,
            ))  # fmt: skip
        return head

    def choose_account(self, account_id: int) -> None:
        """Show how one account's number comes about."""
        self.account = account_id
        self._actions.refresh()

    def _open(self, kind: str, name: str) -> None:
        """Open what is behind a step: stock here, everything else where it lives."""
        if kind in _HERE:
            self.bucket = _UNITS.get(kind, name) or None
            self._aim = _HERE[kind]
            self._actions.refresh()
        elif self._shown is not None:
            self._actions.open(kind, name, self._shown)

    def _levels(self, levels: Sequence[LevelRow]) -> QWidget:
        """Show each place above its figures: beside them a name has no room on a small screen."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        right = Qt.AlignmentFlag.AlignRight
        titles = ("On hand", "Aside", "Allocated", "Safety", "Free", "Bin")
        for column, title in enumerate(titles):
            grid.addWidget(Text(title, quiet=True, step="small"), 0, column, right)
            grid.setColumnStretch(column, 1)
        for row, level in enumerate(levels):
            grid.addWidget(Elided(level.location), 2 * row + 1, 0, 1, len(titles))
            figures = (level.on_hand, level.unavailable, level.allocated, level.safety_stock,
                       level.free)  # fmt: skip
            for column, units in enumerate(figures):
                tone = Tone.BAD if units < 0 else None
                grid.addWidget(Text(number(units), tone=tone), 2 * row + 2, column, right)
            grid.addWidget(self._bin(level), 2 * row + 2, len(figures), right)
        return boxed(grid)

    def _bin(self, level: LevelRow) -> QWidget:
        ask = partial(self._actions.ask_bin, level.location_code)
        name = f"Bin at {level.location}: {level.bin or 'not known'}"
        return button(visible(level.bin) or "Set…", ask, kind="link", name=name, hint="Bin (B)")

    def _filters(self, levels: Sequence[LevelRow]) -> QLayout:
        places = [(None, "Everywhere"), *((x.location_code, x.location) for x in levels)]
        at = choice("Movements at", places, self.place)
        units = [
            (None, "All units"),
            *((key, words.capitalize()) for key, words in BUCKETS.items()),
        ]
        of = choice("Movements of", units, self.bucket)
        for each in (at, of):
            each.activated.connect(lambda _at: self._choose(at.currentData(), of.currentData()))
        return across(at, of, None)

    def _choose(self, place: str | None, bucket: str | None) -> None:
        self.place, self.bucket = place, bucket
        self._actions.refresh()

    def _moves(self, moves: Sequence[MovementRow], now: datetime) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, move in enumerate(moves[:SHOWN_MOVEMENTS]):
            self._move(grid, row, move, now)
        if not moves:
            grid.addWidget(Text("Nothing has moved here yet.", quiet=True), 0, 0)
        return boxed(grid)

    def _move(self, grid: QGridLayout, row: int, move: MovementRow, now: datetime) -> None:
        top, right = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignRight
        here = move.at.astimezone()
        when = Text(f"{day(here.date(), now)}\n{clock(here)}", quiet=True, step="small")
        grid.addWidget(when.hint(f"{exact(move.at)}\n{move.actor}, {move.source}"), row, 0, top)
        place = f" · {move.location}" if move.location and self.place is None else ""
        words = down(Text(f"{move.cause_words[:1].upper()}{move.cause_words[1:]}{place}", wraps=True),
                     spacing=0)  # fmt: skip
        if move.order_id is not None:
            link = button(f"Order {move.order_number}", partial(self._open_order, move.order_id),
                          kind="link")  # fmt: skip
            words.addLayout(across(link, None))
        elif move.reason:
            words.addWidget(Text(move.reason, quiet=True, wraps=True, step="small"))
        grid.addLayout(words, row, 1)
        tone = Tone.GOOD if move.quantity > 0 else Tone.BAD
        grid.addWidget(Text(signed(move.quantity), step="strong", tone=tone), row, 2, top | right)
        after = Text(f"{move.bucket_words}\n{number(move.balance)}", quiet=True, step="small")
        after.setAlignment(right)
        grid.addWidget(after.hint("What was there after it"), row, 3, top | right)


def _titled(title: str, *parts: QWidget | QLayout) -> QWidget:
    return boxed(down(Text(title, step="strong"), *parts, spacing=6))
