"""The pane of one mismatch: the cause, the numbers, the evidence, the orders, and what ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from app.domain.mismatching.causes import CAUSES, Reason
from app.queries.mismatches import Concerned, MismatchRow, RunRow
from app.ui import statuses
from app.ui.pages.mismatches.columns import cause, units
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.pane import DetailPane, section
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import ago, count_of, exact, moment, money, number, said_moments, signed

SHOWN_ORDERS = 8
SHOWN_RUNS = 7


@dataclass(frozen=True, slots=True)
class Verbs:
    """What the buttons of the pane do."""

    fix: Callable[[], object]
    accept: Callable[[], object]
    reopen: Callable[[], object]
    open_sku: Callable[[], object]
    open_order: Callable[[int], object]


class MismatchPane(DetailPane):
    """Everything about one mismatch; below it, how the causes went over the last reports."""

    def __init__(self, verbs: Verbs, now: Callable[[], datetime]) -> None:
        super().__init__("Mismatch")
        self._verbs, self._now = verbs, now

    def show_nothing(self, runs: Sequence[RunRow]) -> None:
        """Say that nothing is selected, and how it went."""
        self.close_question()
        self.fill([], [Text("Select a row to see why it does not fit.", quiet=True, wraps=True),
                       *self._trend(runs)])  # fmt: skip

    def show_row(
        self, row: MismatchRow, orders: Sequence[Concerned], runs: Sequence[RunRow], *, is_same: bool
    ) -> None:  # fmt: skip
        """Show one mismatch."""
        if not is_same:
            self.close_question()
        self.fill(self._head_of(row), [*self._body_of(row, orders), *self._trend(runs, row.cause)],
                  keeps_place=is_same)  # fmt: skip

    def _head_of(self, row: MismatchRow) -> list[QWidget | QLayout]:
        pills: list[QWidget] = [PillLabel(cause(row))]
        since = f"Since {moment(row.began_at, self._now())}, first reported {ago(row.first_seen_at, self._now())}"
        return [
            Text(f"{row.sku} · {row.place}", step="heading", wraps=True, copies=True),
            across(*pills, None),
            Text(since, quiet=True, wraps=True).hint(exact(row.began_at)),
        ]

    def _body_of(self, row: MismatchRow, orders: Sequence[Concerned]) -> list[QWidget | QLayout]:
        parts: list[QWidget | QLayout] = [
            Text(said_moments(row.sentence, self._now()), wraps=True, copies=True)
        ]
        parts.append(_numbers(row))
        parts.append(self._ways(row))
        said = [Text(said_moments(each, self._now()), wraps=True) for each in row.evidence]
        if said:
            parts.append(section("What is known", *said))
        if orders:
            parts.append(self._orders(row, orders))
        return parts

    def _ways(self, row: MismatchRow) -> QWidget:
        if row.state == "fixed":
            when = moment(row.settled_at, self._now())
            return section("How it ended", Text(f"It fits again ({when}).", wraps=True))
        made: list[QWidget | None] = []
        if row.state == "accepted":
            who = f"{row.settled_by} lives with it: {row.reason}"
            made = [button("Count it as wrong again", self._verbs.reopen, icon_name="undo")]
            return section("Accepted", Text(who, wraps=True), across(*made, None))
        kind = "primary" if row.is_error else ""
        made.append(button(row.fix_words, self._verbs.fix, kind=kind, icon_name="accept",
                           hint="Do what ends it (F)"))  # fmt: skip
        if row.is_error:
            made.append(button("Live with it…", self._verbs.accept, icon_name="minus",
                               hint="Keep it as it is, and say why (A)"))  # fmt: skip
        rows: list[QWidget | QLayout] = [across(*made, None, spacing=6)]
        if row.kind in ("pair", "place"):
            open_sku = button(f"Open {row.sku}", self._verbs.open_sku, kind="link")
            rows.append(across(open_sku, None))
        return section("What you can do", *rows)

    def _orders(self, row: MismatchRow, orders: Sequence[Concerned]) -> QWidget:
        made: list[QWidget | QLayout] = [
            across(
                button(f"{each.number}, {statuses.channel(each.channel)}",
                       partial(self._verbs.open_order, each.order_id), kind="link"),
                None,
            )
            for each in orders[:SHOWN_ORDERS]
        ]  # fmt: skip
        more = row.orders - min(len(orders), SHOWN_ORDERS)
        if more > 0:
            made.append(Text(f"and {number(more)} more", quiet=True))
        return section("Open orders that it concerns", *made)

    def _trend(self, runs: Sequence[RunRow], of: str = "") -> list[QWidget | QLayout]:
        """Show how many errors, and how many of this cause, the last reports found."""
        if not runs:
            return []
        lines: list[QWidget | QLayout] = []
        for run in runs[:SHOWN_RUNS]:
            said = _run_said(run, of)
            lines.append(
                across(Text(moment(run.run_at, self._now()), quiet=True), None, Text(said))
            )
        return [section("The last reports", *lines)]


def _run_said(run: RunRow, of: str) -> str:
    errors = "nothing wrong" if not run.errors else f"{number(run.errors)} wrong"
    if not of:
        return f"{errors} of {count_of(run.numbers, 'number')}"
    mine = run.by_cause.get(of, 0)
    return f"{errors}, {number(mine)} × {CAUSES[Reason(of)].words.lower()}"


def _numbers(row: MismatchRow) -> QWidget:
    told = "Counted here" if row.kind == "place" else "Told last"
    rows = [("Right", units(row.expected)), (told, units(row.published))]
    if row.kind != "place":
        rows.append(("Shown", units(row.observed)))
    rows.append(("Off by", signed(row.delta)))
    if row.money:
        rows.append(("At risk", money(row.money, row.currency)))
    return boxed(down(*(across(Text(name, quiet=True), None, Text(value, step="strong"))
                        for name, value in rows), spacing=3))  # fmt: skip
