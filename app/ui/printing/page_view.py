"""The pages as they will come out: one at a time, as large as one wants to see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from app.ui.operations import Operations
from app.ui.printing.pdf import image_of
from app.ui.printing.sheet import LETTER, Page, Paper
from app.ui.timers import once
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Text
from app.ui.words import number

ZOOMS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
SOON_MS = 30
EDGE = 28


class PageView(QWidget):
    """Shows one page; PgUp and PgDn turn it, + and − change its size."""

    turned = Signal(int)

    def __init__(self, operations: Operations, what: Callable[[], str]) -> None:
        super().__init__()
        self._operations, self._what = operations, what
        self._pages: list[Page] = []
        self._paper: Paper = LETTER
        self._at, self._zoom = 0, 0  # a zoom of 0 fits the whole page in
        self._image = Text()
        self._image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area = self._scrolled(self._image)
        self._where = Text("", quiet=True)
        self._draw_soon = once(self, SOON_MS, self._draw)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Pages")
        self.setLayout(down(self._area, self._tools(), spacing=6))

    def _scrolled(self, inside: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setObjectName("paper")
        area.setAccessibleName("Page as it will be printed")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        area.setMinimumWidth(260)
        return area

    def _tools(self) -> QWidget:
        def tool(name: str, icon: str, run: Callable[[], object], key: str) -> QWidget:
            return button("", run, kind="quiet", icon_name=icon, name=name, hint=f"{name} ({key})")

        return boxed(across(
            None,
            tool("Page before", "previous", lambda: self.turn(-1), "PgUp"),
            self._where,
            tool("Next page", "next", lambda: self.turn(1), "PgDn"),
            16,
            tool("Smaller", "minus", lambda: self.zoom(-1), "−"),
            button("Fit", self.fit, kind="quiet", hint="Show the whole page (0)"),
            tool("Larger", "plus", lambda: self.zoom(1), "+"),
            None, spacing=4,
        ))  # fmt: skip

    # ---- what is shown --------------------------------------------------------------------------

    @property
    def page(self) -> int:
        """The number of the page that is shown, from 1."""
        return self._at + 1

    @property
    def has_image(self) -> bool:
        """Whether a page has been drawn."""
        return not self._image.pixmap().isNull()

    def clear(self, words: str = "") -> None:
        """Show no page, and say why."""
        self._pages, self._at = [], 0
        self._image.clear()
        self._image.say(words)
        self._say_where()

    def show_pages(self, pages: list[Page], paper: Paper) -> None:
        """Show these pages, if possible the one that was looked at."""
        is_new = pages is not self._pages
        self._pages, self._paper = pages, paper
        self._at = max(0, min(self._at, len(pages) - 1))
        if is_new:
            self._draw_soon.start()
        self._say_where()

    def turn(self, by: int) -> None:
        """Show another page."""
        self.open_page(self._at + by)

    def open_page(self, at: int) -> None:
        """Show the page at a position, from 0."""
        wanted = max(0, min(at, len(self._pages) - 1))
        if wanted != self._at:
            self._at = wanted
            self._draw()
            self._say_where()
            self._area.verticalScrollBar().setValue(0)
            self.turned.emit(wanted)

    def zoom(self, by: int) -> None:
        """Show the page a step larger or smaller."""
        dots = self._dpi()
        steps = [at for at, each in enumerate(ZOOMS) if (each * 96 - dots) * by > 1]
        if steps:
            self._zoom = 1 + (steps[0] if by > 0 else steps[-1])
            self._draw()

    def fit(self) -> None:
        """Show the whole page."""
        self._zoom = 0
        self._draw()

    def _say_where(self) -> None:
        total = len(self._pages)
        words = f"Page {number(self.page)} of {number(total)}" if total else ""
        self._where.say(words)
        self._image.setAccessibleName(f"{words}: {self._what()}" if words else "No page")

    # ---- drawing --------------------------------------------------------------------------------

    def _dpi(self) -> float:
        if self._zoom:
            return ZOOMS[self._zoom - 1] * 96
        room = self._area.viewport().size() - QSize(EDGE, EDGE)
        inches = self._paper.width / 25.4, self._paper.height / 25.4
        return max(24.0, min(room.width() / inches[0], room.height() / inches[1]))

    def _draw(self) -> None:
        """Have the page drawn, away from the window's thread."""
        if not self._pages:
            return
        ratio = self.devicePixelRatioF()
        draw = partial(image_of, self._pages[self._at], self._paper, self._dpi() * ratio)
        self._operations.ask(draw, then=partial(self._drawn, ratio), slot=(self, "page"))

    def _drawn(self, ratio: float, image: QImage) -> None:
        if self._pages:
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(ratio)
            self._image.setPixmap(pixmap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page again."""
        super().resizeEvent(event)
        if not self._zoom:
            self._draw_soon.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages and change their size."""
        acts = {
            Qt.Key.Key_PageDown: lambda: self.turn(1),
            Qt.Key.Key_PageUp: lambda: self.turn(-1),
            Qt.Key.Key_Home: lambda: self.open_page(0),
            Qt.Key.Key_End: lambda: self.open_page(len(self._pages) - 1),
            Qt.Key.Key_Plus: lambda: self.zoom(1),
            Qt.Key.Key_Equal: lambda: self.zoom(1),
            Qt.Key.Key_Minus: lambda: self.zoom(-1),
            Qt.Key.Key_0: self.fit,
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()
