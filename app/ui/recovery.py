"""Shown in place of the desk when its database cannot be opened: what happened, and the ways out.

Nothing of the database is touched here but by a restore, which asks first and keeps what it replaces.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.errors import DeskError, details_of
from app.services.backup import Contents, Restored
from app.ui.sidebar import Mark
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, down, empty_out, scrolling
from app.ui.widgets.text import Text
from app.ui.words import count_of, exact

KINDS = "Backups (*.backup *.orderdeck *.db *.sqlite);;All files (*)"
STORES = "Orderdeck databases (*.db *.sqlite *.orderdeck);;All files (*)"
WIDE, TALL = 640, 460

Look = Callable[[Path], Contents]
Restore = Callable[[Path], Restored]


class Recovery(QWidget):
    """One screen: what is wrong, and what a person can do about it."""

    ended = Signal()
    _answered = Signal(object)

    def __init__(self, error: DeskError, place: Path | None, look: Look, restore: Restore) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Orderdeck")
        self.resize(WIDE, TALL)
        self.chosen: Path | None = None  # another database
        self.is_again = False  # the same one once more
        self._place, self._look, self._restore = place, look, restore
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="recovery")
        self._answered.connect(lambda deliver: deliver())
        self._news = down(spacing=8)
        self._ways = down(spacing=8)
        head = across(Mark(40), 4, Text("This desk cannot be opened now", step="title"), None)
        wrong = Banner(error.title, _advice(error), tone=Tone.BAD)
        inside = boxed(down(wrong, self._news, 6, self._ways, None, margins=(16, 16, 16, 16)))
        inside.setObjectName("body")
        layout = down(
            head, scrolling(inside, "What happened"), spacing=14, margins=(28, 24, 28, 22)
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._offer_all()

    # ---- the ways out ---------------------------------------------------------------------------

    def _offer_all(self) -> None:
        again = button("Try again", self.try_again, kind="primary")
        ways: list[QWidget] = [
            again,
            button("Restore a backup…", self.choose_backup),
            button("Choose another desk…", self.choose_other),
        ]
        if self._place is not None:
            ways.append(button("Open the folder", self.open_folder))
        ways.append(button("Quit", self.close, kind="quiet"))
        self._offer(*ways)
        again.setFocus()

    def try_again(self) -> None:
        """Open the same database once more: the other program may have ended, the server started."""
        self.is_again = True
        self.close()

    def choose_other(self) -> None:
        """Let the person choose another database."""
        start = str(self._place.parent if self._place else Path.home())
        chosen, _kind = QFileDialog.getOpenFileName(self, "Choose another desk", start, STORES)
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Open another database."""
        self.chosen = path
        self.close()

    def open_folder(self) -> None:
        """Show where the database lies."""
        if self._place is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._place.parent)))

    def choose_backup(self) -> None:
        """Let the person choose a backup."""
        start = str(self._place.parent if self._place else Path.home())
        chosen, _kind = QFileDialog.getOpenFileName(self, "Restore a backup", start, KINDS)
        if chosen:
            self.look_into(Path(chosen))

    # ---- a restore ------------------------------------------------------------------------------

    def look_into(self, path: Path) -> None:
        """Verify a backup, and ask with what it holds before anything is replaced."""
        self._say(Text(f"Looking into {path.name} …", quiet=True, wraps=True))
        self._offer()
        self._do(partial(self._look, path), partial(self._ask, path))

    def _ask(self, path: Path, found: Contents) -> None:
        newest = f" The last thing in it was done {exact(found.newest)}." if found.newest else ""
        self._say(Banner(
            f"Put {path.name} in the place of this desk?",
            f"It holds {count_of(found.orders, 'order')} and {count_of(found.skus, 'SKU')}.{newest} "
            "What was done after it is not in it. What is here now is kept beside it.",
            tone=Tone.WARN,
        ))  # fmt: skip
        go = button(
            f"Restore {count_of(found.orders, 'order')}", partial(self._go, path), kind="danger"
        )
        leave = button("Leave it", self._leave, kind="quiet")
        self._offer(go, leave)
        leave.setFocus()

    def _go(self, path: Path) -> None:
        self._say(Text(f"Restoring {path.name} …", quiet=True, wraps=True))
        self._offer()
        self._do(partial(self._restore, path), self._restored)

    def _restored(self, done: Restored) -> None:
        kept = f" What was here is kept as {done.kept.name}." if done.kept else ""
        held = (
            f" {count_of(done.held, 'order')} on hold, because they may have left since."
            if done.held
            else ""
        )
        self._say(Banner(f"Restored {count_of(done.orders, 'order')}", f"{kept}{held}".strip(),
                         tone=Tone.GOOD))  # fmt: skip
        go_on = button("Open the desk", self.try_again, kind="primary")
        self._offer(go_on)
        go_on.setFocus()

    def _leave(self) -> None:
        self._say(Text("Nothing was restored.", quiet=True))
        self._offer_all()

    # ---- how ------------------------------------------------------------------------------------

    def _say(self, part: QWidget) -> None:
        """Say what is under way below what happened, which stays."""
        empty_out(self._news)
        self._news.addWidget(part)

    def _offer(self, *ways: QWidget) -> None:
        empty_out(self._ways)
        for way in ways:
            self._ways.addLayout(across(way, None))

    def _do(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Do it away from the window's thread, and show what came of it."""

        def run() -> None:
            deliver: Callable[[], object]
            try:
                deliver = partial(then, work())
            except DeskError as error:
                deliver = partial(self._refused, error.title, error.advice)
            except Exception:  # noqa: BLE001 (a bug of ours must be seen, not lost in a thread)
                last = details_of().strip().splitlines()[-1]
                deliver = partial(self._refused, "Something went wrong inside Orderdeck.", last)
            self._answered.emit(deliver)

        self._worker.submit(run)

    def _refused(self, title: str, advice: str) -> None:
        self._say(Banner(title, advice, tone=Tone.BAD))
        self._offer_all()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Finish a restore that is under way before anything else is opened."""
        self._worker.shutdown(wait=True)
        super().closeEvent(event)
        self.ended.emit()


def _advice(error: DeskError) -> str:
    """Return the advice, in words for a window: what would be typed has a button here."""
    is_typed = "orderdeck " in error.advice or "--db" in error.advice
    return "Restore a backup, or choose another desk." if is_typed else error.advice


def recover(
    application: QApplication, error: DeskError, place: Path | None, look: Look, restore: Restore
) -> Path | bool:
    """Show what is wrong until a person decides: another database, this one again, or neither."""
    screen = Recovery(error, place, look, restore)
    screen.show()
    screen.ended.connect(application.quit)
    application.exec()
    return screen.chosen or screen.is_again
