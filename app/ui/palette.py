"""Ctrl+K: every command, page and order, by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.queries.orders import OrderRow, order_rows
from app.ui import statuses
from app.ui.commands import Register
from app.ui.icons import colour_of, pixmap
from app.ui.operations import Operations, Problem
from app.ui.overlay import Overlay
from app.ui.theme import tokens
from app.ui.widgets.controls import down, line, rule
from app.ui.widgets.text import Text
from app.ui.words import money, visible

ENTRY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the palette offers. ``why_not`` says why it cannot be done now."""

    title: str
    run: Callable[[], object]
    group: str
    key: str = ""
    icon: str = ""
    why_not: str = ""


def matches(title: str, words: Sequence[str]) -> bool:
    """Say whether every typed word begins a word of the title, in any order."""
    parts = title.casefold().replace("…", "").split()
    return all(any(part.startswith(word) for part in parts) for word in words)


class Palette(Overlay):
    """Finds a command and runs it."""

    def __init__(
        self,
        parent: QWidget,
        register: Register,
        operations: Operations,
        open_order: Callable[[int], object],
    ) -> None:
        super().__init__(parent, "Commands")
        self._register, self._operations, self._open_order = register, operations, open_order
        self._recent: list[str] = []
        self._orders: list[Entry] = []
        self._field = line("Search commands, pages and orders",
                           placeholder="Type a command, a page or an order …")  # fmt: skip
        self._field.setFrame(False)
        self._field.textChanged.connect(self._typed)
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName("What was found")
        self._list.setItemDelegate(_EntryDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(lambda _item: self._run())
        self._hint = Text("↑ ↓ choose   Enter run   Esc close", quiet=True, step="small")
        self.setLayout(
            down(self._field, rule(), self._list, self._hint, spacing=7, margins=(12, 11, 12, 9))
        )

    # ---- showing --------------------------------------------------------------------------------

    def open(self) -> None:
        """Show it, empty and ready to type."""
        self._field.clear()
        self._orders = []
        super().open()
        self._fill()
        self._field.setFocus()

    def place(self) -> None:
        """Stand in the upper middle."""
        room = self.room()
        wide = min(620, room.width() - 60)
        self.setGeometry((room.width() - wide) // 2, max(20, room.height() // 9), wide,
                         self._height())  # fmt: skip

    def _height(self) -> int:
        """Return room for what was found, but no more than for a dozen rows."""
        rows = max(1, min(12, self._list.count()))
        return min(rows * (self.fontMetrics().height() + 14) + 98, self.room().height() - 60)

    @property
    def entries(self) -> list[Entry]:
        """What is offered now, best first."""
        return [self._list.item(n).data(ENTRY) for n in range(self._list.count())]

    def type_text(self, text: str) -> None:
        """Fill in what to look for."""
        self._field.setText(text)

    def _typed(self, text: str) -> None:
        self._orders = []
        self._fill()
        if len(text.strip()) >= 2:
            self._operations.query(
                order_rows, query=text.strip(), now=self._operations.now(), limit=6,
                then=self._found, otherwise=_ignored, slot=(self, "orders"),
            )  # fmt: skip

    def _found(self, rows: Sequence[OrderRow]) -> None:
        self._orders = [
            Entry(
                f"{row.number}  {row.buyer_name}  {money(row.total, row.currency)}",
                lambda row=row: self._open_order(row.id),  # type: ignore[misc]
                statuses.step(row.step).text, icon="orders",
            )
            for row in rows
        ]  # fmt: skip
        self._fill()

    def _fill(self) -> None:
        words = self._field.text().casefold().split()
        found = [entry for entry in self._commands() if matches(entry.title, words)]
        self._list.clear()
        for entry in [*found, *self._orders]:
            item = QListWidgetItem(visible(entry.title))
            item.setData(ENTRY, entry)
            self._list.addItem(item)
        runs = [n for n, entry in enumerate(self.entries) if not entry.why_not]
        self._list.setCurrentRow(runs[0] if runs else -1)
        if self.isVisible():
            self.resize(self.width(), self._height())

    def _commands(self) -> list[Entry]:
        """Return the commands: what was used last first, what cannot be done now last."""
        entries = [
            (command.id, Entry(
                command.title.rstrip("…"), lambda key=command.id: self._use(key),  # type: ignore[misc]
                command.menu, command.key_text, command.icon, self._register.why_not(command),
            ))
            for command in self._register.all()
            if command.id != "app.open_palette"
        ]  # fmt: skip
        used = {key: at for at, key in enumerate(self._recent)}
        here = f"{self._register.page}."

        def rank(pair: tuple[str, Entry]) -> tuple[bool, int, bool]:
            """What can be done, what was used last, what belongs to this page."""
            key, entry = pair
            return bool(entry.why_not), used.get(key, len(used)), not key.startswith(here)

        return [entry for _key, entry in sorted(entries, key=rank)]

    # ---- running --------------------------------------------------------------------------------

    def _use(self, command_id: str) -> None:
        self._recent = [command_id, *(key for key in self._recent if key != command_id)][:20]
        self._register.run(command_id)

    def _run(self) -> None:
        at = self._list.currentRow()
        if at < 0 or self.entries[at].why_not:
            return
        entry = self.entries[at]
        self.close_overlay()
        entry.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the field's arrows and Enter act on the list."""
        if watched is self._field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                return self._key(event)
            return False
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: 8,
            Qt.Key.Key_PageUp: -8,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            row = self._list.currentRow() + step
            self._list.setCurrentRow(max(0, min(self._list.count() - 1, row)))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
            return True
        return False


def _ignored(_problem: Problem) -> None:
    """A half-typed search is no reason for a message."""


class _EntryDelegate(QStyledItemDelegate):
    """Paints one entry: icon, title, why not, key."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return a comfortable row."""
        metrics = option.fontMetrics
        return QSize(100, metrics.height() + 14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        """Paint the entry."""
        entry: Entry = index.data(ENTRY)
        box: QRect = option.rect
        theme = tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selection))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
        if entry.icon:
            image = pixmap(entry.icon, colour_of(""), 16, painter.device().devicePixelRatioF())
            painter.drawPixmap(box.left() + 9, box.center().y() - 7, image)
        area = box.adjusted(34, 0, -10, 0)
        right = entry.key or entry.group
        painter.setPen(QColor(theme.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        area.setRight(area.right() - painter.fontMetrics().horizontalAdvance(right) - 14)
        painter.setPen(QColor(theme.muted if entry.why_not else theme.text))
        words = f"{entry.title} · {entry.why_not}" if entry.why_not else visible(entry.title)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()
