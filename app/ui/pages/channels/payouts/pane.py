"""The pane of one payout: what it is made of, what differs in it, and every line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.queries.payout_findings import FindingRow
from app.queries.payouts import LineRow, PayoutRow
from app.ui import statuses
from app.ui.pages.channels.payouts.columns import state
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.pane import DetailPane, section
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, day, exact, money, sentence

SHOWN_LINES = 60
TYPES = {
    "sale": "Sale", "shipping": "Shipping", "tax": "Tax", "fee": "Fee", "postage": "Label",
    "refund": "Refund", "adjustment": "Adjustment", "reserve": "Held back", "transfer": "To your bank",
}  # fmt: skip
_WHAT_NOW = {
    "waits": "Nothing has gone to the bank for it yet, as far as your files say.",
    "running": "This is a statement of the account: what was not sent to the bank stays there.",
    "bare": "Only the payment is here. Import the channel's list of transactions to see what it is made of.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the pane shows of one payout."""

    payout: PayoutRow
    lines: Sequence[LineRow]
    findings: Sequence[FindingRow]


@dataclass(frozen=True, slots=True)
class Verbs:
    """What the buttons of the pane do."""

    accept: Callable[[FindingRow], object]
    reopen: Callable[[FindingRow], object]
    open_order: Callable[[int], object]
    save: Callable[[Told], object]


class PayoutPane(DetailPane):
    """Everything about one payout."""

    def __init__(self, verbs: Verbs, now: Callable[[], datetime]) -> None:
        super().__init__("Payout")
        self._verbs, self._now = verbs, now

    def show_nothing(self) -> None:
        """Say what can be done."""
        self.close_question()
        self.fill([], [Text("Select a payout to see its lines.", quiet=True, wraps=True)])

    def show_payout(self, told: Told, *, is_same: bool) -> None:
        """Show one payout."""
        if not is_same:
            self.close_question()
        self.fill(self._head_of(told.payout), self._body_of(told), keeps_place=is_same)

    def _head_of(self, row: PayoutRow) -> list[QWidget | QLayout]:
        on = row.paid_at.astimezone().date() if row.paid_at else None
        paid = f"Paid {day(on, self._now())}" if on else "Not paid out yet"
        return [
            Text(f"{row.account} · {row.ref or 'not named yet'}", step="heading", wraps=True, copies=True),
            across(PillLabel(state(row)), None),
            Text(f"{paid} · {count_of(row.lines, 'line')} of {count_of(row.orders, 'order')}", quiet=True,
                 wraps=True).hint(exact(row.paid_at)),
        ]  # fmt: skip

    def _body_of(self, told: Told) -> list[QWidget | QLayout]:
        parts: list[QWidget | QLayout] = []
        if told.payout.state in _WHAT_NOW:
            parts.append(Text(_WHAT_NOW[told.payout.state], wraps=True, quiet=True))
        parts += [self._finding(each) for each in told.findings if each.state == "open"]
        if told.payout.loose:
            parts.append(Text(f"{count_of(told.payout.loose, 'line')} belong to orders that are not here. Import "
                              "the orders of that time.", wraps=True))  # fmt: skip
        parts.append(_sums(told.payout))
        accepted = [each for each in told.findings if each.state == "accepted"]
        if accepted:
            parts.append(
                section("Right as it was paid", *(self._accepted(each) for each in accepted))
            )
        parts.append(self._lines(told))
        return parts

    def _finding(self, row: FindingRow) -> QWidget:
        title = f"Order {row.number}" if row.number else "This payout"
        ways: list[tuple[str, Callable[[], object]]] = [
            ("It is right like that…", partial(self._verbs.accept, row))
        ]
        if row.order_id is not None:
            ways.insert(0, ("Open the order", partial(self._verbs.open_order, row.order_id)))
        return Banner(
            title, sentence(row.sentence), tone=Tone.WARN, icon_name="exceptions", actions=ways
        )

    def _accepted(self, row: FindingRow) -> QWidget:
        who = f"{row.number or 'Payout'}: {row.sentence} {row.settled_by}: {row.reason}"
        again = button("Ask again", partial(self._verbs.reopen, row), kind="link",
                       name=f"Ask again about {row.number or 'the payout'}")  # fmt: skip
        return boxed(down(Text(who, wraps=True, quiet=True), across(again, None), spacing=2))

    def _lines(self, told: Told) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, line in enumerate(told.lines[:SHOWN_LINES]):
            grid.addWidget(self._order_of(line), at, 0)
            words = line.label if line.type == "transfer" else f"{TYPES[line.type]}: {line.label}"
            said = Elided(words, quiet=line.type != "transfer")
            grid.addWidget(said, at, 1)
            grid.addWidget(Text(money(line.amount, line.currency)).hint(
                f"{exact(line.posted_at)}\n{line.file}, line {line.raw_line}"), at, 2)  # fmt: skip
        more = len(told.lines) - SHOWN_LINES
        save = button("Save all lines…", partial(self._verbs.save, told), kind="link")
        rest = [Text(f"and {count_of(more, 'more line')}", quiet=True)] if more > 0 else []
        return section("Lines", boxed(grid), *rest, across(save, None))

    def _order_of(self, line: LineRow) -> QWidget:
        if line.order_id is None:
            return Text(line.order_ref, quiet=True).hint(
                "Not in this desk" if line.order_ref else ""
            )
        return button(line.number, partial(self._verbs.open_order, line.order_id), kind="link",
                      name=f"Open order {line.number}, line {line.raw_line}")  # fmt: skip


def _sums(row: PayoutRow) -> QWidget:
    rows = [("Sales", row.earned), ("Fees and labels", row.kept), ("Refunds", row.given_back),
            ("Other", row.other), ("Paid out", -row.paid)]  # fmt: skip
    parts: list[QWidget | QLayout] = [
        across(Text(name, quiet=True), None, Text(money(value, row.currency)))
        for name, value in rows if value
    ]  # fmt: skip
    rest = across(
        Text("Rest", step="strong"), None, Text(money(row.difference, row.currency), step="strong")
    )
    where = f" at {statuses.channel(row.channel)}" if row.state == "running" else ""
    parts += [
        rest,
        Text(f"What stays{where}" if where else "What was not paid out", quiet=True, step="small"),
    ]
    return section("What it is made of", *parts)
