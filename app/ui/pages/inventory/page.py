"""The page Inventory: SKUs by location, and one SKU's whole story beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from app.domain.changes import Touched
from app.domain.search_fields import SKU_FIELDS
from app.queries import inventory
from app.queries.channel_numbers import AccountName, account_names
from app.queries.inbound import CountRow
from app.queries.inventory import InventoryRow, LocationRow, location_rows
from app.queries.kit_trees import KitNode
from app.ui.commands import Command
from app.ui.lists.columns import Layout
from app.ui.lists.list_page import ListPage
from app.ui.lists.sources import Queries
from app.ui.lists.views import View
from app.ui.pages.inventory.columns import CHANNEL_VIEW, RECORD_VIEW, inventory_columns
from app.ui.pages.inventory.detail import SkuPane
from app.ui.pages.inventory.editing import CellEditor
from app.ui.pages.inventory.looking_back import LookingBack
from app.ui.pages.inventory.master import MasterActions
from app.ui.pages.inventory.stockroom import StockroomActions
from app.ui.pages.inventory.story import Story, read_story
from app.ui.pages.page import Shell
from app.ui.timers import once
from app.ui.widgets.empty import EmptyState

VIEWS = (
    View("all", "All", "", "Everything in the catalogue"),
    View("low", "Sold out", "is:low", "Nothing is for sale"),
    View("negative", "Oversold", "is:negative", "More is promised than is there"),
    View("coming", "On its way", "is:incoming", "Expected from suppliers and other locations"),
    View("aside", "Not for sale", "is:aside", "Damaged, in quarantine, or returned"),
    View("kits", "Kits", "is:kit", "Sold as one, packed as several"),
    View("record", "Record", "", "What is kept of each SKU; F2 edits a cell", "code",
         layout=Layout(RECORD_VIEW)),
    View("told", "Channels", "", "What each channel is told", "need", layout=Layout(CHANNEL_VIEW)),
)  # fmt: skip
BEFORE_PLACES = 3


class InventoryPage(ListPage):
    """See what lies where, and change it with a reason."""

    pane: SkuPane
    id = "inventory"
    title = "Inventory"
    icon = "inventory"
    letter = "I"
    interests = Touched.STOCK | Touched.ORDERS | Touched.SETTINGS | Touched.QUANTITIES
    search_hint = "Search SKUs and titles"
    search_fields = SKU_FIELDS
    noun = ("SKU", "SKUs")

    def __init__(self, shell: Shell) -> None:
        self.row: InventoryRow | None = None
        self._looking_back: LookingBack | None = None
        self.places: list[LocationRow] = []
        self.accounts: list[AccountName] = []
        self.counts: Sequence[CountRow] = ()
        self.tree: Sequence[KitNode] = ()
        self.verbs = StockroomActions(shell, self)
        self.master = MasterActions(shell, self)
        super().__init__(
            shell,
            queries=Queries(inventory.grid_rows, inventory.count_skus),
            columns=inventory_columns(()),
            views=VIEWS,
            sort="need",
        )
        self.editor = CellEditor(self.list, self.master.save_cell)
        self._read_soon = once(self, 60, self.read_detail)
        self.list.current_changed.connect(self._follow)
        self.list.clicked.connect(self._clicked)

    def make_detail(self) -> QWidget:
        """Return the pane of the SKU."""
        self.pane = SkuPane(self.verbs, self.master, self.shell.open_order, self.open_sku)
        self.pane.answered.connect(self.list.setFocus)
        self.pane.show_nothing()
        return self.pane

    def refresh(self) -> None:
        """Read the locations, then the grid."""
        self.operations.query(location_rows, then=self._placed, slot=(self.id, "places"))
        self.operations.query(account_names, then=self._sold_on, slot=(self.id, "accounts"))
        super().refresh()
        self._read_soon.start()

    def _placed(self, places: list[LocationRow]) -> None:
        is_new = [place.name for place in places] != [place.name for place in self.places]
        self.places = places
        if is_new:
            self._set_columns()

    def _sold_on(self, accounts: list[AccountName]) -> None:
        is_new = accounts != self.accounts
        self.accounts = accounts
        if is_new:
            self._set_columns()

    def _set_columns(self) -> None:
        self.model.set_columns(inventory_columns(self.places, self.accounts))
        self.list.size_columns()

    def say_empty(self, empty: EmptyState, has_orders: bool) -> None:
        """Say why there is nothing."""
        if self.view.key == "all":
            empty.say("inventory", "No SKUs yet",
                      "Drop a catalogue or a stock file on this window, or a channel's inventory export.",
                      ("Import a file…", self.shell.choose_files))  # fmt: skip
        else:
            empty.say("done", "None", "", ("Show everything", lambda: self.show_view(VIEWS[0])))

    # ---- one SKU --------------------------------------------------------------------------------

    def open_sku(self, code: str) -> None:
        """Show one SKU."""
        self._field.setText(f'sku:"{code}"')
        self._typing.stop()
        self.show_view(VIEWS[0])

    def _clicked(self, index: QModelIndex) -> None:
        """Open the movements behind the number that was clicked."""
        at = index.column() - BEFORE_PLACES
        chosen = self.places[at].code if 0 <= at < len(self.places) else None
        if chosen != self.pane.place:
            self.pane.place = chosen
            self.read_detail()

    def _follow(self, row: Any) -> None:
        if row is None:
            self.row = None
            self.pane.show_nothing()
        elif self.row is None or row.code != self.row.code:
            self._read_soon.start()

    def read_detail(self) -> None:
        """Read the SKU under the cursor."""
        row = self.list.current_row
        if row is not None:
            question = partial(read_story, self.operations.desk, row.code, self.pane.place,
                               self.pane.bucket)  # fmt: skip
            self.operations.ask(question, then=self._told, slot=(self.id, "detail"))

    def _told(self, story: Story) -> None:
        self.row, self.counts, self.tree = story.row, story.counts, story.tree
        if story.row is not None:
            self.pane.show_sku(story.row, story, self.operations.now())
        self.shell.state_changed()

    def look_back(self) -> None:
        """Look at this SKU at any minute."""
        if self.row is not None:
            self.looking_back().show_sku(self.row.code)

    def looking_back(self) -> LookingBack:
        """Return the time machine, made when it is first wanted."""
        if self._looking_back is None:
            self._looking_back = LookingBack(self.window(), self.shell)
        return self._looking_back

    # ---- what the actions ask -------------------------------------------------------------------

    def chosen_place(self) -> str | None:
        """Return the location that is looked at."""
        return self.pane.place

    def commands(self) -> Sequence[Command]:
        """Declare the verbs."""
        return (*self._stock_commands(), *self._master_commands())

    def _command(
        self, name: str, title: str, run: Callable[[], object], key: str, icon: str,
        why_not: Callable[[], str], group: str = "",
    ) -> Command:  # fmt: skip
        return Command(f"inventory.{name}", title, run, key, icon, "Stock", self.id, why_not,
                       group=group)  # fmt: skip

    def _any(self) -> str:
        return "no SKU is selected" if self.row is None else ""

    def _kept(self) -> str:
        if self.row is not None and self.row.is_kit:
            return "a kit has no stock of its own"
        return self._any()

    def _stock_commands(self) -> Sequence[Command]:
        do, kept = self.verbs, self._kept
        return (
            self._command("receive_units", "Receive…", do.receive, "R", "receive", kept),
            self._command("count_units", "Count…", do.count, "C", "count", kept),
            self._command("adjust_units", "Adjust…", do.adjust, "D", "adjust", kept),
            self._command("move_units", "Move…", do.transfer, "M", "transfer", kept),
            self._command("set_bin", "Bin…", do.set_bin, "B", "location", kept),
            self._command("look_back", "Look back in time…", self.look_back, "T", "clock", self._any),
            self._command("expect_units", "Expect a delivery…", do.expect, "W", "receive", kept, "way"),
            self._command("send_units", "Send to another location…", do.send, "", "transfer", kept, "way"),
            self._command("set_aside", "Set aside…", do.set_aside, "S", "hold", kept, "aside"),
            self._command("take_return", "Take a return…", do.take_return, "Y", "withdraw", kept, "aside"),
            self._command("count_shelves", "Count a location…", do.count_shelves, "", "count",
                          lambda: "" if self.places else "there is no location yet", "aside"),
        )  # fmt: skip

    def _master_commands(self) -> Sequence[Command]:
        do, any_ = self.master, self._any
        return (
            self._command("edit_cell", "Edit the cell", self.editor.open, "F2", "change",
                          self.editor.why_not, "master"),
            self._command("edit_record", "Edit the record…", do.edit, "E", "change", any_, "master"),
            self._command("add_sku", "New SKU…", do.add, "N", "inventory", lambda: "", "master"),
            self._command("set_kit", "What is in it…", do.set_kit, "I", "split", any_, "master"),
            self._command("link_code", "Link a channel's code…", do.link, "L", "link", any_, "master"),
            self._command("export_catalogue", "Export the catalogue…", do.export_catalogue, "",
                          "export", lambda: "", "files"),
            self._command("export_kits", "Export the kits…", do.export_kits, "", "export",
                          lambda: "", "files"),
        )  # fmt: skip
