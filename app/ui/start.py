"""Open the window on a desk, or draw every screen of it into files."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.errors import DeskError, details_of
from app.services.desk import Desk, WatchListener
from app.ui.operations import Operations
from app.ui.single import SingleInstance
from app.ui.theme import MODES, Theme
from app.ui.watchdog import Watchdog
from app.ui.window import Window
from app.ui.window_shape import kept_settings

_SWITCH_S = 0.001  # how soon a busy thread lets the window's have its turn; Python's own is 5 ms


def run_gui(
    desk: Desk, *, demo: bool, screenshots: Path | None, theme: str, files: Sequence[Path] = ()
) -> int:
    """Open the desk's window and return its exit status; one that is open already comes forward.

    ``files`` are previewed for import. ``demo`` fills an empty store without asking. ``screenshots`` draws every page and its main
    states into that folder instead, without needing a screen; in both themes, unless one is named. ``theme`` is light, dark or empty.
    """
    if screenshots is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = make_application()
    operations = Operations(desk)
    try:
        if screenshots is not None:
            from app.ui.screenshots import draw_all

            desk.catch_up()
            return draw_all(application, operations, screenshots, demo=demo, theme=theme)
        return _alone(application, operations, demo=demo, theme=theme, files=files)
    finally:
        operations.close()


def make_application() -> QApplication:
    """Return the application, made once."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    application = QApplication(sys.argv[:1])
    sys.setswitchinterval(_SWITCH_S)
    gc.freeze()  # what is loaded by now stays: the collector need not walk it while a person works
    gc.set_threshold(50_000, 20, 50)  # a walk over so few takes less than a frame
    application.setApplicationName("Orderdeck")
    application.setApplicationDisplayName("Orderdeck")
    application.setDesktopFileName("orderdeck")
    return application


def _alone(
    application: QApplication, operations: Operations, *, demo: bool, theme: str,
    files: Sequence[Path],
) -> int:  # fmt: skip
    """Work, unless this desk is open in a window already."""
    single = SingleInstance(operations.desk.store.label)
    if not single.claim():
        single.hand_over(files)
        return 0
    try:
        return _work(application, operations, single, demo=demo, theme=theme, files=files)
    finally:
        single.leave()


def _work(
    application: QApplication, operations: Operations, single: SingleInstance, *, demo: bool,
    theme: str, files: Sequence[Path],
) -> int:  # fmt: skip
    window = Window(operations, Theme(application, theme if theme in MODES else _kept_theme()))
    watchdog = Watchdog.if_wanted()
    window.show()
    window.open(demo=demo)
    single.asked.connect(window.asked_again)
    if files:
        window.import_files([path.absolute() for path in files])
    window.notifier.start()
    from app.ui.behind import keep_behind  # what the window is not to wait for

    watch = operations.desk.watcher
    if watch is not None:
        watch.start(_listener(operations, window))
    keepers = keep_behind(operations, window)
    with bugs_of_threads_shown(operations):
        status = application.exec()
    for keeper in keepers:
        keeper.stop()
    if watch is not None:
        watch.stop()
    if watchdog is not None:
        watchdog.stop()
    return status


def _kept_theme() -> str:
    """Return the theme that was chosen; asked before there is a window, which to dress again takes long."""
    kept = str(kept_settings().value("theme", "system"))
    return kept if kept in MODES else "system"


def _listener(operations: Operations, window: Window) -> WatchListener:
    """Let the watch's thread speak on the window's."""

    def held_up(trouble: DeskError) -> None:
        operations.report(partial(window.notifier.stopped, trouble.title, trouble.advice))

    return WatchListener(
        came_in=lambda report: operations.report(partial(window.file_came_in, report)),
        held_up=held_up,
        bug=lambda details: operations.report(partial(operations.crashed.emit, details)),
    )


@contextmanager
def bugs_of_threads_shown(operations: Operations) -> Iterator[None]:
    """Show a bug that ends a thread as one; without this it is a line that nobody reads."""

    def show(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
            details = details_of(ended.exc_value)
            operations.report(partial(operations.crashed.emit, details))

    before, threading.excepthook = threading.excepthook, show
    try:
        yield
    finally:
        threading.excepthook = before
