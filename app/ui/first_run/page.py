"""The screen of the first minute: three steps, each of which may be skipped; it can be shown again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.first_run.brand_step import BrandStep
from app.ui.first_run.hours_step import HoursStep
from app.ui.first_run.orders_step import OrdersStep
from app.ui.first_run.places import BRAND, HOURS, ORDERS
from app.ui.first_run.step import Host, Step
from app.ui.pages.settings.section import House, read_house
from app.ui.sidebar import Mark
from app.ui.widgets.controls import across, boxed, button, down, scrolling
from app.ui.widgets.text import Text

WIDEST = 820


class _Room(QWidget):
    """As tall as its words are at the width there is: their height at the least width, which a
    layout takes for the minimum, would make the whole window taller than a small screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("body")

    def minimumSizeHint(self) -> QSize:
        """Ask for nothing; the height comes from the width."""
        return QSize(0, 0)


class FirstRun(QWidget):
    """Shown while the desk is empty, and whenever somebody wants to go through it again."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._host, self._at = host, BRAND
        self.brand, self.hours = BrandStep(host), HoursStep(host)
        self.orders = OrdersStep(
            host, begun=partial(self._lock, True), ended=partial(self._lock, False)
        )
        self.steps: tuple[Step, ...] = (self.brand, self.orders, self.hours)
        self._about = Text(quiet=True, wraps=True)
        self._tabs = [self._tab(at, step) for at, step in enumerate(self.steps)]
        self._back = button("Back", lambda: self.show_step(self._at - 1))
        self._skip = button("Skip", self._go_on, kind="quiet", name="Skip this step")
        self._next = button("Next", self._save, kind="primary")
        self._look = button("Just look around with demo data", self._look_around, kind="link")
        foot = across(self._look, None, self._skip, self._back, self._next)
        head = across(Mark(46), 6, down(
            Text("Welcome to Orderdeck", step="figure"),
            Text("One queue for every channel, one stock for every place that ships.", quiet=True),
            spacing=3), None, spacing=10)  # fmt: skip
        box = boxed(down(head, 10, across(*self._tabs, None, spacing=4), self._about, 4,
                         *self.steps, 8, foot, spacing=12))  # fmt: skip
        box.setMaximumWidth(WIDEST)
        middle = across(None, spacing=0)
        middle.addWidget(box, 6)
        middle.addStretch(1)
        room = _Room()
        room.setLayout(down(middle, None, margins=(40, 70, 40, 30)))
        self.setLayout(down(scrolling(room, "First steps")))

    def _tab(self, at: int, step: Step) -> QPushButton:
        made = button(f"{at + 1}  {step.title}", partial(self.show_step, at), kind="tab",
                      name=f"Step {at + 1}: {step.title}")  # fmt: skip
        made.setCheckable(True)
        return made

    def start(self, at: int = BRAND) -> None:
        """Show what is known, and begin with a step."""
        operations = self._host.operations
        operations.ask(partial(read_house, operations.desk), then=self._fill_in, slot="first run")
        self.show_step(at)

    def carry_on(self) -> None:
        """Go on after files were looked at: if they are in, the step with them is done."""

        def looked(house: House) -> None:
            self._fill_in(house)
            self.show_step(ORDERS if house.is_empty else HOURS)

        operations = self._host.operations
        operations.ask(partial(read_house, operations.desk), then=looked, slot="first run")

    def _fill_in(self, house: House) -> None:
        for step in self.steps:
            step.show_house(house)
        self._look.setEnabled(house.is_empty)
        if self._at == BRAND and not self.brand.name.text():
            self.brand.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_step(self, at: int) -> None:
        """Show one step."""
        self._at = at
        step = self.steps[at]
        for number, tab in enumerate(self._tabs):
            tab.setChecked(number == at)
        self._about.say(step.about)
        for each in self.steps:
            each.setVisible(each is step)
        self._back.setVisible(at > BRAND)
        self._look.setVisible(at == BRAND)
        self._skip.setVisible(at == BRAND)
        # The primary button is what the step is about; on the second that is in its cards.
        words = ("Next", "Later", "Open the desk")[at]
        self._next.setText(words)
        self._next.setAccessibleName(words)
        self._next.setProperty("kind", "" if at == ORDERS else "primary")
        self._next.style().polish(self._next)
        first = self.orders.choose if at == ORDERS else self._next
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def fill_with_demo(self) -> None:
        """Fill the desk with the demo at once."""
        self.show_step(ORDERS)
        self.orders.fill_with_demo()

    def _look_around(self) -> None:
        """Look around first; whatever has been typed is kept for later."""
        self.brand.save(self.fill_with_demo)

    def _save(self) -> None:
        self.steps[self._at].save(self._go_on)

    def _go_on(self) -> None:
        if self._at < HOURS:
            self.start(self._at + 1)
        else:
            self._host.leave_first_run()

    def _lock(self, is_filling: bool) -> None:
        for each in (*self._tabs, self._back, self._skip, self._next, self._look,
                     self.orders.choose, self.orders.demo):  # fmt: skip
            each.setEnabled(not is_filling)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._next.isEnabled():
            self._next.click()
        else:
            super().keyPressEvent(event)
