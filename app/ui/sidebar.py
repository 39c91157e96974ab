"""Where does one go from here? The pages, each with its key and the count of what waits there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.config import resource
from app.ui.commands import Register, with_key
from app.ui.demo_data import demo_note
from app.ui.icons import icon
from app.ui.theme import tokens
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, button, down
from app.ui.widgets.text import Text
from app.ui.words import literal_tooltip, number

WIDTH = 190


class Mark(QWidget):
    """The product's own sign."""

    def __init__(self, size: int = 26) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self._lines = QSvgRenderer(str(resource("icons", "orderdeck.svg")))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it at the size of the widget."""
        painter = QPainter(self)
        self._lines.render(painter, QRectF(self.rect()))
        painter.end()


def mark_pixmap(size: int) -> QPixmap:
    """Return the sign as an image, for the window's icon."""
    image = QPixmap(size, size)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(resource("icons", "orderdeck.svg"))).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


class NavButton(QPushButton):
    """One page: icon, name, and how much waits there."""

    def __init__(self, title: str, icon_name: str, hint: str, go: Callable[[], object]) -> None:
        super().__init__(f"  {title}")
        self.setObjectName("nav")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        self.setToolTip(literal_tooltip(hint))
        self.setIconSize(QSize(17, 17))
        self._title, self._icon, self._count, self._is_urgent = title, icon_name, 0, False
        self.setIcon(icon(icon_name))
        self.setAccessibleName(title)
        self.clicked.connect(lambda _checked=False: go())
        self.toggled.connect(self._recolour)

    def _recolour(self, is_here: bool) -> None:
        self.setIcon(icon(self._icon, Tone.ACCENT if is_here else ""))

    def set_count(self, count: int, *, is_urgent: bool = False) -> None:
        """Show how much waits; nothing is shown for none."""
        self._count, self._is_urgent = count, is_urgent
        self.setAccessibleName(f"{self._title}, {count}" if count else self._title)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add the count at the right."""
        super().paintEvent(event)
        if not self._count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = Tone.BAD if self._is_urgent else Tone.NEUTRAL
        text = number(self._count)
        wide = painter.fontMetrics().horizontalAdvance(text) + 12
        body = QRectF(self.width() - wide - 8, self.height() / 2 - 9, wide, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().ground(tone)))
        painter.drawRoundedRect(body, 9, 9)
        painter.setPen(QColor(tokens().ink(tone)))
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


@dataclass(frozen=True, slots=True)
class Tool:
    """A command that stands below the pages."""

    command_id: str
    title: str
    icon: str
    hint: str


class Sidebar(QFrame):
    """The rail of pages."""

    def __init__(
        self,
        pages: Sequence[tuple[str, str, str]],
        go: Callable[[str], object],
        tools: Sequence[Tool],
        register: Register,
        remove_demo: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setFixedWidth(WIDTH)
        self._register = register
        self._hints: list[tuple[QPushButton, str, str]] = []
        self._buttons: dict[str, NavButton] = {}
        for key, title, icon_name in pages:
            self._buttons[key] = NavButton(title, icon_name, title, partial(go, key))
            self._hints.append((self._buttons[key], f"go.open_{key}", title))
        below = [self._tool(tool) for tool in tools]
        self._demo = demo_note(remove_demo)
        self.setLayout(
            down(
                across(Mark(), Text("Orderdeck", step="heading"), None, spacing=9,
                       margins=(6, 2, 6, 8)),
                *self._buttons.values(), None, self._demo, 6, *below,
                spacing=2, margins=(9, 11, 9, 9),
            )
        )  # fmt: skip
        register.keys_changed.connect(self._say_keys)

    def _tool(self, tool: Tool) -> QPushButton:
        made = button(f"  {tool.title}", partial(self._register.run, tool.command_id),
                      kind="quiet", icon_name=tool.icon, hint=tool.hint, name=tool.title)  # fmt: skip
        made.setStyleSheet("text-align: left;")
        self._hints.append((made, tool.command_id, tool.hint))
        return made

    def _say_keys(self) -> None:
        """Name the keys as they are now."""
        for each, command_id, hint in self._hints:
            keys = ", or ".join(self._register.get(command_id).key_texts)
            each.setToolTip(literal_tooltip(with_key(hint, keys)))

    def show_page(self, page: str) -> None:
        """Mark where one is."""
        for key, each in self._buttons.items():
            each.setChecked(key == page)

    def show_demo(self, *, is_there: bool) -> None:
        """Say that this is a demo, with the way out of it."""
        self._demo.setVisible(is_there)

    def set_count(self, page: str, count: int, *, is_urgent: bool = False) -> None:
        """Show how much waits on a page."""
        self._buttons[page].set_count(count, is_urgent=is_urgent)
