"""The page Channels: what each channel is still to be told, and every file that came or went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QPushButton, QStackedWidget, QWidget

from app.domain.changes import Changes, Touched
from app.queries.files import ExportRow, ImportRow, exports_done, imports_done
from app.services.desk import Desk, ExportedFile, WaitingExport
from app.ui import statuses
from app.ui.commands import Command
from app.ui.exporting import exporter_of, write_for_channel
from app.ui.importing.host import importer_of
from app.ui.lists.columns import Pill
from app.ui.pages.channels.accounts import Accounts
from app.ui.pages.channels.messages.part import Messages
from app.ui.pages.channels.payouts.part import Payouts
from app.ui.pages.channels.policy.page import PolicySheet
from app.ui.pages.page import Page, Shell
from app.ui.receipts import why_skipped
from app.ui.taking_back import take_back_import
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, button, down, empty_out, frame, scrolling
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, exact, moment

SHOWN_FILES = 40
_DRAFT = "policy:draft:"
PARTS = ("Accounts and files", "Policy sheet", "Payouts", "Messages")
FILES, POLICY, PAYOUTS, MESSAGES = range(4)
_KINDS = {
    "ship_confirm": ("Shipping confirmations", "Write the confirmation file…", "parcel"),
    "cancel": ("Cancellations", "Write the list…", "order"),
    "quantity": ("Available quantities", "Write the quantity file…", "listing"),
}
_IMPORTS = {
    "done": Pill("Done", Tone.GOOD, "accept"),
    "confirmed": Pill("Not finished", Tone.WARN, "clock"),
    "cancelled": Pill("Stopped", Tone.NEUTRAL, "cancel"),
    "refused": Pill("Refused", Tone.BAD, "exceptions"),
    "taken_back": Pill("Taken back", Tone.NEUTRAL, "undo"),
}
_CONTENTS = {"orders": "Orders", "stock": "Stock", "catalogue": "Catalogue", "kits": "Kits",
             "listings": "Listings", "settlement": "Settlement"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the page shows."""

    waiting: Sequence[WaitingExport]
    imports: Sequence[ImportRow]
    exports: Sequence[ExportRow]


def read_traffic(desk: Desk) -> Traffic:
    """Read what waits and what went."""
    waiting = desk.exporter.waiting() if desk.exporter is not None else []
    return Traffic(
        waiting,
        desk.read(imports_done, limit=SHOWN_FILES),
        desk.read(exports_done, limit=SHOWN_FILES),
    )


class ChannelsPage(Page):
    """Hand back to channels what they have to know."""

    id = "channels"
    title = "Channels"
    icon = "channels"
    letter = "C"
    interests = (
        Touched.FILES | Touched.SHIPMENTS | Touched.ORDERS | Touched.STOCK | Touched.SETTINGS
        | Touched.QUANTITIES
    )  # fmt: skip

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._out = down(spacing=8)
        self._in = down(spacing=8)
        self.accounts = Accounts(shell)
        columns = across(
            boxed(down(self.accounts, self._out, None, spacing=14)), boxed(down(self._in, None)), spacing=34,
            margins=(24, 18, 24, 30),
        )  # fmt: skip
        columns.setStretch(0, 1)
        columns.setStretch(1, 1)
        body = boxed(columns)
        body.setObjectName("body")
        head = boxed(
            across(Text(self.title, step="heading"), 10, *self._tabs(), None,
                   button("Connect a channel…", self.accounts.connect_channel, icon_name="link"),
                   button("Import files…", shell.choose_files, icon_name="import"),
                   spacing=8, margins=(14, 7, 12, 7))
        )  # fmt: skip
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.sheet = PolicySheet(shell)
        self._stack = QStackedWidget()
        self._stack.addWidget(scrolling(body, "Files in and out"))
        self._stack.addWidget(self.sheet)
        self.payouts = Payouts(shell)
        self._stack.addWidget(self.payouts)
        self.messages = Messages(shell)
        self._stack.addWidget(self.messages)
        layout = down(head, self._stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_part(FILES)

    def _tabs(self) -> list[QPushButton]:
        made = []
        for at, title in enumerate(PARTS):
            tab = button(title, partial(self.show_part, at), kind="tab")
            tab.setCheckable(True)
            made.append(tab)
        self._parts = made
        return made

    def show_part(self, at: int) -> None:
        """Show the files, or the policy sheet."""
        self._stack.setCurrentIndex(at)
        for n, tab in enumerate(self._parts):
            tab.setChecked(n == at)
        self._refresh_part()

    def _refresh_part(self) -> None:
        if self._stack.currentIndex() == POLICY:
            self.sheet.refresh()
        elif self._stack.currentIndex() == PAYOUTS:
            self.payouts.refresh()
        elif self._stack.currentIndex() == MESSAGES:
            self.messages.refresh()

    def search(self, query: str) -> None:
        """Open what a step of a number leads to: "policy:etsy:cap" is a row of the sheet."""
        parts = {"policy": POLICY, "payouts": PAYOUTS, "messages": MESSAGES}
        self.show_part(next((at for word, at in parts.items() if query.startswith(word)), FILES))
        if query.startswith(_DRAFT):
            self.sheet.take_draft(query.removeprefix(_DRAFT))
        if query == "payouts:look":
            self.payouts.show_view(0)

    def commands(self) -> Sequence[Command]:
        """Declare what can be done about accounts."""
        accounts = self.accounts
        return (
            Command("channels.connect", "Connect a channel…", accounts.connect_channel, "", "link",
                    "File", self.id),
            Command("channels.connect_carrier", "Connect a carrier…", accounts.connect_carrier, "", "shipments",
                    "File", self.id, help="Let UPS, FedEx, USPS, DHL and others say where parcels are"),
            Command("channels.sync", "Sync all channels now", accounts.sync_all, "", "refresh",
                    "File", self.id, accounts.why_not_sync),
            Command("channels.payouts", "Show the payouts", partial(self.show_part, PAYOUTS), "", "channels",
                    "File", self.id),
            Command("channels.messages", "Show the messages to buyers", partial(self.show_part, MESSAGES), "",
                    "note", "File", self.id),
            Command("channels.check_payouts", "Check the payouts again", self.payouts.check, "", "refresh",
                    "File", self.id, help="Hold everything that was paid against the orders again"),
        )  # fmt: skip

    def refresh(self) -> None:
        """Read what waits and what went."""
        self.accounts.refresh()
        self._refresh_part()
        self.operations.ask(
            partial(read_traffic, self.operations.desk), then=self._show, slot=(self.id, "all")
        )

    def _show(self, traffic: Traffic) -> None:
        self.setUpdatesEnabled(False)
        empty_out(self._out)
        empty_out(self._in)
        self._fill(self._out, "Channels are still to be told",
                   self._cards(traffic.waiting),
                   "Every channel knows everything. When orders ship, their confirmations wait here.")  # fmt: skip
        self._out.addSpacing(18)
        self._fill(self._out, "Files written", [self._written(traffic.exports)] if traffic.exports else [],
                   "None yet.")  # fmt: skip
        self._fill(self._in, "Files taken in", [self._taken(traffic.imports)] if traffic.imports else [],
                   "None yet. Drop a channel's export file anywhere on this window.")  # fmt: skip
        self.setUpdatesEnabled(True)

    def _fill(self, box: QLayout, title: str, parts: Sequence[QWidget], nothing: str) -> None:
        box.addWidget(Text(title, step="strong"))
        for part in parts or [Text(nothing, quiet=True, wraps=True)]:
            box.addWidget(part)

    def _cards(self, waiting: Sequence[WaitingExport]) -> list[QWidget]:
        """Show first what customers wait for; quantities together in one card."""
        quantities = [each for each in waiting if each.kind == "quantity"]
        cards = [self._waiting(each) for each in waiting if each.kind != "quantity"]
        return [*cards, self._quantities(quantities)] if quantities else cards

    def _quantities(self, waiting: Sequence[WaitingExport]) -> QWidget:
        card = frame("card")
        grid = _grid()
        grid.setContentsMargins(14, 11, 12, 11)
        grid.setVerticalSpacing(3)
        grid.addWidget(Text("Available quantities that have moved", step="strong"), 0, 0, 1, 3)
        for at, each in enumerate(waiting, 1):
            grid.addWidget(Text(each.account), at, 0)
            grid.addWidget(Text(count_of(each.count, "listing"), quiet=True), at, 1)
            write = button("Write the file…", partial(self.write, each), kind="link",
                           name=f"Write the quantity file of {each.account}")  # fmt: skip
            grid.addWidget(write, at, 2)
        card.setLayout(grid)
        return card

    def _waiting(self, each: WaitingExport) -> QWidget:
        title, verb, noun = _KINDS.get(each.kind, (each.kind, "Write the file…", "message"))
        card = frame("card")
        words = down(
            Text(f"{each.account}: {title.lower()}", step="strong"),
            Text(f"{count_of(each.count, noun)} to tell {statuses.channel(each.channel)}", quiet=True),
            spacing=1,
        )  # fmt: skip
        kind = "" if each.kind == "quantity" else "primary"
        write = button(verb, partial(self.write, each), kind=kind, icon_name="export",
                       name=f"{verb} {each.account}")  # fmt: skip
        row = across(IconLabel("export", Tone.ACCENT), spacing=11, margins=(14, 10, 12, 10))
        row.addLayout(words, 1)
        row.addWidget(write)
        card.setLayout(row)
        return card

    def _written(self, rows: Sequence[ExportRow]) -> QWidget:
        grid = _grid()
        now = self.operations.now()
        for at, row in enumerate(rows):
            title = _KINDS.get(row.kind, (row.kind, "", "row"))[0]
            words = down(
                Elided(row.name),
                Text(f"{row.account}, {title.lower()}", quiet=True, step="small"),
                spacing=0,
            )
            grid.addLayout(words, at, 0)
            grid.addWidget(Text(count_of(row.rows, "row"), quiet=True), at, 1)
            grid.addWidget(Text(moment(row.created_at, now), quiet=True).hint(
                f"{exact(row.created_at)}\n{row.actor}"), at, 2)  # fmt: skip
            again = button("Save again…", partial(self.save_again, row.id), kind="link",
                           name=f"Save {row.name} again")  # fmt: skip
            grid.addWidget(again, at, 3)
        return boxed(grid)

    def _taken(self, rows: Sequence[ImportRow]) -> QWidget:
        grid = _grid()
        now = self.operations.now()
        for at, row in enumerate(rows):
            what = _CONTENTS.get(row.kind, "File")
            where = f" from {statuses.channel(row.channel)}" if row.channel else ""
            words = down(
                Elided(row.name),
                Text(f"{what}{where}{_outcome(row)}", quiet=True, step="small"),
                spacing=0,
            )
            grid.addLayout(words, at, 0)
            grid.addWidget(PillLabel(_IMPORTS.get(row.state, _IMPORTS["done"])), at, 1)
            grid.addWidget(Text(moment(row.confirmed_at, now), quiet=True).hint(
                f"{exact(row.confirmed_at)}\n{row.actor}"), at, 2)  # fmt: skip
            if row.can_be_taken_back:
                back = button("Take back", partial(self.take_back, row.id), kind="link",
                              name=f"Take {row.name} back",
                              hint="What nobody has worked on since; importing the file again brings it back")  # fmt: skip
                grid.addWidget(back, at, 3)
            elif row.state == "taken_back":
                again = button("Import again…", partial(self.import_again, row.id), kind="link",
                               name=f"Import {row.name} again",
                               hint="Shows what would come in; nothing is stored before you say so")  # fmt: skip
                grid.addWidget(again, at, 3)
            if row.kind == "orders" and row.report.get("rejected"):
                save = button("Save rejects…", partial(self.save_rejects, row.id), kind="link",
                              name=f"Save the rejects of {row.name}",
                              hint="The rows that were kept back, to repair and import again")  # fmt: skip
                grid.addWidget(save, at, 4)
        return boxed(grid)

    # ---- acting ---------------------------------------------------------------------------------

    def import_again(self, import_id: int) -> None:
        """Preview a file that came in before, from the bytes that are kept here."""
        importer = importer_of(self.operations.desk)
        self.operations.ask(
            partial(importer.kept, import_id), then=lambda kept: self.shell.import_again(*kept)
        )

    def save_rejects(self, import_id: int) -> None:
        """Save what an import kept back, as a file to repair."""
        importer = importer_of(self.operations.desk)
        self.operations.ask(
            partial(importer.rejects_of, import_id), then=lambda kept: self.shell.save_file(*kept)
        )

    def take_back(self, import_id: int) -> None:
        """Take back what an import brought, as far as nobody has worked on it since."""
        self.operations.write(
            partial(take_back_import, self.operations.desk, import_id), then=self._taken_back
        )

    def _taken_back(self, changes: Changes) -> None:
        self.shell.say(changes.label, why_skipped(changes.skipped))

    def write(self, each: WaitingExport) -> None:
        """Write the file of everything that waits for one channel, then ask where it goes."""
        write_for_channel(self.shell, each.account_id, each.account, each.kind)

    def save_again(self, export_id: int) -> None:
        """Save a file that was written before, byte for byte."""
        self.operations.ask(lambda: exporter_of(self.operations).again(export_id), then=self._save)

    def _save(self, file: ExportedFile) -> None:
        self.shell.save_file(file.name, file.content)


def _outcome(row: ImportRow) -> str:
    new, held = row.report.get("orders_new"), row.report.get("rejected") or ()
    parts = [count_of(new, "new order")] if isinstance(new, int) and new else []
    if held:
        parts.append(f"{count_of(len(held), 'row')} kept back")
    return f": {', '.join(parts)}" if parts else ""


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 4, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(9)
    grid.setColumnStretch(0, 1)
    return grid
