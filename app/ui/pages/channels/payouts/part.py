"""The payouts of all channels: what fits, what waits, what differs, each down to its lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.money import to_decimal
from app.queries.payout_findings import FindingRow, findings
from app.queries.payouts import LineRow, PayoutRow, lines_of_payout, payout_of, payout_rows
from app.services.desk import Desk
from app.ui.pages.channels.list_part import ListPart
from app.ui.pages.channels.payouts.columns import payout_columns
from app.ui.pages.channels.payouts.pane import PayoutPane, Told, Verbs
from app.ui.pages.orders.sections import wording
from app.ui.pages.page import Shell
from app.ui.widgets.controls import button
from app.ui.widgets.form import Field, Question

VIEWS: Final = (("look", "To look at"), ("waits", "Not paid out yet"), ("all", "All"))
ALL: Final = 2


def _is_in(row: PayoutRow, view: str) -> bool:
    if view == "look":
        has_strangers = bool(row.loose and row.orders)  # orders of that time are here, but not all
        return bool(row.differences) or has_strangers or row.state in ("differs", "bare")
    return view == "all" or row.state == "waits"


def read_payout(desk: Desk, payout_id: int) -> Told | None:
    """Read everything about one payout."""
    payout = desk.read(payout_of, payout_id)
    if payout is None:
        return None
    words = wording(desk.now())
    lines = desk.read(lines_of_payout, payout_id)
    return Told(payout, lines, desk.read(findings, payout_id=payout_id, wording=words))


class Payouts(ListPart):
    """The list of payouts, and beside it the one that is selected."""

    name = "Payouts"
    views = tuple(title for _key, title in VIEWS)
    sizes = (1250, 470)
    pane: PayoutPane

    def __init__(self, shell: Shell) -> None:
        self._told: Told | None = None
        now = shell.operations.now
        pane = PayoutPane(Verbs(self.accept, self.reopen, shell.open_order, self.save), now)
        super().__init__(shell, payout_columns(now), pane, first=ALL)
        self.pane.show_nothing()

    def tools(self) -> Sequence[QWidget]:
        """Offer to check again."""
        check = button("Check again", self.check, icon_name="refresh",
                       hint="Hold everything that was paid against the orders again")  # fmt: skip
        return (check,)

    def read(self, desk: Desk, view: int) -> Sequence[PayoutRow]:
        """Read the payouts of one view; there are some hundreds a year."""
        return [row for row in desk.read(payout_rows, limit=None) if _is_in(row, VIEWS[view][0])]

    def refresh(self) -> None:
        """Read the list, and what is selected, again."""
        super().refresh()
        if self._told is not None:
            self._read_payout(self._told.payout.id)

    def say_nothing(self, view: int) -> None:
        """Say why nothing is here."""
        if view == ALL:
            self.empty.say(
                "import", "No payout is here yet",
                "Import the settlement or transaction report of a channel: each amount is held against "
                "your orders, to the cent.", ("Import files…", self.shell.choose_files),
            )  # fmt: skip
            return
        what = "Everything that was paid fits" if view == 0 else "Nothing waits to be paid out"
        self.empty.say("done", what, "", ("Show all payouts", partial(self.show_view, ALL)))

    def follow(self, row: PayoutRow | None) -> None:
        """Show a payout."""
        if row is None:
            self._told = None
            self.pane.show_nothing()
        else:
            self._read_payout(row.id)

    def _read_payout(self, payout_id: int) -> None:
        self._operations.ask(
            partial(read_payout, self._operations.desk, payout_id), then=self._show, slot="payout"
        )

    def _show(self, told: Told | None) -> None:
        if told is None:
            self.follow(None)
            return
        is_same = self._told is not None and self._told.payout.id == told.payout.id
        self._told = told
        self.pane.show_payout(told, is_same=is_same)

    # ---- acting ---------------------------------------------------------------------------------

    def check(self) -> None:
        """Hold everything that was paid against the orders again."""
        self.run("check_payouts")

    def accept(self, row: FindingRow) -> None:
        """Ask why something is right as it was paid."""
        self.pane.ask(Question(
            f"{f'Order {row.number}' if row.number else 'This payout'} is right as it was paid",
            [Field("reason", "Why", is_needed=True, placeholder="I agreed with the channel …")], "It is right",
            lambda v: self.run("accept_payout_findings", finding_ids=[row.id], reason=str(v["reason"])),
            note="It is asked about again once its amount changes.",
        ))  # fmt: skip

    def reopen(self, row: FindingRow) -> None:
        """Ask about it again."""
        self.run("reopen_payout_findings", finding_ids=[row.id])

    def save(self, told: Told) -> None:
        """Save every line of a payout as a file for a spreadsheet."""
        exporter = self._operations.desk.exporter
        if exporter is None:
            return
        name = f"payout {told.payout.account} {told.payout.ref}.csv"
        safe = "".join(sign if sign.isalnum() or sign in " .-" else "_" for sign in name)
        self.shell.save_file(safe, exporter.table("csv", _HEADER, map(_cells, told.lines)))


_HEADER: Final = ("booked", "order", "type", "what", "item", "amount", "currency", "file", "line")


def _cells(line: LineRow) -> tuple[str | int | Decimal, ...]:
    """Return a line of a payout as a file has it: the amount is a number, whatever its sign."""
    return (line.posted_at.isoformat(), line.number or line.order_ref, line.type, line.label,
            line.item_ref, to_decimal(line.amount, line.currency), line.currency, line.file,
            line.raw_line)  # fmt: skip
