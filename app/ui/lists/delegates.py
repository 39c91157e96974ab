"""How is one cell of a list painted? Text, a status pill, or a grey bar where the row is on its way."""

from __future__ import annotations

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
        is_selected = bool(style.state & QStyle.StateFlag.State_Selected)
        row = self._model.row(index.row())
        _ground(painter, rect, is_selected, is_hovered=bool(style.state & _HOVER))
        if is_selected and index.column() == 0:
            _stripe(painter, rect, has_focus=self._view.hasFocus())
        if row is None:
            _placeholder(painter, rect)
        else:
            _content(painter, rect, style.font, self._model.columns[index.column()], row)


_HOVER = QStyle.StateFlag.State_MouseOver


@lru_cache(maxsize=256)
def _colour_of(name: str, alpha: int = 255) -> QColor:
    made = QColor(name)
    made.setAlpha(alpha)
    return made


@lru_cache(maxsize=16)
def _strong(font: str) -> QFont:
    made = QFont()
    made.fromString(font)
    made.setWeight(QFont.Weight.DemiBold)
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


def _content(painter: QPainter, rect: QRect, font: QFont, column: Column, row: Any) -> None:
    pill = column.pill(row) if column.pill else None
    if pill is not None:
        painter.save()
        paint_pill(painter, rect, pill, font)
        painter.restore()
        return
    used = _strong(font.toString()) if column.is_strong else font
    painter.setFont(used)
    painter.setPen(_ink(column, row))
    area = rect.adjusted(GAP, 0, -GAP, 0)
    text = _fitting(used.toString(), visible(column.text(row)), area.width())
    painter.drawText(area, _RIGHT if column.is_numeric else _LEFT, text)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _ink(column: Column, row: Any) -> QColor:
    tone = column.tone(row) if column.tone else None
    if tone is not None:
        return _colour_of(tokens().ink(tone))
    return _colour_of(tokens().muted if column.is_quiet else tokens().text)


def paint_pill(painter: QPainter, rect: QRect, pill: Pill, font: QFont) -> None:
    """Paint a status: a soft ground, an icon and the word."""
    theme = tokens()
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.92)
    painter.setFont(small)
    metrics = painter.fontMetrics()
    wide = min(rect.width() - 8, metrics.horizontalAdvance(pill.text) + ICON + 17)
    tall = min(rect.height() - 3, round(QFontInfo(small).pixelSize() * 1.55))
    body = QRectF(rect.left() + 4, rect.center().y() - tall / 2 + 0.5, wide, tall)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.ground(pill.tone)))
    painter.drawRoundedRect(body, 4, 4)
    ratio = painter.device().devicePixelRatioF()
    image = pixmap(pill.icon, theme.ink(pill.tone), ICON, ratio)
    painter.drawPixmap(int(body.left()) + 5, int(body.center().y() - ICON / 2) + 1, image)
    painter.setPen(QColor(theme.ink(pill.tone)))
    area = body.adjusted(ICON + 9, 0, -4, 0)
    text = metrics.elidedText(pill.text, Qt.TextElideMode.ElideRight, int(area.width()) + 1)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
