"""The page Shipments: every parcel that left, the newest first, and one parcel's way beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.domain.changes import Changes, Touched
from app.domain.search_fields import SHIPMENT_FIELDS
from app.queries import shipments
from app.queries.parcel_board import board
from app.queries.shipments import ParcelDetail, parcel_detail
from app.services.returning.announcing import ReturnableLine, returnable_lines
from app.ui.commands import Command
from app.ui.lists.list_page import ListPage
from app.ui.lists.sources import Queries
from app.ui.lists.views import View
from app.ui.pages.page import Shell
from app.ui.pages.returns import questions
from app.ui.pages.shipments import noting
from app.ui.pages.shipments.board import Board
from app.ui.pages.shipments.columns import parcel_columns
from app.ui.pages.shipments.detail import ParcelPane, Verbs
from app.ui.pages.shipments.meanings import Meanings
from app.ui.pages.shipments.recovery import Recovery
from app.ui.timers import every, once
from app.ui.widgets.controls import button
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.form import Field, Question, Values

VIEWS = (
    View("today", "Today", "shipped:today -is:voided", "What left today", descending=True),
    View("untold", "Not told yet", "is:untold", "The channel does not have the tracking number"),
    View("unscanned", "Not scanned", "is:unscanned", "No carrier has seen it yet", "quiet"),
    View("trouble", "In trouble", "is:trouble", "Delayed, held, not delivered or lost", "quiet"),
    View("transit", "On the way", "is:transit", "Left, and not arrived; what left first stands first"),
    View("late", "Late", "is:late", "Promised to have arrived by now", "arrive_by"),
    View("delivered", "Delivered", "is:delivered", "The carrier says that it arrived",
         descending=True),
    View("voided", "Voided", "is:voided", "Taken back before it left", descending=True),
    View("all", "All", "", "Every parcel that this desk shipped", descending=True),
)  # fmt: skip
_EMPTY = {
    "today": ("shipments", "Nothing has left yet today",
              "Parcels appear here as soon as they are marked as shipped."),
    "untold": ("done", "Every channel knows", "Each parcel's tracking number is in a file."),
    "unscanned": ("done", "Every parcel was scanned", "Its carrier has each of them."),
    "trouble": ("done", "No parcel is in trouble", ""),
    "transit": ("done", "Nothing is on its way", ""),
    "late": ("done", "No parcel is late", ""),
    "delivered": ("shipments", "No parcel has arrived yet", ""),
    "voided": ("done", "Nothing was taken back", ""),
}  # fmt: skip
VOID_REASONS = (
    "Wrong tracking number",
    "It did not leave",
    "Wrong item packed",
    "Label was reprinted",
)
TICK_MS = 60_000
SOON_MS = 60


class ShipmentsPage(ListPage):
    """Follow what left, and take back what did not."""

    pane: ParcelPane
    id = "shipments"
    title = "Shipments"
    icon = "shipments"
    letter = "S"
    interests = Touched.SHIPMENTS | Touched.FILES | Touched.ORDERS
    search_hint = "Search parcels, orders, buyers"
    search_fields = SHIPMENT_FIELDS
    noun = ("parcel", "parcels")

    def __init__(self, shell: Shell) -> None:
        self.detail: ParcelDetail | None = None
        self.meanings = Meanings(shell, self)
        super().__init__(
            shell,
            queries=Queries(
                shipments.parcel_rows,
                shipments.count_parcels,
                shipments.matching_parcels,
                shipments.rows_of,
            ),
            columns=parcel_columns(shell.operations.now),
            views=VIEWS,
            sort="shipped_at",
            descending=True,
        )
        self._read_soon = once(self, SOON_MS, self.read_detail)
        self.list.current_changed.connect(self._follow)
        self.list.opened.connect(lambda _row: self.open_its_order())
        every(self, TICK_MS, self.list.viewport().update).start()

    def _lay_out(self) -> None:
        """Put the board between the head and the list."""
        super()._lay_out()
        self.board = Board(self.search, self.operations.now)
        shape = self.layout()
        if isinstance(shape, QBoxLayout):
            shape.insertWidget(1, self.board)
            shape.insertWidget(2, self.meanings.strip)

    def make_detail(self) -> QWidget:
        """Return the pane of the parcel."""
        verbs = Verbs(
            self.open_its_order, self.copy_tracking, self.void, lambda: self.shell.go("channels"),
            self.note_scan, self.open_its_case,
        )  # fmt: skip
        self.recovery = Recovery(self.shell, self)
        self.pane = ParcelPane(verbs, self.operations.now, self.recovery.sections)
        self.pane.answered.connect(self.list.setFocus)
        self.pane.show_nothing()
        return self.pane

    def fixed(self) -> dict[str, Any]:
        """Return the time by which today and late are told."""
        return {"now": self.operations.now()}

    def say_empty(self, empty: EmptyState, has_orders: bool) -> None:
        """Say why this view is empty, and lead on."""
        if not has_orders:
            self.say_first_steps(empty, "shipments", "No parcels yet")
        elif self.view.key in _EMPTY:
            show = ("Show all parcels", lambda: self.show_view(VIEWS[-1]))
            empty.say(*_EMPTY[self.view.key], show)
        else:
            empty.say("shipments", "No parcels yet",
                      "Accept orders, then mark them as shipped with their tracking numbers.",
                      ("Orders to ship", lambda: self.shell.go("orders", "is:toship")))  # fmt: skip

    # ---- following the cursor -------------------------------------------------------------------

    def _follow(self, row: Any | None) -> None:
        self.meanings.follow(row.id if row is not None else 0)
        if row is None:
            self.detail = None
            self.pane.show_nothing()
            self.shell.state_changed()
        else:
            self._read_soon.start()

    def read_detail(self) -> None:
        """Read the parcel under the cursor."""
        row = self.list.current_row
        if row is not None:
            self.operations.query(
                parcel_detail, parcel_id=row.id, then=self._show_detail, slot=(self.id, "detail")
            )

    def _show_detail(self, detail: ParcelDetail) -> None:
        row = self.list.current_row
        if row is None or row.id != detail.row.id:
            return
        self.detail = detail
        if not self.meanings.is_shown:
            self.pane.show_parcel(detail)
            self.recovery.read(detail)
        self.shell.state_changed()

    def refresh(self) -> None:
        """Read the list, the board, the codes and the parcel again."""
        super().refresh()
        self._read_soon.start()
        self.operations.query(
            board, now=self.operations.now(), then=self.board.say, slot=(self.id, "board"),
            otherwise=lambda _problem: self.board.cannot_say(),
        )  # fmt: skip
        self.meanings.read()

    def show_again(self) -> None:
        """Draw the parcel again: more is known of it."""
        if self.detail is not None:
            self.pane.show_parcel(self.detail)

    def header_tools(self) -> Sequence[QWidget]:
        """Lead to what comes back."""
        go = partial(self.shell.go, "returns")
        return (button("Returns", go, icon_name="undo", hint="What comes back (G, B)"),)

    # ---- verbs ----------------------------------------------------------------------------------

    def open_its_order(self) -> None:
        """Show the order that the parcel belongs to."""
        row = self.list.current_row
        if row is not None:
            self.shell.open_order(row.order_id)

    def copy_tracking(self) -> None:
        """Copy the tracking number, for the carrier's own page."""
        row = self.list.current_row
        if row is not None:
            QGuiApplication.clipboard().setText(row.tracking_number)
            self.shell.say(f"Copied {row.tracking_number}", f"{row.carrier}, order {row.number}")

    def open_its_case(self) -> None:
        """Show the case about the parcel."""
        row = self.list.current_row
        if row is not None:
            self.shell.go("exceptions", f'order:"{row.number}"')

    def ask_carrier(self) -> None:
        """Ask the carriers at once where what is selected is."""
        self.list.selected_ids(
            lambda ids: self.operations.run("ask_about_parcels", then=self._asked,
                                            otherwise=self.complain, shipment_ids=ids)
        )  # fmt: skip

    def _asked(self, changes: Changes) -> None:
        self.done(changes)
        if self.operations.desk.sync is not None:
            self.operations.desk.sync.sync_now()

    def note_scan(self) -> None:
        """Ask where the parcel is, and write it into its timeline."""
        row = self.list.current_row
        if row is not None:
            self.ask(noting.question_of(row, partial(self._note, row.id)))

    def _note(self, parcel_id: int, values: Values) -> None:
        answered = noting.answered(values, self.operations.now())
        self.run("record_scan", shipment_ids=[parcel_id], **answered)

    def void(self) -> None:
        """Ask why, and take the parcel back."""
        row = self.list.current_row
        if row is None:
            return
        question = Question(
            f"Take back the parcel of {row.number}",
            [Field("reason", "Why", is_needed=True)], "Take it back",
            lambda values: self.run(
                "void_shipments", fulfilment_order_ids=[row.fulfilment_order_id],
                reason=str(values["reason"]),
            ),
            note="Its units go back to their shelf, and the order waits to be shipped again. "
            "The channel was not told of it.",
            kind="danger", suggestions=[(each, each) for each in VOID_REASONS],
        )  # fmt: skip
        self.ask(question)

    def announce(self) -> None:
        """Ask what of the order comes back, and expect it."""
        if self.detail is not None:
            order_id = self.detail.row.order_id
            self.operations.query(returnable_lines, order_id=order_id, then=self._ask_back)

    def _ask_back(self, lines: Sequence[ReturnableLine]) -> None:
        if self.detail is None:
            return
        row = self.detail.row
        if not lines:
            self.shell.complain(f"Nothing of order {row.number} can come back.",
                                "All of it is on its way back already, or here.")  # fmt: skip
            return
        self.ask(questions.announce(row.number, lines, partial(
            self.run, "open_return", order_id=row.order_id)))  # fmt: skip

    # ---- commands -------------------------------------------------------------------------------

    def commands(self) -> Sequence[Command]:
        """Declare the verbs."""
        return [
            Command("shipments.open_order", "Open its order", self.open_its_order, "O", "orders",
                    "Order", self.id, self._no_parcel),
            Command("shipments.copy_tracking", "Copy tracking number", self.copy_tracking, "C",
                    "copy", "Order", self.id, self._no_parcel),
            Command("shipments.note_scan", "Note a scan…", self.note_scan, "N", "location", "Order",
                    self.id, self._no_parcel, help="Say by hand where the parcel is"),
            Command("shipments.ask_carrier", "Ask the carrier now", self.ask_carrier, "Q", "refresh", "Order",
                    self.id, self._no_parcel, help="Ask where the parcels are, before the next look"),
            Command("shipments.codes", "Codes without a meaning", self.meanings.show, "M", "info",
                    "Order", self.id, self.meanings.why_not,
                    help="What carriers said that nobody has given a meaning"),
            Command("shipments.void_parcel", "Void parcel…", self.void, "V", "cancel", "Order",
                    self.id, self._not_voidable,
                    help="It did not leave: its units go back, the order waits again"),
            Command("shipments.announce_return", "Return…", self.announce, "R", "undo", "Order",
                    self.id, self._no_parcel, help="The customer sends something of it back"),
            *self.recovery.commands(),
        ]  # fmt: skip

    def _no_parcel(self) -> str:
        return "" if self.list.current_row is not None else "no parcel is selected"

    def _not_voidable(self) -> str:
        row = self.list.current_row
        if row is None:
            return "no parcel is selected"
        if row.voided_at is not None:
            return "it was taken back already"
        return "" if row.told in ("pending", "") else "its channel was told already"
