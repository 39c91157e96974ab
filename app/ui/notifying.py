"""Who tells a person while nobody looks at the window? The system's tray, or a banner; never a dialog."""

from __future__ import annotations

from datetime import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.queries.counting import counts_of
from app.ui.notices import QUERIES, SAID_BY_ITSELF, Kind, Notice, Notices, Wishes
from app.ui.overlay import Overlay
from app.ui.sidebar import mark_pixmap
from app.ui.timers import every
from app.ui.tokens import Tone
from app.ui.widgets.controls import down, empty_out
from app.ui.widgets.form import Field, InlineForm, Question, Values
from app.ui.words import NotATimeError, clock_time, read_clock

if TYPE_CHECKING:  # the window is told of what comes, and the notices lead into the window
    from app.ui.window import Window
    from app.ui.window_overlays import OverlaidWindow

LOOK_MS = 60_000
SHOWN_MS = 10_000
_GROUP = "notify"
_ON, _OFF = "on", "off"


class Notifier(QObject):
    """Looks once a minute, and calls a person only for what needs one."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._operations = window, window.operations
        self.wishes = self._kept()
        self._notices = Notices(lambda: self.wishes)
        self._last: Notice | None = None
        self._tray: QSystemTrayIcon | None = None
        self._timer = every(self, LOOK_MS, self.look)

    def start(self) -> None:
        """Begin to look."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._tray = self._make_tray()
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Count what may need a person."""
        self._operations.query(
            counts_of, queries=QUERIES, now=self._operations.now(), then=self._heard,
            slot=(self, "counts"),
        )  # fmt: skip

    def _heard(self, counts: dict[Kind, int]) -> None:
        if self._last is not None and not counts.get(self._last.kind, 1):
            self._window.messages.forget_news()
        for notice in self._notices.hear(counts, self._operations.now()):
            self.tell(notice)

    def stopped(self, title: str, advice: str) -> None:
        """Hear that a watched folder or a channel stopped; a looking person has its banner."""
        self._window.complain(title, advice)
        for notice in self._notices.stopped(title, advice, self._operations.now()):
            if self._tray is not None and not self._window.isActiveWindow():
                self.tell(notice)

    def tell(self, notice: Notice) -> None:
        """Call the person."""
        self._last = notice
        if self._tray is not None and not self._window.isActiveWindow():
            self._tray.showMessage(notice.title, notice.advice, self._tray.icon(), SHOWN_MS)
            self._operations.activity.note(notice.title, notice.advice)
            return
        self._operations.activity.note(notice.title, notice.advice, Tone.WARN)
        page = self._window.page
        if page is None or page.id != SAID_BY_ITSELF or notice.kind is Kind.STOPPED:
            self._window.messages.tell(notice.title, notice.advice, partial(self._show, notice),
                                       icon_name=notice.icon)  # fmt: skip

    def _show(self, notice: Notice | None) -> None:
        """Come forward with just the rows that it is about."""
        self._window.come_forward()
        if notice is not None:
            self._window.go(notice.page, notice.query or None)

    # ---- the tray -------------------------------------------------------------------------------

    def _make_tray(self) -> QSystemTrayIcon:
        tray = QSystemTrayIcon(mark_pixmap(64), self)
        tray.setToolTip("Orderdeck")
        menu = QMenu(self._window)
        menu.addAction("Open Orderdeck").triggered.connect(self._window.come_forward)
        menu.addAction("Quit").triggered.connect(self._window.quit)
        tray.setContextMenu(menu)
        tray.messageClicked.connect(lambda: self._show(self._last))
        tray.activated.connect(lambda _why: self._window.come_forward())
        tray.show()
        return tray

    @property
    def stays(self) -> bool:
        """Whether closing the window leaves Orderdeck in the tray: asked for, and possible."""
        return self.wishes.stays_in_tray and self._tray is not None

    @property
    def has_tray(self) -> bool:
        """Whether this system has a tray."""
        return self._tray is not None

    # ---- what was chosen ------------------------------------------------------------------------

    def _kept(self) -> Wishes:
        kept, usual = self._window.settings(), Wishes()
        return Wishes(
            kept.value(f"{_GROUP}/on", _ON) == _ON,
            time_of(str(kept.value(f"{_GROUP}/quiet_from", ""))) or usual.quiet_from,
            time_of(str(kept.value(f"{_GROUP}/quiet_to", ""))) or usual.quiet_to,
            kept.value(f"{_GROUP}/tray", _OFF) == _ON,
        )

    def choose(self, wishes: Wishes) -> None:
        """Keep how a person wants to be called."""
        self.wishes = wishes
        settings = self._window.settings()
        for name, value in (
            ("on", _ON if wishes.is_on else _OFF), ("quiet_from", f"{wishes.quiet_from:%H:%M}"),
            ("quiet_to", f"{wishes.quiet_to:%H:%M}"),
            ("tray", _ON if wishes.stays_in_tray else _OFF),
        ):  # fmt: skip
            settings.setValue(f"{_GROUP}/{name}", value)


def time_of(text: str) -> time | None:
    """Return a time of day as a person writes it, "7" or "7:30 pm"; nothing if it is none."""
    try:
        return read_clock(text) if text.strip() else None
    except NotATimeError:
        return None


class NotifySettings(Overlay):
    """Asks how a person wants to be called."""

    def __init__(self, window: OverlaidWindow, notifier: Notifier) -> None:
        super().__init__(window, "Notifications")
        self._window, self._notifier = window, notifier
        self._box = down()
        self.setLayout(down(self._box, margins=(14, 14, 14, 14)))
        self.form: InlineForm | None = None

    def open(self) -> None:
        """Ask, with what is chosen now filled in."""
        empty_out(self._box)
        self.form = form = InlineForm(self._question())
        form.closed.connect(self.close_overlay)
        self._box.addWidget(form)
        super().open()
        form.start()

    def _question(self) -> Question:
        wishes, has_tray = self._notifier.wishes, self._notifier.has_tray
        fields = [
            Field("on", "Call me", _ON if wishes.is_on else _OFF,
                  [(_ON, "For deadlines, shortages and what stopped"), (_OFF, "Never")]),
            Field("from", "Quiet from", clock_time(wishes.quiet_from), is_needed=True),
            Field("to", "Quiet until", clock_time(wishes.quiet_to), is_needed=True),
        ]  # fmt: skip
        note = "At most one call of a kind in a quarter of an hour."
        if has_tray:
            chosen = _ON if wishes.stays_in_tray else _OFF
            fields.append(Field("tray", "When I close the window", chosen,
                                [(_OFF, "Stop Orderdeck"), (_ON, "Keep it in the tray")]))  # fmt: skip
        else:
            note += " This system has no tray: calls stand in the window, and closing it stops Orderdeck."
        return Question("Notifications", fields, "Keep this", self._answer, note=note)

    def _answer(self, values: Values) -> None:
        start, end = time_of(str(values["from"])), time_of(str(values["to"]))
        if start is None or end is None:
            if self.form is not None:
                self.form.complain(f"Write a time of day, such as {clock_time(time(20))}.")
            return
        stays = values.get("tray", _OFF) == _ON
        self._notifier.choose(Wishes(values["on"] == _ON, start, end, stays))
        self.close_overlay()
        self._window.say("Notifications are as you chose" if values["on"] == _ON
                         else "You will not be called")  # fmt: skip

    def place(self) -> None:
        """Stand in the upper middle."""
        room = self.room()
        wide = min(520, room.width() - 60)
        tall = self.layout().totalHeightForWidth(wide)  # type: ignore[union-attr]
        self.setGeometry((room.width() - wide) // 2, max(20, room.height() // 6), wide, tall)
