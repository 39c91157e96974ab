"""How is one cell of a list painted? Text, a status pill, or a grey bar where the row is on its way."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.icons import pixmap
from app.ui.table import ROW_ROLE, Column, Pill, TableModel
from app.ui.theme import tokens
from app.ui.words import visible

GAP = 7
ICON = 13


class CellDelegate(QStyledItemDelegate):
    """Paints every cell of every list; asks the model, never anything behind it."""

    def __init__(self, model: TableModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return what a cell needs, for "fit the column"."""
        text = str(index.data() or "")
        width = option.fontMetrics.horizontalAdvance(text)
        extra = ICON + GAP if self._model.columns[index.column()].pill else 0
        return QSize(width + extra + 3 * GAP, row_height(option.font))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        cell = _Cell(option)
        row = index.data(ROW_ROLE)
        painter.save()
        _ground(painter, cell, index.column() == 0)
        if row is None:
            _placeholder(painter, cell.rect)
        else:
            _content(painter, cell, self._model.columns[index.column()], row)
        painter.restore()


class _Cell:
    """What a cell looks like apart from its content."""

    def __init__(self, option: Any) -> None:
        self.rect: QRect = option.rect
        self.font: QFont = QFont(option.font)
        self.is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self.is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self.has_focus = bool(option.state & QStyle.StateFlag.State_Active)


def row_height(font: QFont) -> int:
    """Return the height of a dense row: at least 40 of them fit on a full screen.

    By the size of the letters, not by the font's own line height, which fonts with Asian scripts
    make half as tall again.
    """
    return max(20, round(QFontInfo(font).pixelSize() * 1.7))


def _ground(painter: QPainter, cell: _Cell, is_first: bool) -> None:
    theme = tokens()
    if cell.is_selected:
        painter.fillRect(cell.rect, QColor(theme.selection))
    elif cell.is_hovered:
        painter.fillRect(cell.rect, QColor(theme.hover))
    if cell.is_selected and is_first:
        bar = QRect(cell.rect.left(), cell.rect.top(), 3, cell.rect.height())
        painter.fillRect(bar, QColor(theme.accent))
    line = QColor(theme.border)
    line.setAlpha(140)
    painter.setPen(line)
    painter.drawLine(cell.rect.bottomLeft(), cell.rect.bottomRight())


def _placeholder(painter: QPainter, rect: QRect) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens().skeleton))
    width = max(16, int(rect.width() * 0.6))
    painter.drawRoundedRect(rect.left() + GAP, rect.center().y() - 4, width, 8, 4, 4)


def _content(painter: QPainter, cell: _Cell, column: Column, row: Any) -> None:
    pill = column.pill(row) if column.pill else None
    if pill is not None:
        paint_pill(painter, cell.rect, pill, cell.font)
        return
    font = cell.font
    if column.is_strong:
        font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(_colour(column, row))
    area = cell.rect.adjusted(GAP, 0, -GAP, 0)
    text = painter.fontMetrics().elidedText(
        visible(column.text(row)), Qt.TextElideMode.ElideRight, area.width()
    )
    side = Qt.AlignmentFlag.AlignRight if column.is_numeric else Qt.AlignmentFlag.AlignLeft
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, text)


def _colour(column: Column, row: Any) -> QColor:
    tone = column.tone(row) if column.tone else None
    if tone is not None:
        return QColor(tokens().ink(tone))
    return QColor(tokens().muted if column.is_quiet else tokens().text)


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
