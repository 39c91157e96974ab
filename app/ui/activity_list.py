"""Ctrl+J: every job with how far it is and how it ended, and every message that was said."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QProgressBar, QWidget

from app.ui.activity import Activity, Item
from app.ui.overlay import Overlay
from app.ui.timers import once
from app.ui.tokens import Tone
from app.ui.widgets.banner import ICONS, IconLabel
from app.ui.widgets.controls import across, boxed, button, down, empty_out, frame, scrolling
from app.ui.widgets.text import Text
from app.ui.words import exact, moment, number

SHOWN = 60
SOON_MS = 120


class ActivityList(Overlay):
    """Shows the activity of this window, newest first; what is under way stands on top."""

    def __init__(self, parent: QWidget, activity: Activity) -> None:
        super().__init__(parent, "Activity")
        self._activity = activity
        self._rows: dict[int, _Row] = {}
        self._close = button("Close", self.close_overlay, hint="Esc")
        self._box = down(spacing=6)
        inside = boxed(down(self._box, None))
        inside.setObjectName("body")
        head = across(Text("Activity", step="title"), None, self._close)
        about = Text("What is under way, and what was done and said since the window was opened.",
                     quiet=True, wraps=True)  # fmt: skip
        layout = down(head, about, 4, scrolling(inside, "Jobs and messages"), spacing=6,
                      margins=(22, 16, 18, 16))  # fmt: skip
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self._soon = once(self, SOON_MS, self._show)
        activity.changed.connect(self._changed)

    def open(self) -> None:
        """Show what there is now."""
        self._show()
        super().open()
        self._close.setFocus()

    def place(self) -> None:
        """Stand at the right edge, above the line at the foot."""
        room = self.room()
        wide, tall = min(560, room.width() - 40), min(680, room.height() - 90)
        self.setGeometry(room.width() - wide - 14, room.height() - tall - 40, wide, tall)

    @property
    def texts(self) -> list[str]:
        """What is listed, from the top."""
        return [item.title for item in self._listed()]

    def _listed(self) -> list[Item]:
        rest = [item for item in self._activity.items if not item.is_running]
        return [*self._activity.running, *rest][:SHOWN]

    def _changed(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _show(self) -> None:
        """Draw the list anew, unless only numbers have changed."""
        listed = self._listed()
        shape = [(id(item), item.is_running, item.is_stopping) for item in listed]
        if [row.shape for row in self._rows.values()] != shape:
            empty_out(self._box)
            self._rows = {id(item): _Row(item, self._activity) for item in listed}
            for row in self._rows.values():
                self._box.addWidget(row)
            if not listed:
                self._box.addWidget(Text("Nothing has happened yet.", quiet=True))
        for row in self._rows.values():
            row.show_progress()


class _Row(QWidget):
    """One job or message."""

    def __init__(self, item: Item, activity: Activity) -> None:
        super().__init__()
        self._item = item
        self.shape = (id(item), item.is_running, item.is_stopping)
        tone = Tone.ACCENT if item.is_running else item.tone
        icon = "activity" if item.is_running else ICONS[item.tone]
        at = item.ended_at or item.began_at
        when = Text(moment(at, activity.now()), quiet=True, step="small").hint(exact(at))
        words = down(Text(item.title, step="strong", wraps=True, copies=True), spacing=2)
        if item.outcome:
            words.addWidget(Text(item.outcome, wraps=True, copies=True, quiet=True))
        self._says = Text(quiet=True, step="small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(f"Progress of {item.title}")
        if item.is_running:
            words.addWidget(self._bar)
            words.addWidget(self._says)
        row = across(IconLabel(icon, tone), spacing=10, margins=(12, 8, 10, 8))
        row.addLayout(words, 1)
        if item.can_stop:
            row.addWidget(button("Stop", partial(item.stop), hint="What is done stays done",
                                 name=f"Stop {item.title}"))  # fmt: skip
        row.addWidget(when)
        box = frame("well")
        box.setLayout(row)
        self.setLayout(down(box))

    def show_progress(self) -> None:
        """Show how far it is."""
        item = self._item
        self._bar.setRange(0, item.total)
        self._bar.setValue(item.done)
        far = f"{number(item.done)} of {number(item.total)}" if item.total else "Under way"
        self._says.say("Stopping …" if item.is_stopping else far)
