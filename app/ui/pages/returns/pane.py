"""The pane of one return: what is next, its units, its money, whose it may be, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.domain.returning.custody import GRADES, Grade
from app.queries.return_matches import MatchRow
from app.queries.returns import DISPOSED, RefundRow, ReturnDetail, ReturnRow, StepRow, UnitRow
from app.services.returning.announcing import REASONS
from app.ui import statuses
from app.ui.pages.returns.columns import money_of, step
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.pane import DetailPane, section
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import exact, moment, money, sentence


@dataclass(frozen=True, slots=True)
class Verbs:
    """What the buttons of the pane do."""

    receive: Callable[[], object]
    give_up: Callable[[], object]
    inspect: Callable[[], object]
    refund: Callable[[], object]
    deny: Callable[[], object]
    paid: Callable[[], object]
    withdraw: Callable[[], object]
    match: Callable[[int], object]
    match_other: Callable[[], object]
    open_order: Callable[[], object]


class ReturnPane(DetailPane):
    """Everything about one return."""

    def __init__(self, verbs: Verbs, now: Callable[[], datetime]) -> None:
        super().__init__("Return")
        self._verbs, self._now, self._shown = verbs, now, 0

    def show_nothing(self) -> None:
        """Say that no return is selected."""
        self._shown = 0
        self.close_question()
        self.fill([], [Text("Select a return to see what is next.", quiet=True)])

    def show_return(self, detail: ReturnDetail, found: Sequence[MatchRow]) -> None:
        """Show one return, and whose it may be."""
        is_same = self._shown == detail.row.id
        if not is_same:
            self.close_question()
        self._shown = detail.row.id
        self.fill(self._head_of(detail), self._body_of(detail, found), keeps_place=is_same)

    # ---- head -----------------------------------------------------------------------------------

    def _head_of(self, detail: ReturnDetail) -> list[QWidget | QLayout]:
        row = detail.row
        about = " · ".join(
            part for part in (_who(row), f"opened {moment(row.opened_at, self._now())}") if part
        )
        head: list[QWidget | QLayout] = [
            Text(row.number, step="heading", copies=True),
            across(PillLabel(step(row)), PillLabel(money_of(row)) if row.order_id else None, None),
            Text(about, quiet=True, wraps=True),
        ]
        if made := self._buttons(row):
            head.append(across(*made, None, spacing=6))
        return head

    def _buttons(self, row: ReturnRow) -> list[QWidget]:
        """Return what can be done next, the usual first."""
        verbs = self._verbs
        offered: dict[str, list[QWidget]] = {
            "expected": [
                button("Receive…", verbs.receive, kind="primary", icon_name="receive", hint="It is here (R)"),
                button("Not coming…", verbs.give_up, icon_name="cancel", hint="Expect it no longer (U)"),
            ],
            "inspect": [
                button("Inspect…", verbs.inspect, kind="primary", icon_name="search",
                       hint="Say what you see, and where it goes (I)"),
            ],
            "put away": [
                button("Put away…", verbs.inspect, kind="primary", icon_name="inventory",
                       hint="Say where it goes (I)"),
            ],
            "refund": [
                button("The money was given", verbs.paid, kind="primary", icon_name="accept",
                       hint="You gave it on the channel's own pages (P)"),
                button("Withdraw…", verbs.withdraw, icon_name="undo", hint="Promise it no longer"),
            ],
            "decide": [
                button("Refund…", verbs.refund, kind="primary", icon_name="money",
                       hint="Promise money for it (F)"),
                button("No money…", verbs.deny, icon_name="cancel", hint="Give nothing for it (D)"),
            ],
        }  # fmt: skip
        made = offered.get(row.step, [])
        if row.order_id is not None:
            made.append(button(f"Open {row.order_number}", verbs.open_order, icon_name="orders",
                               hint="Open the order (O)"))  # fmt: skip
        return made

    # ---- body -----------------------------------------------------------------------------------

    def _body_of(self, detail: ReturnDetail, found: Sequence[MatchRow]) -> list[QWidget | QLayout]:
        row = detail.row
        body: list[QWidget | QLayout] = []
        if row.order_id is None:
            body.append(self._whose(detail, found))
        if why := _why(row):
            body.append(section("Why", Text(why, wraps=True, copies=True)))
        body.append(section("What comes back", _units(detail.units, row.currency)))
        if row.order_id is not None:
            body.append(self._money(detail))
        if detail.steps:
            body.append(section("What happened", _steps(detail.steps, self._now())))
        return body

    def _whose(self, detail: ReturnDetail, found: Sequence[MatchRow]) -> QWidget:
        row = detail.row
        stands = " · ".join(part for part in (row.who, detail.clue, row.tracking_number) if part)
        parts: list[QWidget | QLayout] = []
        if stands:
            parts.append(Text(f"On the parcel: {stands}", wraps=True, copies=True))
        parts += [self._match(each) for each in found]
        if not found:
            parts.append(
                Text("No order that left fits what is known of it.", wraps=True, quiet=True)
            )
        other = button("Another order…", self._verbs.match_other, icon_name="search",
                       hint="Name the order yourself (M)")  # fmt: skip
        return boxed(
            down(Text("Whose is it?", step="strong"), *parts, across(other, None), spacing=10)
        )

    def _match(self, each: MatchRow) -> QLayout:
        take = button("It is this one", partial(self._verbs.match, each.order_id),
                      name=f"It belongs to order {each.number}")  # fmt: skip
        title = f"{each.number} · {statuses.channel(each.channel)} · {each.buyer_name}"
        return down(
            Text(title, step="strong", wraps=True),
            Text(f"Fits by {each.score} %"),
            Text(" ".join(each.reasons), wraps=True, quiet=True), across(take, None), spacing=3,
        )  # fmt: skip

    def _money(self, detail: ReturnDetail) -> QWidget:
        row = detail.row
        parts: list[QWidget | QLayout] = [
            _line("Paid for it", money(row.worth, row.currency)),
            _line("Given back", money(row.refunded, row.currency)),
        ]
        if row.promised:
            parts.append(_line("Promised", money(row.promised, row.currency)))
            parts.append(Text(
                f"Give it on {statuses.channel(row.channel)}'s own pages, then say so here.", wraps=True))  # fmt: skip
        parts += [
            Text(_refund(each, self._now()), quiet=True, wraps=True) for each in detail.refunds
        ]
        return section("Money", *parts)


def _who(row: ReturnRow) -> str:
    if row.order_id is None:
        return "Came unannounced"
    return f"Order {row.order_number}, {row.channel_name}, {row.who}"


def _why(row: ReturnRow) -> str:
    code = "" if row.source == "parcel" else REASONS.get(row.reason_code, "").capitalize()
    return ": ".join(part for part in (code, row.reason) if part)


def _refund(row: RefundRow, now: datetime) -> str:
    amount = money(row.amount, row.currency)
    said = {
        "due": f"{amount} promised by {row.promised_by}, {moment(row.promised_at, now)}.",
        "withdrawn": f"{amount} was promised and withdrawn.",
        "paid": f"{amount} given {moment(row.paid_at, now) if row.paid_at else ''}.",
    }
    return f"{said[row.state]} {row.reason}".strip()


def _line(title: str, words: str) -> QLayout:
    return across(Text(title, quiet=True), None, Text(words), spacing=6)


def _units(rows: Sequence[UnitRow], currency: str) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 2, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    top = Qt.AlignmentFlag.AlignTop
    for at, each in enumerate(rows):
        about = each.finding or each.title
        grid.addLayout(down(Text(each.sku, step="strong", wraps=True),
                            Text(about, quiet=True, wraps=True), spacing=0), at, 0, top)  # fmt: skip
        grid.addLayout(down(Text(_where(each), wraps=True), Text(each.money_words, quiet=True),
                            spacing=0), at, 1, top)  # fmt: skip
        grid.addWidget(Text(money(each.worth, currency) if each.worth else ""), at, 2, top)
    return boxed(grid)


def _where(unit: UnitRow) -> str:
    grade = f"{unit.grade}, {GRADES[Grade(unit.grade)]}: " if unit.grade else ""
    return sentence(grade + (DISPOSED.get(unit.disposition) or unit.custody_words)).rstrip(".")


def _steps(rows: Sequence[StepRow], now: datetime) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 2, 0, 0)
    grid.setHorizontalSpacing(9)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(0, 1)
    top = Qt.AlignmentFlag.AlignTop
    for at, each in enumerate(reversed(rows)):
        words = down(Text(each.words, wraps=True), spacing=0)
        more = " · ".join(part for part in (each.who, each.reason) if part)
        words.addWidget(Text(more, quiet=True, wraps=True, step="small"))
        grid.addLayout(words, at, 0, top)
        when = Text(moment(each.at, now), quiet=True, step="small")
        grid.addWidget(when.hint(exact(each.at)), at, 1, top)
    return boxed(grid)
