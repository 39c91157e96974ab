"""What hangs below the search: what could be meant, or what is wrong and would be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.icons import colour_of, pixmap
from app.ui.theme import tokens
from app.ui.timers import once
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Text
from app.ui.words import visible

_ROW = Qt.ItemDataRole.UserRole + 1
_MOST_SHOWN: Final = 12
_WIDTH: Final = 440


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is offered; without ``take`` it is a heading over the next."""

    title: str
    says: str = ""
    take: Callable[[], object] | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong with the text, and what would be right, if that can be said."""

    title: str
    more: str
    fix: tuple[str, Callable[[], object]] | None = None


class SearchPopup(QFrame):
    """Floats over the page below the search; never takes the focus from it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setObjectName("overlay")
        self.setAccessibleName("Suggestions for the search")
        self._under: QWidget | None = None
        self._title = Text(step="strong", wraps=True, tone=Tone.BAD)
        self._more = Text(wraps=True)
        self._fix = button("", self._mend, kind="link")
        self._fix.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._advice: Advice | None = None
        self._wrong = boxed(
            across(down(2, IconLabel("exceptions", Tone.BAD), None), down(self._title, self._more,
                   across(self._fix, None), spacing=3), spacing=9, margins=(8, 5, 8, 4))
        )  # fmt: skip
        self.list = QListWidget()
        self.list.setAccessibleName("What could be meant")
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(self._clicked)
        self._hint = Text("↑ ↓ choose   Enter or Tab take   Esc close", quiet=True, step="small")
        self._hint.setContentsMargins(8, 2, 8, 2)
        self.setLayout(
            down(self._wrong, self.list, self._hint, spacing=2, margins=(5, 6, 5, 5))
        )  # fmt: skip
        self._follow = once(self, 0, self.place)  # when the layout has moved the search
        page.installEventFilter(self)
        self.hide()

    # ---- showing --------------------------------------------------------------------------------

    def offer(self, rows: Sequence[Row], *, chosen: int = -1) -> None:
        """Offer these; with none of them the list goes away."""
        self.list.clear()
        for row in rows:
            self.list.addItem(item_of(row))
        self.list.setCurrentRow(chosen if chosen < len(rows) else -1)
        self._show()

    def advise(self, advice: Advice | None) -> None:
        """Say what is wrong, or nothing."""
        self._advice = advice
        if advice is not None:
            self._title.say(advice.title)
            self._more.say(advice.more)
            self._fix.setVisible(advice.fix is not None)
            if advice.fix is not None:
                self._fix.setText(advice.fix[0])
                self._fix.setAccessibleName(advice.fix[0])
        self._show()

    def put_away(self) -> None:
        """Offer nothing any more."""
        self.offer([])

    def hang_below(self, widget: QWidget) -> None:
        """Hang below a widget, and leave the focus there when something is clicked here."""
        self._under = widget
        self.setFocusProxy(widget)

    def _show(self) -> None:
        self._wrong.setVisible(self._advice is not None)
        self.list.setVisible(self.is_offering)
        self._hint.setVisible(self.is_offering)
        if self._advice is None and not self.is_offering:
            self.hide()
            return
        self.place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the page."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._follow.start()
        return False

    def place(self) -> None:
        """Stand below the search, within the page."""
        page = self.parentWidget()
        if self._under is None or page is None:
            return
        wide = min(max(_WIDTH, self._under.width()), page.width() - 16)
        at = self._under.mapTo(page, QPoint(0, self._under.height() + 4))
        left = max(8, min(at.x(), page.width() - wide - 8))
        if self.is_offering:
            self.list.setFixedHeight(self._list_height())
        self.setFixedWidth(wide)
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        tall = layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else -1
        tall = max(tall, 0) or self.sizeHint().height()
        self.setGeometry(QRect(left, at.y(), wide, min(tall, page.height() - at.y() - 8)))

    def _list_height(self) -> int:
        high = self.fontMetrics().height() + 11
        return high * min(_MOST_SHOWN, self.list.count()) + 2

    # ---- choosing -------------------------------------------------------------------------------

    @property
    def is_offering(self) -> bool:
        """Whether there is something to choose."""
        return self.list.count() > 0

    @property
    def rows(self) -> list[Row]:
        """What is offered."""
        return [self.list.item(at).data(_ROW) for at in range(self.list.count())]

    @property
    def advice(self) -> Advice | None:
        """What is said to be wrong."""
        return self._advice

    def step(self, steps: int) -> None:
        """Go down or up among what can be taken."""
        can = [at for at, row in enumerate(self.rows) if row.take is not None]
        here = self.list.currentRow()
        if here in can:
            to = max(0, min(len(can) - 1, can.index(here) + steps))
        else:
            to = 0 if steps > 0 else len(can) - 1
        self.list.setCurrentRow(can[to])
        self._announce(self.rows[can[to]])

    def _announce(self, row: Row) -> None:
        """Have the row read aloud: the focus stays in the text."""
        if QAccessible.isActive():
            words = f"{row.title}, {row.says}" if row.says else row.title
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.list, words))

    def take(self) -> bool:
        """Take the row that was chosen, if one was."""
        at = self.list.currentRow()
        chosen = self.rows[at] if at >= 0 else None
        if chosen is None or chosen.take is None:
            return False
        chosen.take()
        return True

    @property
    def has_chosen(self) -> bool:
        """Whether a row is marked."""
        return self.list.currentRow() >= 0

    def take_first(self) -> bool:
        """Take the row that was chosen, or the first that can be taken."""
        if not self.is_offering or not self.isVisible():
            return False
        if not self.has_chosen:
            self.step(1)
        return self.take()

    def _clicked(self, item: QListWidgetItem) -> None:
        take_item(item)

    def _mend(self) -> None:
        if self._advice is not None and self._advice.fix is not None:
            self._advice.fix[1]()


def item_of(row: Row) -> QListWidgetItem:
    """Return a row as an entry of a list."""
    item = QListWidgetItem(visible(row.title))
    item.setData(_ROW, row)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.title}, {row.says}".rstrip(", "))
    if row.take is None:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def take_item(item: QListWidgetItem) -> None:
    """Take what an entry of a list offers."""
    row: Row = item.data(_ROW)
    if row.take is not None:
        row.take()


class RowDelegate(QStyledItemDelegate):
    """Paints one row: what it is, and quietly what it means."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return a row that a mouse can hit."""
        return QSize(80, option.fontMetrics.height() + 11)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        """Paint the row."""
        row: Row = index.data(_ROW)
        theme, box = tokens(), QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self._ground(option)
        if ground and row.take is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        area = box.adjusted(9, 0, -9, 0)
        if row.icon:
            ratio = painter.device().devicePixelRatioF()
            image = pixmap(row.icon, colour_of(""), 14, ratio)
            painter.drawPixmap(area.left(), area.center().y() - 6, image)
            area.setLeft(area.left() + 23)
        painter.setPen(QColor(theme.muted if row.take is None else theme.text))
        _text(painter, area, visible(row.title))
        used = painter.fontMetrics().horizontalAdvance(visible(row.title)) + 16
        area.setLeft(max(area.left() + used, box.left() + 150))
        painter.setPen(QColor(theme.muted))
        _text(painter, area, visible(row.says))
        painter.restore()

    def _ground(self, option: QStyleOptionViewItem) -> str:
        if option.state & QStyle.StateFlag.State_Selected:
            return tokens().selection
        return tokens().hover if option.state & QStyle.StateFlag.State_MouseOver else ""


def _text(painter: QPainter, area: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
