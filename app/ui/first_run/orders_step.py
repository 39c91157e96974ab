"""The first orders: one's own files, or a made-up brand to look around in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton

from app.domain.changes import Changes, Touched
from app.ui.first_run.step import Host, Step
from app.ui.operations import Problem
from app.ui.pages.settings.section import House
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, button, down, frame
from app.ui.widgets.text import Text
from app.ui.words import number

DEMO_ORDERS = 600
DEMO_SEED = 7
_MAKING = "Making up a brand, its stock and its orders …"


class OrdersStep(Step):
    """Bring files in, or fill the desk with a demo."""

    title = "Your orders"
    about = "Bring in a file of your own, or look around first. The demo goes again with one click."

    def __init__(
        self, host: Host, *, begun: Callable[[], object], ended: Callable[[], object]
    ) -> None:
        super().__init__(host)
        self._begun, self._ended = begun, ended
        self._says = Text(quiet=True, wraps=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the demo data")
        self._under_way = boxed(down(self._says, self._bar, spacing=8))
        self._under_way.hide()
        self._why = Text("This desk holds orders or products already; only an empty one can be filled.",
                         quiet=True, wraps=True)  # fmt: skip
        self._why.hide()
        self.choose = button("Choose files…", host.choose_files, kind="primary")
        self.demo = button("Fill it with demo data", self.fill_with_demo)
        self._files = _card(
            "import", "Start with your files",
            "Orders, stock or products, as you downloaded them from Amazon, Walmart, Etsy, eBay, Shopify, "
            "WooCommerce or your own store. Drop them anywhere on this window; you see what is in "
            "them before anything is stored.", self.choose,
        )  # fmt: skip
        self._demo = _card(
            "demo", "Look around with demo data",
            "A made-up brand with six channels, three places that ship, and a queue of orders to work "
            "through. Nothing leaves this computer.", self.demo,
        )  # fmt: skip
        cards = across(self._files, self._demo, spacing=16)
        self.setLayout(down(cards, self._why, self._under_way, self._trouble, spacing=12))

    def show_house(self, house: House) -> None:
        """A demo goes only into a desk that is empty."""
        self.demo.setEnabled(house.is_empty)
        self._why.setVisible(not house.is_empty)

    def fill_with_demo(self) -> None:
        """Fill the store with a believable brand, and open the queue."""
        from app.services import demo

        self._begun()
        self._trouble.hide()
        self._under_way.show()
        self._says.say(_MAKING)
        self._bar.setRange(0, 0)
        operations = self.host.operations
        self._shown = operations.activity.begin("Make up a brand to look around in")
        operations.job(
            lambda: demo.fill(
                operations.desk, orders=DEMO_ORDERS, seed=DEMO_SEED, progress=self._progress
            ),
            then=self._filled, otherwise=self._not_filled, shown=self._shown,
        )  # fmt: skip

    def _progress(self, done: int, total: int) -> None:
        """Called on the job's thread; hands over to the window's."""
        self.host.operations.report(lambda: self._show(done, total))

    def _show(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._shown.progress(done, total)
        self._says.say(f"{_MAKING} {number(done)} of {number(total)}")

    def _filled(self, _counts: object) -> None:
        self._free()
        self.host.operations.changed.emit(Changes("Fill in demo data", Touched.ALL))
        self.host.open()

    def _not_filled(self, problem: Problem) -> None:
        self._free()
        if not problem.details:
            self._refused(problem)

    def _free(self) -> None:
        self._under_way.hide()
        self._ended()


def _card(icon_name: str, title: str, words: str, act: QPushButton) -> QFrame:
    card = frame("card")
    card.setLayout(
        down(across(IconLabel(icon_name, Tone.ACCENT, 22), Text(title, step="heading"), None,
                    spacing=10),
             Text(words, quiet=True, wraps=True), None, across(act, None),
             spacing=11, margins=(20, 18, 20, 18))
    )  # fmt: skip
    return card
