"""Ctrl+K: every command, page, view, order and SKU, by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.queries.inventory import InventoryRow, inventory_rows
from app.queries.orders import OrderRow, order_rows
from app.ui.commands import Register
from app.ui.icons import colour_of, pixmap
from app.ui.operations import Operations, Problem
from app.ui.overlay import Overlay
from app.ui.palette_entries import Entry, best, of_commands, of_orders, of_skus, of_views
from app.ui.theme import tokens
from app.ui.widgets.controls import down, line, rule
from app.ui.widgets.text import Text
from app.ui.words import visible

if TYPE_CHECKING:  # the window has the palette, and the palette leads through the window
    from app.ui.window_overlays import OverlaidWindow

ENTRY = Qt.ItemDataRole.UserRole + 1
RECENT, KEPT = "palette/recent", 20


class Palette(Overlay):
    """Finds a command and runs it."""

    def __init__(self, places: OverlaidWindow, register: Register, operations: Operations) -> None:
        super().__init__(places, "Commands")
        self._register, self._operations, self._places = register, operations, places
        self._recent = _kept(places.settings().value(RECENT))
        self._offered: list[Entry] = []
        self._orders: list[Entry] = []
        self._skus: list[Entry] = []
        self._field = line("Search commands, views, orders and SKUs",
                           placeholder="Type a command, a view, an order or a SKU …")  # fmt: skip
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
        self._orders, self._skus = [], []
        self._offered = [*of_commands(self._register), *of_views(self._places)]
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
        self._orders, self._skus = [], []
        self._fill()
        if len(text.strip()) >= 2:
            query, ask = text.strip(), self._operations.query
            ask(order_rows, query=query, now=self._operations.now(), limit=6,
                then=self._found_orders, otherwise=_ignored, slot=(self, "orders"))  # fmt: skip
            ask(inventory_rows, query=query, limit=6,
                then=self._found_skus, otherwise=_ignored, slot=(self, "skus"))  # fmt: skip

    def _found_orders(self, rows: Sequence[OrderRow]) -> None:
        self._orders = of_orders(self._places, rows)
        self._fill()

    def _found_skus(self, rows: Sequence[InventoryRow]) -> None:
        self._skus = of_skus(self._places, rows)
        self._fill()

    def _fill(self) -> None:
        found = best(
            self._offered, self._field.text(), recent=self._recent, page=self._register.page
        )
        self._list.clear()
        for entry in [*found, *self._orders, *self._skus]:
            item = QListWidgetItem(visible(entry.title))
            item.setData(ENTRY, entry)
            self._list.addItem(item)
        runs = [n for n, entry in enumerate(self.entries) if not entry.why_not]
        self._list.setCurrentRow(runs[0] if runs else -1)
        if self.isVisible():
            self.resize(self.width(), self._height())

    # ---- running --------------------------------------------------------------------------------

    def _run(self) -> None:
        at = self._list.currentRow()
        if at < 0 or self.entries[at].why_not:
            return
        entry = self.entries[at]
        self.close_overlay()
        if entry.id:
            self._recent = [entry.id, *(key for key in self._recent if key != entry.id)][:KEPT]
            self._places.settings().setValue(RECENT, self._recent)
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


def _kept(value: object) -> list[str]:
    """Return what was used last; a single one is kept as plain text."""
    return (
        [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []
    )


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
