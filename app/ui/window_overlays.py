"""What lies over the window's pages? Boxes, each made when it is first wanted.

The window can be seen before most of them exist; what they are made of is loaded with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget

from app.domain.changes import Changes
from app.domain.papers import PaperKind
from app.ui.asking import Asking, Decision
from app.ui.commands import Register
from app.ui.drop_zone import DropZone
from app.ui.focus_order import next_stop
from app.ui.key_sheet import KeySheet
from app.ui.keys import Keymap
from app.ui.lists.list_page import ListPage
from app.ui.notifying import Notifier, NotifySettings
from app.ui.operations import Operations
from app.ui.overlay import Overlay
from app.ui.pages.page import Page
from app.ui.theme import Theme
from app.ui.window_files import dropped
from app.ui.window_shape import ShapedWindow

if TYPE_CHECKING:
    from app.ui.about import About
    from app.ui.activity_list import ActivityList
    from app.ui.key_editor import KeyEditor
    from app.ui.manual import Manual
    from app.ui.palette import Palette
    from app.ui.planning.view import PlanView
    from app.ui.printing.preview import PrintPreview
    from app.ui.search_sheet import SearchSheet


class OverlaidWindow(ShapedWindow):
    """A window with boxes over its pages."""

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__(operations, theme)
        self.register = Register(self, Keymap(self.settings))
        self.notifier: Notifier
        self.stack: QStackedWidget

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        raise NotImplementedError

    def go(self, page: str, query: str | None = None) -> None:
        """Show a page, with a search if one is given."""
        raise NotImplementedError

    def open_order(self, order_id: int) -> None:
        """Show an order on the page Orders."""
        raise NotImplementedError

    def open_sku(self, code: str) -> None:
        """Show a SKU on the page Inventory."""
        raise NotImplementedError

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""
        raise NotImplementedError

    def say_done(self, changes: Changes) -> None:
        """Say what an operation did, what it left alone and why, with the way back."""
        raise NotImplementedError

    def complain(self, title: str, advice: str) -> None:
        """Say what could not be done, and what to do about it."""
        raise NotImplementedError

    def import_files(self, paths: Sequence[Path]) -> None:
        """Preview files, one after the other; nothing is stored before a person says so."""
        raise NotImplementedError

    # ---- the boxes ------------------------------------------------------------------------------

    @cached_property
    def palette_box(self) -> Palette:
        """Every command, page and order, by a few letters."""
        from app.ui.palette import Palette

        return Palette(self, self.register, self.operations)

    @cached_property
    def key_sheet(self) -> KeySheet:
        """All keys on one sheet."""
        return KeySheet(self, self.register)

    @cached_property
    def key_editor(self) -> KeyEditor:
        """Where commands get other keys."""
        from app.ui.key_editor import KeyEditor

        return KeyEditor(self, self.register)

    @cached_property
    def search_sheet(self) -> SearchSheet:
        """What a search understands."""
        from app.ui.search_sheet import SearchSheet

        return SearchSheet(self)

    @cached_property
    def activity_list(self) -> ActivityList:
        """What is under way and what was said."""
        from app.ui.activity_list import ActivityList

        return ActivityList(self, self.operations.activity)

    @cached_property
    def prints(self) -> PrintPreview:
        """Papers as they will be printed."""
        from app.ui.printing.preview import PrintPreview

        return PrintPreview(self)

    @cached_property
    def plan_view(self) -> PlanView:
        """The plan for the whole queue."""
        from app.ui.planning.view import PlanView

        return PlanView(self)

    @cached_property
    def drop_zone(self) -> DropZone:
        """Where files are dropped."""
        return DropZone(self, self.stack)

    @cached_property
    def about(self) -> About:
        """Version, licence and where the data lies."""
        from app.ui.about import About

        store, actor = self.operations.desk.store, self.operations.desk.actor
        return About(self, str(store.path or store.label), actor.name)

    @cached_property
    def manual(self) -> Manual:
        """How everything works."""
        from app.ui.manual import Manual

        return Manual(self, self.operations)

    @cached_property
    def asking(self) -> Asking:
        """The question before what cannot be taken back."""
        return Asking(self)

    @cached_property
    def notify_settings(self) -> NotifySettings:
        """What a person is called for."""
        return NotifySettings(self, self.notifier)

    # ---- opening and closing them ---------------------------------------------------------------

    def open_palette(self) -> None:
        """Offer every command, page and order."""
        self.palette_box.open()

    def open_search_help(self) -> None:
        """Show what the search of this page understands; without one, that of orders."""
        page = self.page if isinstance(self.page, ListPage) else self.pages["orders"]
        assert isinstance(page, ListPage)
        self.search_sheet.open_for(page.search_fields, partial(self.go, page.id))

    def open_keys(self) -> None:
        """Show all keys."""
        self.key_sheet.open()

    def open_key_editor(self) -> None:
        """Offer other keys for commands."""
        self.key_editor.open()

    def open_activity(self) -> None:
        """Show what is under way and what was said."""
        self.activity_list.open()

    def open_manual(self) -> None:
        """Show how everything works."""
        self.manual.open()

    def open_about(self) -> None:
        """Show the version, the licence and where the data lies."""
        self.about.open()

    def open_notify_settings(self) -> None:
        """Let the person choose what they are called for."""
        self.notify_settings.open()

    def plan_queue(self) -> None:
        """Plan the whole queue, and show what that would change."""
        self.plan_view.open()

    def print_papers(self, kind: PaperKind, order_ids: Sequence[int]) -> None:
        """Show the papers of orders as they will be printed."""
        self.prints.show_papers(kind, order_ids)

    def close_what_is_open(self) -> None:
        """Close what lies over the page, or else the window."""
        on_top = Overlay.on_top(self)
        if on_top is not None:
            on_top.leave()
        else:
            self.close()

    def confirm(self, decision: Decision) -> None:
        """Ask before something that cannot be taken back."""
        self.asking.ask(decision)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 (Qt's own name)
        """Go with Tab to what stands next; while a box is open over the page, only within it."""
        where = Overlay.on_top(self) or self.centralWidget()
        stop = next_stop(where, self.focusWidget(), forward=forward)
        if stop is not None:
            reason = Qt.FocusReason
            stop.setFocus(reason.TabFocusReason if forward else reason.BacktabFocusReason)
        return stop is not None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show where to drop."""
        if dropped(event.mimeData()):
            event.acceptProposedAction()
            self.drop_zone.open()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Stop showing it."""
        self.drop_zone.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self.drop_zone.hide()
        event.acceptProposedAction()
        self.import_files(dropped(event.mimeData()))
