"""The demo data: said as long as they are there, and gone with one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QFrame

from app.domain.changes import Changes
from app.ui import receipts
from app.ui.operations import Operations
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, button, down, frame
from app.ui.widgets.text import Text


class Host(Protocol):
    """The window, as the demo data see it."""

    operations: Operations

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""

    def show_first_orders(self) -> None:
        """Offer one's own files, or the demo once more."""

    def show_demo(self, *, is_there: bool) -> None:
        """Say at the edge of the window that this is a demo."""


class DemoData:
    """Whether the desk shows a demo, and the one click that takes it out."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.is_there = False

    def know(self, *, is_there: bool) -> None:
        """Take note of whether there is a demo here."""
        self.is_there = is_there
        self._host.show_demo(is_there=is_there)

    def why_not(self) -> str:
        """Say why nothing can be removed."""
        return "" if self.is_there else "there is no demo data here"

    def remove(self) -> None:
        """Take the demo out. Nothing is asked: the same demo can be filled in again at once."""
        self._host.operations.run("remove_demo", then=self._removed, remembers=False)

    def _removed(self, changes: Changes) -> None:
        self._host.operations.forget()  # what could be undone was done to the demo
        self.know(is_there=False)
        self._host.show_first_orders()
        self._host.say(receipts.done(changes), "The desk is as new.")


def demo_note(remove: Callable[[], object]) -> QFrame:
    """Return what stands at the edge of the window while a demo is shown."""
    note = frame("demo")
    words = down(Text("Made-up brand", step="strong"), spacing=1)
    words.addWidget(Text("Demo data to try out", quiet=True, step="small"))
    act = button("Remove it", remove, kind="link", name="Remove the demo data",
                 hint="Takes all demo data out; the desk is as new")  # fmt: skip
    top = across(IconLabel("demo", Tone.ACCENT, 16), words, None, spacing=8)
    note.setLayout(down(top, across(act, None), spacing=2, margins=(9, 8, 7, 6)))
    note.hide()
    return note
