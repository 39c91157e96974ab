"""The page Inventory: SKUs by location, and one SKU's whole story beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from app.domain.changes import Touched
from app.domain.promising.waterfall import Promise
from app.domain.search_fields import SKU_FIELDS
from app.queries import inventory
from app.queries.inventory import InventoryRow, LocationRow, inventory_row, location_rows
from app.queries.promising import promises_of
from app.queries.stock_history import MovementRow, movements
from app.services.desk import Desk
from app.ui.commands import Command
from app.ui.lists.list_page import ListPage
from app.ui.lists.sources import Queries
from app.ui.lists.views import View
from app.ui.pages.inventory.actions import StockActions
from app.ui.pages.inventory.columns import inventory_columns
from app.ui.pages.inventory.detail import SHOWN_MOVEMENTS, SkuPane
from app.ui.pages.inventory.looking_back import LookingBack
from app.ui.pages.page import Shell
from app.ui.timers import once
from app.ui.widgets.empty import EmptyState

VIEWS = (
    View("all", "All", "", "Everything in the catalogue"),
    View("low", "Sold out", "is:low", "Nothing is for sale"),
    View("negative", "Oversold", "is:negative", "More is promised than is there"),
    View("kits", "Kits", "is:kit", "Sold as one, packed as several"),
)
BEFORE_PLACES = 3


@dataclass(frozen=True, slots=True)
class Story:
    """What the pane shows of one SKU."""

    row: InventoryRow | None
    promises: Sequence[Promise]
    moves: Sequence[MovementRow]


def read_story(desk: Desk, code: str, place: str | None, bucket: str | None) -> Story:
    """Read everything about one SKU."""
    row = desk.read(inventory_row, code)
    if row is None:
        return Story(None, (), ())
    promises = desk.read(promises_of, code, now=desk.now())
    moves = desk.read(movements, code, location=place, bucket=bucket, limit=SHOWN_MOVEMENTS)
    return Story(row, promises, moves)


class InventoryPage(ListPage):
    """See what lies where, and change it with a reason."""

    pane: SkuPane
    id = "inventory"
    title = "Inventory"
    icon = "inventory"
    letter = "I"
    interests = Touched.STOCK | Touched.ORDERS | Touched.SETTINGS
    search_hint = "Search SKUs and titles"
    search_fields = SKU_FIELDS
    noun = ("SKU", "SKUs")

    def __init__(self, shell: Shell) -> None:
        self.row: InventoryRow | None = None
        self._looking_back: LookingBack | None = None
        self.places: list[LocationRow] = []
        self.verbs = StockActions(shell, self)
        super().__init__(
            shell,
            queries=Queries(inventory.inventory_rows, inventory.count_skus),
            columns=inventory_columns(()),
            views=VIEWS,
            sort="code",
        )
        self._read_soon = once(self, 60, self.read_detail)
        self.list.current_changed.connect(self._follow)
        self.list.clicked.connect(self._clicked)

    def make_detail(self) -> QWidget:
        """Return the pane of the SKU."""
        self.pane = SkuPane(self.verbs, self.shell.open_order)
        self.pane.answered.connect(self.list.setFocus)
        self.pane.show_nothing()
        return self.pane

    def refresh(self) -> None:
        """Read the locations, then the grid."""
        self.operations.query(location_rows, then=self._placed, slot=(self.id, "places"))
        super().refresh()
        self._read_soon.start()

    def _placed(self, places: list[LocationRow]) -> None:
        if [place.name for place in places] != [place.name for place in self.places]:
            self.model.set_columns(inventory_columns(places))
            self.list.size_columns()
        self.places = places

    def say_empty(self, empty: EmptyState) -> None:
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
        self.row = story.row
        if story.row is not None:
            self.pane.show_sku(story.row, story.promises, story.moves, self.operations.now())
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
        actions = self.verbs

        def can() -> str:
            if self.row is None:
                return "no SKU is selected"
            return "a kit has no stock of its own" if self.row.is_kit else ""

        def command(
            name: str, title: str, run: Callable[[], object], key: str, icon: str
        ) -> Command:
            return Command(f"inventory.{name}", title, run, key, icon, "Stock", self.id, can)

        return (
            command("receive_units", "Receive…", actions.receive, "R", "receive"),
            command("count_units", "Count…", actions.count, "C", "count"),
            command("adjust_units", "Adjust…", actions.adjust, "D", "adjust"),
            command("move_units", "Move…", actions.transfer, "M", "transfer"),
            Command(
                "inventory.look_back",
                "Look back in time…",
                self.look_back,
                "T",
                "clock",
                "Stock",
                self.id,
                lambda: "" if self.row is not None else "no SKU is selected",
            ),
            command("set_bin", "Bin…", actions.set_bin, "B", "location"),
        )
