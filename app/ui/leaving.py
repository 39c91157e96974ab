"""May the window be closed now? What goes on by itself next time needs no question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.ui.activity import Activity, Item
from app.ui.asking import Decision
from app.ui.words import count_of, number


class Leaving(QObject):
    """Closes at once, or asks once and closes when the work has come to its end."""

    def __init__(
        self, activity: Activity, ask: Callable[[Decision], object], close: Callable[[], object],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._activity, self._ask, self._close = activity, ask, close
        self._is_waiting = False
        activity.changed.connect(self._look)

    @property
    def _in_the_way(self) -> list[Item]:
        return [item for item in self._activity.running if not item.goes_on]

    def may(self) -> bool:
        """Say whether it may be closed; if not, the person is asked."""
        items = self._in_the_way
        if items and not self._is_waiting:
            self._ask(self._question(items))
        return not items

    def _question(self, items: list[Item]) -> Decision:
        first = items[0]
        far = f": {number(first.done)} of {number(first.total)} done" if first.total else ""
        rest = f" So {'is' if len(items) == 2 else 'are'} {count_of(len(items) - 1, 'more job')}."
        can_stop = any(item.can_stop for item in items)
        text = "What is done stays done. The rest is left as it was, and nothing takes it up again."
        if not can_stop:
            text = "It is nearly over; the window closes by itself then."
        return Decision(
            f"“{first.title}” is under way{far}.{rest if len(items) > 1 else ''}", text,
            "Stop and close" if can_stop else "Close when it is done", self._leave, "Keep working",
        )  # fmt: skip

    def _leave(self) -> None:
        self._is_waiting = True
        for item in self._in_the_way:
            item.stop()
        self._look()

    def _look(self) -> None:
        if self._is_waiting and not self._in_the_way:
            self._is_waiting = False
            self._close()
