"""How is one cell of a list painted? Text, a status pill, or a grey bar where the row is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.icons import pixmap
from app.ui.lists.columns import Column, Pill
from app.ui.lists.table import TableModel
from app.ui.theme import tokens
from app.ui.words import visible

GAP = 7
ICON = 13
COMPACT, COMFORTABLE = "compact", "comfortable"
DENSITIES: Final = {COMPACT: 1.7, COMFORTABLE: 2.4}


class CellDelegate(QStyledItemDelegate):
    """Paints every cell of every list; asks the model, never anything behind it."""

    def __init__(self, model: TableModel, view: QWidget) -> None:
        super().__init__(view)
        self._model, self._view = model, view
        self._fonts = _Fonts(view.font())

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return what a cell needs, for "fit the column"."""
        text = str(index.data() or "")
        width = option.fontMetrics.horizontalAdvance(text)
        extra = ICON + GAP if self._model.columns[index.column()].pill else 0
        return QSize(width + extra + 3 * GAP, row_height(option.font, COMPACT))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell: five hundred of them at every step of scrolling, so nothing is made twice."""
        style: Any = option
        rect: QRect = style.rect
        state, number = style.state.value, index.column()
        row = self._model.row(index.row())
        _ground(painter, rect, bool(state & _SELECTED), is_hovered=bool(state & _HOVER))
        if state & _SELECTED and number == 0:
            _stripe(painter, rect, has_focus=self._view.hasFocus())
        if row is None:
            _placeholder(painter, rect)
            return
        if style.font != self._fonts.plain:
            self._fonts = _Fonts(style.font)
        _content(painter, rect, self._fonts, self._model.columns[number], row)


# As plain numbers: taking Qt's flags apart as Python's costs as much as drawing the text.
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_HOVER: Final = QStyle.StateFlag.State_MouseOver.value


class _Fonts:
    """The fonts of a list with what they are called by, which is long in the making."""

    def __init__(self, font: QFont) -> None:
        self.plain = QFont(font)
        self.strong = QFont(font)
        self.strong.setWeight(QFont.Weight.DemiBold)
        self.plain_key, self.strong_key = self.plain.toString(), self.strong.toString()


@lru_cache(maxsize=256)
def _colour_of(name: str, alpha: int = 255) -> QColor:
    made = QColor(name)
    made.setAlpha(alpha)
    return made


@lru_cache(maxsize=4096)
def _fitting(font: str, text: str, room: int) -> str:
    """Return the text, cut with "…" where there is no room."""
    made = QFont()
    made.fromString(font)
    return QFontMetrics(made).elidedText(text, Qt.TextElideMode.ElideRight, room)


def row_height(font: QFont, density: str) -> int:
    """Return the height of a row; of the compact ones at least 40 fit on a full screen.

    By the size of the letters, not by the font's own line height, which fonts with Asian scripts
    make half as tall again.
    """
    return max(20, round(QFontInfo(font).pixelSize() * DENSITIES[density]))


def _ground(painter: QPainter, rect: QRect, is_selected: bool, *, is_hovered: bool) -> None:
    theme = tokens()
    if is_selected:
        painter.fillRect(rect, _colour_of(theme.selection))
    elif is_hovered:
        painter.fillRect(rect, _colour_of(theme.hover))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, _colour_of(theme.border, 140))


def _stripe(painter: QPainter, rect: QRect, *, has_focus: bool) -> None:
    """Mark a selected row at its edge: in colour where the keys go, in grey where they do not."""
    theme = tokens()
    colour = _colour_of(theme.accent if has_focus else theme.border_strong)
    painter.fillRect(rect.left(), rect.top(), 3, rect.height(), colour)


def _placeholder(painter: QPainter, rect: QRect) -> None:
    width = max(16, int(rect.width() * 0.6))
    painter.fillRect(
        rect.left() + GAP, rect.center().y() - 4, width, 8, _colour_of(tokens().skeleton)
    )


def _content(painter: QPainter, rect: QRect, fonts: _Fonts, column: Column, row: Any) -> None:
    pill = column.pill(row) if column.pill else None
    if pill is not None:
        painter.save()
        paint_pill(painter, rect, pill, fonts.plain, fonts.plain_key)
        painter.restore()
        return
    strong = column.is_strong
    painter.setFont(fonts.strong if strong else fonts.plain)
    painter.setPen(_ink(column, row))
    area = rect.adjusted(GAP, 0, -GAP, 0)
    key = fonts.strong_key if strong else fonts.plain_key
    text = _fitting(key, visible(column.text(row)), area.width())
    painter.drawText(area, _RIGHT if column.is_numeric else _LEFT, text)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _ink(column: Column, row: Any) -> QColor:
    tone = column.tone(row) if column.tone else None
    if tone is not None:
        return _colour_of(tokens().ink(tone))
    return _colour_of(tokens().muted if column.is_quiet else tokens().text)


@dataclass(frozen=True, slots=True)
class _PillText:
    """A status as its word is written: the font, how wide and tall that makes it, and the word, cut to fit."""

    font: QFont
    wide: int
    tall: int
    text: str


@lru_cache(maxsize=512)
def _pill_text(font: str, text: str, width: int, height: int) -> _PillText:
    small = QFont()
    small.fromString(font)
    small.setPointSizeF(small.pointSizeF() * 0.92)
    metrics = QFontMetrics(small)
    wide = min(width - 8, metrics.horizontalAdvance(text) + ICON + 17)
    tall = min(height - 3, round(QFontInfo(small).pixelSize() * 1.55))
    fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide - ICON - 12)
    return _PillText(small, wide, tall, fitting)


def paint_pill(painter: QPainter, rect: QRect, pill: Pill, font: QFont, key: str = "") -> None:
    """Paint a status: a soft ground, an icon and the word."""
    theme = tokens()
    said = _pill_text(key or font.toString(), pill.text, rect.width(), rect.height())
    body = QRectF(rect.left() + 4, rect.center().y() - said.tall / 2 + 0.5, said.wide, said.tall)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_colour_of(theme.ground(pill.tone)))
    painter.drawRoundedRect(body, 4, 4)
    ratio = painter.device().devicePixelRatioF()
    image = pixmap(pill.icon, theme.ink(pill.tone), ICON, ratio)
    painter.drawPixmap(int(body.left()) + 5, int(body.center().y() - ICON / 2) + 1, image)
    painter.setFont(said.font)
    painter.setPen(_colour_of(theme.ink(pill.tone)))
    painter.drawText(body.adjusted(ICON + 9, 0, -4, 0), _LEFT, said.text)
