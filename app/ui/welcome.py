"""The first minute: look around with demo data, or start with one's own files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from app.ui.operations import Operations, Problem
from app.ui.sidebar import Mark
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, button, down, frame, scrolling
from app.ui.widgets.text import Text
from app.ui.words import number

DEMO_ORDERS = 600
DEMO_SEED = 7


class Host(Protocol):
    """The window, as the first minute sees it."""

    operations: Operations

    def choose_files(self) -> None:
        """Let the person choose files to import."""

    def open(self) -> None:
        """Look into the store again."""

    def go(self, page: str, query: str | None = None) -> None:
        """Show a page."""


class _Room(QWidget):
    """As tall as its words are at the width there is: their height at the least width, which a
    layout takes for the minimum, would make the whole window taller than a small screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("body")

    def minimumSizeHint(self) -> QSize:
        """Ask for nothing; the height comes from the width."""
        return QSize(0, 0)


class Welcome(QWidget):
    """Shown while the desk is empty."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._host = host
        self._says = Text(quiet=True, wraps=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the demo data")
        self._under_way = boxed(down(self._says, self._bar, spacing=8))
        self._under_way.hide()
        self._files = _card(
            "import", "Start with your files",
            "Download the orders from Amazon, Walmart, Etsy, eBay, Shopify, WooCommerce or your own "
            "store and drop the file anywhere on this window. You see what is in it before anything "
            "is stored. A stock and a catalogue file work the same way.",
            "Choose files…", host.choose_files, kind="primary",
        )  # fmt: skip
        self._demo = _card(
            "demo", "Look around with demo data",
            "A small brand with six channels, three places that ship, and a queue of orders to work "
            "through. Nothing leaves this computer.",
            "Fill it with demo data", self.fill_with_demo,
        )  # fmt: skip
        inside = down(
            across(Mark(52), 6, down(
                Text("Welcome to Orderdeck", step="figure"),
                Text("One queue for every channel, one stock for every place that ships.", quiet=True),
                spacing=3), None, spacing=10),
            14, across(self._files, self._demo, spacing=16), self._under_way, spacing=12,
        )  # fmt: skip
        box = boxed(inside)
        box.setMaximumWidth(820)
        middle = across(None, spacing=0)
        middle.addWidget(box, 6)
        middle.addStretch(1)
        room = _Room()
        room.setLayout(down(None, middle, None, None, margins=(40, 40, 40, 40)))
        self.setLayout(down(scrolling(room, "Welcome")))

    def fill_with_demo(self) -> None:
        """Fill the store with a believable brand, and open the queue."""
        from app.services import demo

        self._under_way.show()
        self._says.say("Making up a brand, its stock and its orders …")
        self._bar.setRange(0, 0)
        for card in (self._files, self._demo):
            card.setEnabled(False)
        operations = self._host.operations
        self._shown = operations.activity.begin("Make up a brand to look around in")
        operations.job(
            lambda: demo.fill(
                operations.desk, orders=DEMO_ORDERS, seed=DEMO_SEED, progress=self._progress
            ),
            then=self._filled, otherwise=self._refused, shown=self._shown,
        )  # fmt: skip

    def _progress(self, done: int, total: int) -> None:
        """Called on the job's thread; hands over to the window's."""
        self._host.operations.report(lambda: self._show(done, total))

    def _show(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._shown.progress(done, total)
        self._says.say(
            f"Making up a brand, its stock and its orders … {number(done)} of {number(total)}"
        )

    def _filled(self, _counts: object) -> None:
        self._free()
        self._host.open()

    def _refused(self, problem: Problem) -> None:
        self._free()
        self._host.operations.failed.emit(problem.title, problem.advice)

    def _free(self) -> None:
        self._under_way.hide()
        for card in (self._files, self._demo):
            card.setEnabled(True)


def _card(
    icon_name: str, title: str, words: str, verb: str, run: Callable[[], object], kind: str = ""
) -> QFrame:
    card = frame("card")
    act = button(verb, run, kind=kind)
    card.setLayout(
        down(across(IconLabel(icon_name, Tone.ACCENT, 22), Text(title, step="heading"), None,
                    spacing=10),
             Text(words, quiet=True, wraps=True), None, across(act, None),
             spacing=11, margins=(20, 18, 20, 18))
    )  # fmt: skip
    return card
