"""The window: pages, navigation, messages, and the one place where commands meet keys and menus."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QGuiApplication,
    QIcon,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QStackedWidget

from app.domain.changes import Changes, Touched
from app.domain.importing import ImportReport
from app.services.cancelling import UNDO_WINDOW
from app.ui import receipts, words
from app.ui.channels_at_foot import ChannelsAtFoot
from app.ui.commands import EVERYWHERE
from app.ui.demo_data import DemoData
from app.ui.first_run.places import BRAND, ORDERS
from app.ui.importing.page import ImportPage
from app.ui.instead import instead_of_undo
from app.ui.leaving import Leaving
from app.ui.lists.list_view import ListView
from app.ui.menus import fill_menu_bar, show_context_menu
from app.ui.messages import Messages
from app.ui.notifying import Notifier
from app.ui.operations import Operations, Problem
from app.ui.pacing import Paced
from app.ui.pages.all_pages import make_pages
from app.ui.pages.page import Page
from app.ui.sidebar import Sidebar, Tool, mark_pixmap
from app.ui.status_line import StatusLine
from app.ui.taking_back import Turning
from app.ui.theme import Theme
from app.ui.timers import once
from app.ui.waiting import Waiting, read_waiting
from app.ui.widgets.controls import across, boxed, down
from app.ui.widgets.toast import Toast
from app.ui.window_commands import window_commands
from app.ui.window_files import WindowFiles
from app.ui.window_overlays import OverlaidWindow

if TYPE_CHECKING:  # loaded when they are first wanted
    from app.ui.first_run.page import FirstRun

FIRST_RUN = "first run"


class Window(OverlaidWindow):
    """The desk as one sees it."""

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__(operations, theme)
        self.setObjectName("orderdeck")
        self.setWindowTitle("Orderdeck")
        self.setWindowIcon(QIcon(mark_pixmap(128)))
        self.setAcceptDrops(True)
        self.setMinimumSize(1024, 640)
        self.files = WindowFiles(self, self, self.import_files)
        self.notifier = Notifier(self)
        self._current = self._before_imports = ""
        self._is_quitting = False
        with theme.dressing_once():
            self.pages = {page.id: page for page in make_pages(self)}
            self._lay_out()
        self._declare()
        self._listen()
        self.restore()

    # ---- building -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.imports = ImportPage(self)
        entries = [
            (page.id, page.title, page.icon) for page in self.pages.values() if not page.beside
        ]
        tools = [Tool("app.open_palette", "Commands", "search", "Search everything"),
                 Tool("app.show_keys", "Keys", "keyboard", "Show all keys")]  # fmt: skip
        self.demo_data = DemoData(self)
        self.sidebar = Sidebar(entries, self.go, tools, self.register, self.demo_data.remove)
        store, actor = self.operations.desk.store, self.operations.desk.actor
        name = store.path.name if store.path else store.label
        self.channels = ChannelsAtFoot(self.operations, partial(self.go, "channels"))
        self.status = StatusLine(name, actor.name, self.operations.activity, self.channels)
        self.messages = Messages(self.operations.activity)
        body = boxed(down(self.messages, self.stack, spacing=0))
        middle = across(self.sidebar, body, spacing=0)
        middle.setStretch(1, 1)
        self.setCentralWidget(boxed(down(boxed(middle), self.status, spacing=0)))
        # Only now, since whatever gets a place in another widget is styled again with all that is in it.
        for each in (*self.pages.values(), self.imports):
            self.stack.addWidget(each)
        self.toast = Toast(self, self.undo, self.register)
        self.status.opened.connect(self.open_activity)
        self.leaving = Leaving(self.operations.activity, self.confirm, self._close_again, self)

    def _declare(self) -> None:
        self.register.add(window_commands(self))
        for page in self.pages.values():
            self.register.add(page.commands())
        fill_menu_bar(self.menuBar(), self.register)
        self.register.attach_window(self)
        for page in self.pages.values():
            for view in page.lists():
                self.register.attach_list(view, page.id)
                if isinstance(view, ListView):
                    offer = partial(show_context_menu, view.viewport(), page.id, self.register)
                    view.customContextMenuRequested.connect(offer)
        self.register.keys_changed.emit()

    def _listen(self) -> None:
        history = self.operations.history
        self.operations.changed.connect(self._changed)
        self.operations.failed.connect(self.complain)
        self.operations.crashed.connect(self.messages.show_bug)
        history.turned.connect(self._turned)
        history.kept.connect(self._kept)
        history.changed.connect(self.register.refresh)
        history.changed.connect(lambda: self.toast.expect(history.outgoing, self.operations.now))
        self._counts = Paced(self.operations, self)
        self._counting = once(self, 250, self.count)
        # What was done a moment ago waits for its channel only once it cannot be undone any more.
        self._counting_later = once(
            self, 1000 * round(UNDO_WINDOW.total_seconds() + 1), self._told_soon
        )
        QGuiApplication.instance().commitDataRequest.connect(  # type: ignore[union-attr]
            lambda _manager: self.remember(self._current)
        )

    # ---- pages ----------------------------------------------------------------------------------

    def open(self, *, demo: bool = False) -> None:
        """Look into the store, and show the queue or the first steps."""

        self.channels.look()

        def looked(waiting: Waiting) -> None:
            self._show_counts(waiting)
            if self.stack.currentWidget() is self.imports:
                return  # files came with the start: the page comes when they are left
            if waiting.counts.orders or waiting.counts.skus:
                self.go(self.first_page())
            else:
                self.show_first_run()
                if demo:
                    self.first_run.fill_with_demo()

        self.operations.ask(partial(read_waiting, self.operations.desk), then=looked)

    @cached_property
    def first_run(self) -> FirstRun:
        """The first steps; made when they are first wanted."""
        from app.ui.first_run.page import FirstRun

        made = FirstRun(self)
        self.stack.addWidget(made)
        return made

    def show_first_run(self, step: int = BRAND) -> None:
        """Show the first steps."""
        self._current = ""
        self.register.page = EVERYWHERE
        self.sidebar.show_page("")
        self.stack.setCurrentWidget(self.first_run)
        self.first_run.start(step)
        self.register.refresh()

    def show_first_orders(self) -> None:
        """Offer one's own files, or the demo once more."""
        self.show_first_run(ORDERS)

    def leave_first_run(self) -> None:
        """Go to work, also where there is none yet."""
        self.go(self.first_page())

    def show_demo(self, *, is_there: bool) -> None:
        """Say at the edge of the window that this is a demo."""
        self.sidebar.show_demo(is_there=is_there)
        self.register.refresh()

    def go(self, page: str, query: str | None = None) -> None:
        """Show a page, with a search if one is given."""
        self._current = self.register.page = page
        here = self.pages[page]
        self.sidebar.show_page(here.beside or page)
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

    def look_again(self) -> None:
        """Read everything that is shown once more."""
        self.count()
        for page in self.pages.values():
            page.make_stale()

    # ---- news -----------------------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        if not self._counting.isActive():
            self._counting.start()
        self._counting_later.start()
        if changes.touched & Touched.FILES:
            self.operations.history.look()

    def _told_soon(self) -> None:
        self.count()
        for page in ("today", "channels"):
            self.pages[page].make_stale()

    def count(self) -> None:
        """Count what waits, for the numbers beside the pages."""
        self._counts.ask(partial(read_waiting, self.operations.desk), then=self._show_counts)

    def _show_counts(self, waiting: Waiting) -> None:
        counts = waiting.counts
        words.count_days_in(waiting.zone)
        self.sidebar.set_count("orders", counts.to_decide)
        self.sidebar.set_count("exceptions", counts.open_cases, is_urgent=counts.open_cases > 0)
        self.sidebar.set_count("channels", waiting.to_tell)
        if waiting.is_demo != self.demo_data.is_there:
            self.demo_data.know(is_there=waiting.is_demo)

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""
        history = self.operations.history
        self.toast.say(title, more, can_undo=can_undo)
        if can_undo:
            self.toast.expect(history.outgoing, self.operations.now)
        self.operations.activity.note(title, more)

    def say_done(self, changes: Changes) -> None:
        """Say what an operation did, what it left alone and why, with the way back."""
        self.say(receipts.done(changes), receipts.why_skipped(changes.skipped),
                 can_undo=bool(changes.undo and changes.done))  # fmt: skip

    def file_came_in(self, report: ImportReport) -> None:
        """Say what a watched folder brought, and show it everywhere."""
        self.operations.changed.emit(Changes(f"Import {report.file}", Touched.ALL))
        self.say(f"{report.file} came in from a watched folder.", report.message.split("\n")[0])

    def complain(self, title: str, advice: str) -> None:
        """Show a failure where the work is."""
        self.messages.complain(title, advice)

    def state_changed(self) -> None:
        """Bring menus and buttons up to date."""
        if self._current:
            self.register.refresh()

    # ---- undo, redo, repeat ---------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last thing that was done here."""
        self.operations.history.undo()

    def repeat(self) -> None:
        """Do the last thing again, to what is selected now."""
        last = self.operations.history.last
        if self.page is not None and last is not None and last.again is not None:
            self.page.repeat(last)

    def _turned(self, changes: Changes) -> None:
        self.say(changes.label, receipts.why_skipped(changes.skipped))

    def _kept(self, turning: Turning, problem: Problem | None) -> None:
        """Say why something cannot be taken back, and what can be done instead."""
        changes = turning.changes
        said = problem or Problem(changes.label, receipts.why_skipped(changes.skipped))
        if not said.details:
            self.messages.complain(said.title, said.advice, instead_of_undo(self, turning))

    # ---- files ----------------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Let the person choose files to import."""
        self.files.choose_files()

    def import_files(self, paths: Sequence[Path]) -> None:
        """Preview files, one after the other; nothing is stored before a person says so."""
        self.imports.add(paths)

    def import_again(self, name: str, content: bytes) -> None:
        """Preview a file that came in before and is kept here."""
        self.imports.add_again(name, content)

    def show_imports(self) -> None:
        """Show the files that are being imported instead of the page."""
        if self.stack.currentWidget() is not self.imports:
            is_first = "first_run" in vars(self) and self.stack.currentWidget() is self.first_run
            self._before_imports = FIRST_RUN if is_first else self._current
        self._current = ""
        self.register.page = EVERYWHERE
        self.sidebar.show_page("")
        self.stack.setCurrentWidget(self.imports)
        self.register.refresh()

    def leave_imports(self, query: str = "") -> None:
        """Go back to where one was, or to the orders that a search finds."""
        if query:
            self.go("orders", query)
        elif self.stack.currentWidget() is self.imports:
            if self._before_imports == FIRST_RUN:
                self.show_first_run(ORDERS)
                self.first_run.carry_on()
            elif self._before_imports in self.pages:
                self.go(self._before_imports)
            else:  # files came with the start; the store may have been empty before
                self.stack.setCurrentWidget(next(iter(self.pages.values())))
                self.open()

    def save_file(self, name: str, content: bytes) -> None:
        """Let the person choose where a file goes, and write it there."""
        self.files.save_file(name, content)

    # ---- the window itself ----------------------------------------------------------------------

    def action(self, command_id: str) -> QAction:
        """Return a command as Qt knows it."""
        return self.register.action(command_id)

    def showEvent(self, event: QShowEvent) -> None:
        """Bring the commands up to date once."""
        super().showEvent(event)
        self.register.refresh()

    def asked_again(self, paths: Sequence[Path]) -> None:
        """Come forward because Orderdeck was started once more, with files or without."""
        self.come_forward()
        if paths:
            self.import_files(paths)

    def quit(self) -> None:
        """Close, whatever stays in the tray."""
        self._is_quitting = True
        if self.close():
            QApplication.quit()

    def _close_again(self) -> None:
        if self._is_quitting:
            self.quit()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the shape of the window; an import that is under way is finished at the next start."""
        self.remember(self._current)
        if self.notifier.stays and not self._is_quitting:
            self.hide()
            event.ignore()
        elif self.leaving.may():
            super().closeEvent(event)
        else:
            event.ignore()
