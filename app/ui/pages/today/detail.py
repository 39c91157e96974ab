"""The pane of one line: why it is here, how its score is made up, and what each choice would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.queries.cases import CaseRow
from app.queries.orders import OrderRow
from app.queries.shipments import ParcelRow
from app.queries.today_items import Item
from app.ui import statuses
from app.ui.pages.exceptions.effects import worth
from app.ui.pages.score import score_well
from app.ui.pages.today.choices import Choice
from app.ui.pages.today.columns import score_pill, waiting
from app.ui.pages.today.reading import More
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.pane import DetailPane, section
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, exact, left, money, number, sentence


class ItemPane(DetailPane):
    """Everything about one line of Today."""

    def __init__(
        self,
        now: Callable[[], datetime],
        open_score: Callable[[], object],
        open_order: Callable[[int], object],
        show_all: Callable[[Item], object],
    ) -> None:
        super().__init__("What needs you")
        self._now, self._open_score = now, open_score
        self._open_order, self._show_all = open_order, show_all
        self._shown = 0

    def show_nothing(self, words: str) -> None:
        """Say that there is nothing to show."""
        self._shown = 0
        self.close_question()
        self.fill([], [Text(words, quiet=True, wraps=True)])

    def show_item(self, more: More, choices: Sequence[Choice], *, is_score_open: bool) -> None:
        """Show one line."""
        is_same = self._shown == more.item.id
        if not is_same:
            self.close_question()
        self._shown = more.item.id
        body: list[QWidget | QLayout] = []
        if is_score_open:
            body.append(score_well(more.item.score))
        body += [*self._why(more), self._choices(choices)]
        if more.rows:
            body.append(self._rows(more))
        self.fill(self._head_of(more.item, is_score_open), body, keeps_place=is_same)

    def say_progress(self, done: int, total: int, cancel: Callable[[], None]) -> None:
        """Show how far it is, with a way out."""
        self._shown = 0
        self.fill(
            [Text(f"{number(done)} of {number(total)} done", step="title"),
             across(button("Stop here", cancel, hint="What is done stays done"), None)],
            [],
        )  # fmt: skip

    def _head_of(self, item: Item, is_open: bool) -> list[QWidget | QLayout]:
        pills: list[QWidget] = [PillLabel(score_pill(item))]
        due = statuses.promise(item.due_at, self._now())
        if due is not None:
            pills.append(PillLabel(due, exact(item.due_at) if item.due_at else ""))
        words = "Close the score" if is_open else f"Why {item.score.total} of 100?"
        opens = button(words, self._open_score, kind="link", hint="How the score is made up (E)")
        at_stake = [Text(f"{worth(item.money)} at stake", step="strong")] if item.money else []
        return [
            Text(item.title, step="heading", wraps=True),
            across(*pills, opens, None, spacing=7), *at_stake,
        ]  # fmt: skip

    def _why(self, more: More) -> list[QWidget | QLayout]:
        item = more.item
        long = waiting(item, self._now())
        since = f" · waiting for {long}" if long[:1].isdigit() else ""
        words: list[QWidget] = [Text(sentence(item.why), wraps=True)]
        if more.postage:
            words.append(Text(f"Shipping as suggested costs {worth(more.postage)}.", wraps=True))
        words.append(Text(f"Whose: {item.owner}{since}", quiet=True, wraps=True))
        parts: list[QWidget | QLayout] = [section("Why it is here", *words)]
        if item.case is not None and item.case.reason:
            parts.append(section("What was found", Text(item.case.reason, wraps=True, copies=True)))
        if more.order is not None and more.order.suggestion is not None:
            plan = more.order.suggestion
            parts.append(section("Suggested", Text(plan.headline, wraps=True),
                                  Text(plan.reason, quiet=True, wraps=True)))  # fmt: skip
        return parts

    def _choices(self, choices: Sequence[Choice]) -> QWidget:
        rows: list[QWidget | QLayout] = []
        for at, each in enumerate(choices, 1):
            act = button(each.title, each.run, kind=each.kind, icon_name=each.icon,
                         hint=f"{each.effect} ({at})")  # fmt: skip
            key = Text(str(at), quiet=True).hint(f"Press {at} in the list")
            effect = Text(each.effect, quiet=True, wraps=True)
            rows.append(boxed(down(across(act, key, None, spacing=8), effect, spacing=3)))
        return section("You can", down(*rows, spacing=11))

    def _rows(self, more: More) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        for at, row in enumerate(more.rows):
            title, about, amount, order_id = _line_of(row, self._now())
            words = down(Elided(title, step="strong"), Elided(about, quiet=True, step="small"),
                         spacing=0)  # fmt: skip
            grid.addLayout(words, at, 0)
            grid.addWidget(Text(amount), at, 1, Qt.AlignmentFlag.AlignRight)
            if order_id:
                opens = button("Open", partial(self._open_order, order_id), kind="link",
                               name=f"Open {title}")  # fmt: skip
                grid.addWidget(opens, at, 2)
        count = more.item.count
        rest = button(f"Show all {number(count)}", partial(self._show_all, more.item), kind="link")
        few = len(more.rows)
        head = count_of(count, "row") if few == count else f"The first {few} of {number(count)}"
        return section(head if few < count else "All of them", boxed(grid),
                        more=rest if few < count else None)  # fmt: skip


def _line_of(
    row: OrderRow | CaseRow | ParcelRow, now: datetime
) -> tuple[str, str, str, int | None]:
    """Return title, what is said of it, its money, and the order that it opens."""
    if isinstance(row, OrderRow):
        due = left(row.ship_by, now) if row.ship_by else ""
        about = " · ".join(filter(None, (statuses.channel(row.channel), row.items, due)))
        return f"{row.number}, {row.buyer_name}", about, money(row.total, row.currency), row.id
    if isinstance(row, ParcelRow):
        about = f"{row.carrier} {row.tracking_number} · {row.scan or 'no scan yet'}"
        due = left(row.arrive_by, now) if row.arrive_by else ""
        return f"{row.number}, {row.buyer_name}", about, due, row.order_id
    amount = money(row.money_at_risk, row.currency) if row.money_at_risk else ""
    return row.title, row.reason or row.impact, amount, row.order_id
