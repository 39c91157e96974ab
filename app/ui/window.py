"""The window: pages, navigation, messages, and the one place where commands meet keys and menus."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QSettings, QSize
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QShowEvent,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QStackedWidget

from app.config import home
from app.domain.changes import Changes, Touched
from app.domain.importing import ImportReport
from app.services.backup import Backup, back_up
from app.services.cancelling import UNDO_WINDOW
from app.services.saving import save_over
from app.ui.commands import EVERYWHERE, Command, Register
from app.ui.drop_zone import DropZone
from app.ui.import_panel import ImportPanel
from app.ui.key_sheet import KeySheet
from app.ui.lists.list_view import ListView
from app.ui.operations import Operations, Problem
from app.ui.pages.all_pages import make_pages
from app.ui.pages.page import Page
from app.ui.palette import Palette
from app.ui.receipts import why_skipped
from app.ui.sidebar import Sidebar, mark_pixmap
from app.ui.status_line import StatusLine
from app.ui.theme import Theme
from app.ui.timers import once
from app.ui.tokens import Tone
from app.ui.waiting import Waiting, read_waiting
from app.ui.welcome import Welcome
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, down, empty_out
from app.ui.widgets.toast import Toast
from app.ui.window_commands import window_commands
from app.ui.words import count_of

MENUS = ("File", "Edit", "View", "Go", "Order", "Stock", "Case", "Help")

TITLE_BAR = 40


class Window(QMainWindow):
    """The desk as one sees it."""

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__()
        self.operations, self.theme = operations, theme
        self.setObjectName("orderdeck")
        self.setWindowTitle("Orderdeck")
        self.setWindowIcon(QIcon(mark_pixmap(128)))
        self.setAcceptDrops(True)
        self.setMinimumSize(1024, 640)
        self.register = Register(self)
        self.pages: dict[str, Page] = {page.id: page for page in make_pages(self)}
        self._current = ""
        self._lay_out()
        self._declare()
        self._listen()
        self._restore()

    # ---- building -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        for page in self.pages.values():
            self.stack.addWidget(page)
        self.welcome = Welcome(self)
        self.stack.addWidget(self.welcome)
        keys = enumerate(self.pages.values(), 1)
        entries = [(p.id, p.title, p.icon, f"Ctrl+{n}, or G then {p.letter}") for n, p in keys]
        tools = [("Commands", "search", "Search everything (Ctrl+K)", self.open_palette),
                 ("Keys", "keyboard", "Show all keys (?)", self.open_keys)]  # fmt: skip
        self.sidebar = Sidebar(entries, self.go, tools)
        store, actor = self.operations.desk.store, self.operations.desk.actor
        name = store.path.name if store.path else store.label
        self.status = StatusLine(name, actor.name)
        self._messages = down(spacing=6, margins=(12, 6, 12, 0))
        self._message_box = boxed(self._messages)
        self._message_box.hide()
        body = boxed(down(self._message_box, self.stack, spacing=0))
        middle = boxed(across(self.sidebar, body, spacing=0))
        middle.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self.setCentralWidget(boxed(down(middle, self.status, spacing=0)))
        self.toast = Toast(self, self.undo)
        self.palette_box = Palette(self, self.register, self.operations, self.open_order)
        self.key_sheet = KeySheet(self, self.register)
        self.imports = ImportPanel(self)
        self.drop_zone = DropZone(self)

    def _declare(self) -> None:
        self.register.add(window_commands(self))
        for page in self.pages.values():
            self.register.add(page.commands())
        for menu in MENUS:
            commands = self.register.of_menu(menu)
            if commands:
                self._fill_menu(self.menuBar().addMenu(menu), commands)
        self.menuBar().setNativeMenuBar(True)
        self.register.attach_window(self)
        for page in self.pages.values():
            for view in page.lists():
                self.register.attach_list(view, page.id)
                if isinstance(view, ListView):
                    view.customContextMenuRequested.connect(partial(self._context_menu, view, page))

    def _fill_menu(self, menu: QMenu, commands: Sequence[Command]) -> None:
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.register.refresh)
        last = commands[0].scope
        for command in commands:
            if command.scope != last:
                menu.addSeparator()
                last = command.scope
            menu.addAction(self.register.action(command.id))

    def _listen(self) -> None:
        self.operations.changed.connect(self._changed)
        self.operations.failed.connect(self.complain)
        self.operations.crashed.connect(self.show_bug)
        self.operations.undone.connect(self._undone)
        self.operations.undo_changed.connect(self.register.refresh)
        self._counting = once(self, 250, self.count)
        # What was done a moment ago waits for its channel only once it cannot be undone any more.
        self._counting_later = once(
            self, 1000 * round(UNDO_WINDOW.total_seconds() + 1), self._told_soon
        )
        QGuiApplication.instance().commitDataRequest.connect(lambda _m: self._remember())  # type: ignore[union-attr]

    # ---- pages ----------------------------------------------------------------------------------

    def open(self, *, demo: bool = False) -> None:
        """Look into the store, and show the queue or the first steps."""

        def looked(waiting: Waiting) -> None:
            self._show_counts(waiting)
            if waiting.counts.orders or waiting.counts.skus:
                self.go(self._first if self._first in self.pages else "today")
            else:
                self.show_welcome()
                if demo:
                    self.welcome.fill_with_demo()

        self.operations.ask(partial(read_waiting, self.operations.desk), then=looked)

    def show_welcome(self) -> None:
        """Show the first steps."""
        self._current = ""
        self.register.page = EVERYWHERE
        self.sidebar.show_page("")
        self.stack.setCurrentWidget(self.welcome)

    def go(self, page: str, query: str | None = None) -> None:
        """Show a page, with a search if one is given."""
        self._current = self.register.page = page
        here = self.pages[page]
        self.sidebar.show_page(page)
        self.stack.setCurrentWidget(here)
        if query is not None:
            here.search(query)
        here.start()
        self.register.refresh()

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self.pages.get(self._current)

    def open_order(self, order_id: int) -> None:
        """Show an order on the page Orders."""
        self.go("orders")
        self.pages["orders"].open_order(order_id)  # type: ignore[attr-defined]

    def open_sku(self, code: str) -> None:
        """Show a SKU on the page Inventory."""
        self.go("inventory")
        self.pages["inventory"].open_sku(code)  # type: ignore[attr-defined]

    def focus_search(self) -> None:
        """Put the cursor into the page's search."""
        focus = getattr(self.page, "focus_search", None)
        if focus is not None:
            focus()

    # ---- news -----------------------------------------------------------------------------------

    def _changed(self, _changes: Changes) -> None:
        if not self._counting.isActive():
            self._counting.start()
        self._counting_later.start()

    def _told_soon(self) -> None:
        self.count()
        for page in ("today", "channels"):
            self.pages[page].make_stale()

    def _undone(self, changes: Changes) -> None:
        self.say(changes.label, why_skipped(changes.skipped))

    def count(self) -> None:
        """Count what waits, for the numbers beside the pages."""
        self.operations.ask(
            partial(read_waiting, self.operations.desk), then=self._show_counts,
            slot=(self, "counts"),
        )  # fmt: skip

    def _show_counts(self, waiting: Waiting) -> None:
        counts = waiting.counts
        self.sidebar.set_count("orders", counts.to_route)
        self.sidebar.set_count("exceptions", counts.open_cases, is_urgent=counts.open_cases > 0)
        self.sidebar.set_count("channels", waiting.to_tell)

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""
        self.toast.say(title, more, can_undo=can_undo)

    def file_came_in(self, report: ImportReport) -> None:
        """Say what a watched folder brought, and show it everywhere."""
        self.operations.changed.emit(Changes(f"Import {report.file}", Touched.ALL))
        self.say(f"{report.file} came in from a watched folder.", report.message.split("\n")[0])

    def complain(self, title: str, advice: str) -> None:
        """Show a failure where the work is."""
        self._show_message(Banner(title, advice, tone=Tone.BAD, closes=True))

    def show_bug(self, details: str) -> None:
        """Show a bug as one, with everything that helps to mend it."""
        copy = ("Copy details", lambda: QGuiApplication.clipboard().setText(details))
        banner = Banner(
            "Something went wrong inside Orderdeck; this is not your doing.",
            "What you did last may not have been carried out. The details help to mend it: "
            f"{details.strip().splitlines()[-1]}",
            tone=Tone.BAD, actions=[copy], closes=True, icon_name="bug",
        )  # fmt: skip
        self._show_message(banner)

    def _show_message(self, banner: Banner) -> None:
        if self._messages.count() > 1:
            self.clear_messages()
        self._messages.addWidget(banner)
        banner.closed.connect(self._message_closed)
        self._message_box.show()

    def _message_closed(self) -> None:
        self._message_box.setVisible(self._messages.count() > 1)

    def clear_messages(self) -> None:
        """Take the messages away."""
        empty_out(self._messages)
        self._message_box.hide()

    def state_changed(self) -> None:
        """Bring menus and buttons up to date."""
        if self._current:
            self.register.refresh()

    def undo(self) -> None:
        """Take back the last thing that was done here."""
        self.operations.undo()

    # ---- overlays -------------------------------------------------------------------------------

    def open_palette(self) -> None:
        """Offer every command, page and order."""
        self.palette_box.open()

    def open_keys(self) -> None:
        """Show all keys."""
        self.key_sheet.open()

    def _context_menu(self, view: ListView, page: Page, at: QPoint) -> None:
        self.register.refresh()
        menu = QMenu(view)
        for command in self.register.of_page(page.id):
            if not self.register.why_not(command) and command.menu not in ("Edit", "View"):
                menu.addAction(self.register.action(command.id))
        menu.addSeparator()
        menu.addAction(self.register.action("list.copy_rows"))
        menu.exec(view.viewport().mapToGlobal(at))
        menu.deleteLater()

    # ---- files ----------------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Let the person choose files to import."""
        kinds = "Marketplace files (*.csv *.txt *.tsv *.xlsx *.zip);;All files (*)"
        chosen, _kind = QFileDialog.getOpenFileNames(self, "Import files", "", kinds)
        if chosen:
            self.import_files([Path(name) for name in chosen])

    def import_files(self, paths: Sequence[Path]) -> None:
        """Preview files, one after the other; nothing is stored before a person says so."""
        self.imports.add(paths)

    def save_file(self, name: str, content: bytes) -> None:
        """Let the person choose where a file goes, and write it there."""
        chosen, _kind = QFileDialog.getSaveFileName(self, "Save file", str(Path.home() / name))
        if chosen:
            self.write_file(Path(chosen), content)

    def choose_backup(self) -> None:
        """Let the person choose where a backup goes."""
        name = f"orderdeck-{self.operations.now().astimezone():%Y-%m-%d}.db"
        chosen, _kind = QFileDialog.getSaveFileName(self, "Back up", str(Path.home() / name))
        if chosen:
            self.back_up(Path(chosen))

    def back_up(self, path: Path) -> None:
        """Copy everything to a file while work goes on, and verify the copy."""

        def work() -> Backup:
            desk = self.operations.desk
            return back_up(desk.store, path, actor=desk.actor, now=desk.now(), replace=True)

        def done(made: Backup) -> None:
            self.status.idle()
            self.say(f"Backed up {count_of(made.orders, 'order')}", f"Verified, in {made.path}")

        def refused(problem: Problem) -> None:
            self.status.idle()
            self.complain(problem.title, problem.advice)

        self.status.progress("Backing up …", 0, 0)
        self.operations.job(work, then=done, otherwise=refused)

    def write_file(self, path: Path, content: bytes) -> None:
        """Write a file; a full disk or a locked folder is said, not hidden."""
        try:
            save_over(path, content)
        except OSError as error:
            self.complain(f"{path.name} was not written ({error.strerror}).",
                          "Choose another folder; the file can be saved again at any time.")  # fmt: skip
        else:
            self.say(f"Saved {path.name}", f"In {path.parent}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show where to drop."""
        if _files(event.mimeData()):
            event.acceptProposedAction()
            self.drop_zone.open()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Stop showing it."""
        self.drop_zone.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self.drop_zone.hide()
        event.acceptProposedAction()
        self.import_files(_files(event.mimeData()))

    # ---- the window itself ----------------------------------------------------------------------

    def settings(self) -> QSettings:
        """Return where the window keeps its shape."""
        return QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat)

    def theme_mode(self) -> str:
        """Return what was chosen: system, light or dark."""
        return self.theme.mode

    def set_theme(self, mode: str) -> None:
        """Change light and dark."""
        self.theme.set_mode(mode)
        self.settings().setValue("theme", mode)

    def _restore(self) -> None:
        settings = self.settings()
        kept = settings.value("geometry")
        if kept is None or not self.restoreGeometry(kept):
            self.resize(self._fitting(QSize(1440, 900)))
        for page in self.pages.values():
            page.restore(_state(settings.value(f"pages/{page.id}")))
        self._first = str(settings.value("page") or "")

    def _fitting(self, wanted: QSize) -> QSize:
        """Return a size that leaves room for the title bar: a status line below the edge is lost."""
        screen = self.screen().availableGeometry().size()
        return wanted.boundedTo(screen - QSize(0, TITLE_BAR))

    def _remember(self) -> None:
        settings = self.settings()
        settings.setValue("geometry", self.saveGeometry())
        settings.setValue("page", self._current)
        for page in self.pages.values():
            settings.setValue(f"pages/{page.id}", json.dumps(page.state()))

    def showEvent(self, event: QShowEvent) -> None:
        """Bring the commands up to date once."""
        super().showEvent(event)
        self.register.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the shape of the window; an import that is under way is finished at the next start."""
        self._remember()
        super().closeEvent(event)


def _state(text: object) -> Mapping[str, Any]:
    """Return how a page was left; what somebody has spoilt by hand counts as nothing."""
    try:
        kept = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        kept = {}
    return kept if isinstance(kept, dict) else {}


def _files(data: Any) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
