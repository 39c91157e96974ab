"""Where do icons come from? From our own SVG lines, drawn in the colours of the theme in use."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.config import resource
from app.ui.theme import tokens
from app.ui.tokens import Tone


def icon(name: str, tone: Tone | str = "") -> QIcon:
    """Return an icon; it takes its colour when it is painted, so a changed theme needs no new one.

    ``tone`` is a tone, ``"on_accent"`` for filled buttons, or empty for the quiet default.
    """
    return QIcon(_LineIcon(name, tone)) if name else QIcon()


def colour_of(tone: Tone | str, mode: QIcon.Mode = QIcon.Mode.Normal) -> str:
    """Return the colour that an icon of this tone is drawn in now."""
    theme = tokens()
    if mode == QIcon.Mode.Disabled:
        return theme.border_strong
    if isinstance(tone, Tone):
        return theme.ink(tone)
    return {"on_accent": theme.on_accent, "text": theme.text}.get(tone, theme.muted)


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return an icon of a size in one colour, sharp at any scale of the screen."""
    return _drawn(name, colour, round(size * ratio), ratio)


@lru_cache(maxsize=1024)
def _drawn(name: str, colour: str, pixels: int, ratio: float) -> QPixmap:
    image = QPixmap(pixels, pixels)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    _renderer(name, colour).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    lines = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(lines.replace("currentColor", colour).encode()))


class _LineIcon(QIconEngine):
    """One of our icons as Qt asks for it."""

    def __init__(self, name: str, tone: Tone | str) -> None:
        super().__init__()
        self._name, self._tone = name, tone

    def clone(self) -> QIconEngine:
        """Return another of the same; Qt asks when an icon is copied."""
        return _LineIcon(self._name, self._tone)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the icon in the middle of a rectangle."""
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        image = pixmap(self._name, colour_of(self._tone, mode), side, ratio)
        left = rect.left() + (rect.width() - side) // 2
        painter.drawPixmap(left, rect.top() + (rect.height() - side) // 2, image)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon as an image."""
        return _drawn(
            self._name, colour_of(self._tone, mode), min(size.width(), size.height()), 1.0
        )
