"""The page Today: how much of what waits, and what is most urgent. Every number opens its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QPushButton, QWidget

from app.queries.cases import CaseRow, case_rows
from app.queries.orders import OrderRow, order_rows
from app.services.desk import Desk
from app.ui import statuses
from app.ui.pages.page import Page, Run, Shell
from app.ui.tokens import Tone
from app.ui.waiting import Waiting, read_waiting
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, button, down, empty_out, scrolling
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import money, number

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Morning:
    """What the page shows."""

    waiting: Waiting
    cases: Sequence[CaseRow]
    due: Sequence[OrderRow]


def read_morning(desk: Desk) -> Morning:
    """Read what waits, and what of it is most urgent."""
    now = desk.now()
    return Morning(
        read_waiting(desk),
        desk.read(case_rows, now=now, limit=SHOWN),
        desk.read(order_rows, query="is:ready OR is:toship", now=now, sort="ship_by", limit=SHOWN),
    )


class TodayPage(Page):
    """Start the day here."""

    id = "today"
    title = "Today"
    icon = "today"
    letter = "T"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._tiles = QGridLayout()
        self._tiles.setSpacing(12)
        self._cases = down(spacing=1)
        self._due = down(spacing=1)
        self._calm = EmptyState()
        self._calm.say("done", "Nothing needs you now",
                       "Every order is routed and on time. New orders appear by themselves.")  # fmt: skip
        lists = across(boxed(down(self._cases, None)), boxed(down(self._due, None)), spacing=40)
        lists.setStretch(0, 1)
        lists.setStretch(1, 1)
        body = boxed(down(self._tiles, 14, lists, self._calm, None, margins=(24, 20, 24, 24)))
        body.setObjectName("body")
        head = boxed(across(Text(self.title, step="heading"), None, margins=(14, 11, 12, 11)))
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = down(head, scrolling(body, "Today"), spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def refresh(self) -> None:
        """Read what waits."""
        self.operations.ask(
            partial(read_morning, self.operations.desk), then=self._show, slot=(self.id, "all")
        )

    def _show(self, morning: Morning) -> None:
        self.setUpdatesEnabled(False)
        for box in (self._tiles, self._cases, self._due):
            empty_out(box)
        for at, tile in enumerate(self._all_tiles(morning.waiting)):
            self._tiles.addWidget(tile, 0, at)
        self._list(self._cases, "Needs a decision", [self._case(row) for row in morning.cases],
                   ("All exceptions", partial(self.shell.go, "exceptions", "")))  # fmt: skip
        self._list(self._due, "Has to leave next", [self._order(row) for row in morning.due],
                   ("All orders to route", partial(self.shell.go, "orders", "is:ready")))  # fmt: skip
        self._calm.setVisible(not morning.cases and not morning.due)
        self.setUpdatesEnabled(True)

    def _all_tiles(self, waiting: Waiting) -> list[QWidget]:
        go, counts = self.shell.go, waiting.counts
        short = counts.short + counts.no_location
        return [
            _tile("Late", counts.late, "late", Tone.BAD, partial(go, "orders", "is:late")),
            _tile("To route", counts.to_route, "override", Tone.ACCENT, partial(go, "orders", "is:ready")),
            _tile("On hold", counts.held, "hold", Tone.WARN, partial(go, "orders", "is:held")),
            _tile("Short", short, "short", Tone.WARN, partial(go, "orders", "is:short,nolocation")),
            _tile("To ship", counts.to_ship, "shipments", Tone.INFO, partial(go, "orders", "is:toship")),
            _tile("Exceptions", counts.open_cases, "exceptions", Tone.BAD, partial(go, "exceptions", "")),
            _tile("To tell channels", waiting.to_tell, "export", Tone.INFO, partial(go, "channels")),
        ]  # fmt: skip

    def _list(self, box: QLayout, title: str, rows: list[QWidget], more: tuple[str, Run]) -> None:
        if not rows:
            return
        link = button(more[0], more[1], kind="link")
        box.addLayout(across(Text(title, step="heading"), None, link))  # type: ignore[attr-defined]
        for row in rows:
            box.addWidget(row)

    def _case(self, row: CaseRow) -> QWidget:
        pills: list[QWidget] = []
        due = statuses.promise(row.due_at, self.operations.now())
        if due is not None:
            pills.append(PillLabel(due))
        risk = money(row.money_at_risk, row.currency) if row.money_at_risk else ""
        open_it: Run = partial(self.shell.go, "exceptions", "")
        if row.order_id is not None:
            open_it = partial(self.shell.open_order, row.order_id)
        elif row.sku:
            open_it = partial(self.shell.open_sku, row.sku)
        return _row(statuses.SEVERITIES[row.severity].icon, statuses.SEVERITIES[row.severity].tone,
                    row.title, row.impact, risk, pills, open_it)  # fmt: skip

    def _order(self, row: OrderRow) -> QWidget:
        promise = statuses.promise(row.ship_by, self.operations.now())
        pills: list[QWidget] = [PillLabel(promise)] if promise else []
        where = f"{statuses.step(row.step).text}, from {row.location}" if row.location else row.step
        words = f"{row.number}  {row.buyer_name}"
        about = f"{statuses.channel(row.channel)} · {where} · {row.items}"
        return _row("orders", "", words, about, money(row.total, row.currency), pills,
                    partial(self.shell.open_order, row.id))  # fmt: skip


def _tile(title: str, count: int, icon: str, tone: Tone, run: Run) -> QPushButton:
    tile = QPushButton()
    tile.setObjectName("tile")
    tile.setAccessibleName(f"{title}: {count}")
    tile.setCursor(Qt.CursorShape.PointingHandCursor)
    tile.clicked.connect(lambda _checked=False: run())
    figure = Text(number(count), step="figure", tone=tone if count else None, quiet=not count)
    inside = down(
        across(IconLabel(icon, tone if count else ""), Text(title, quiet=True), None, spacing=7),
        figure, None, spacing=3, margins=(15, 12, 15, 8),
    )  # fmt: skip
    tile.setLayout(inside)
    return tile


def _row(
    icon: str, tone: Tone | str, title: str, about: str, amount: str, pills: list[QWidget], run: Run
) -> QWidget:
    row = QPushButton()
    row.setObjectName("row")
    row.setAccessibleName(f"{title}. {about}")
    row.setCursor(Qt.CursorShape.PointingHandCursor)
    row.clicked.connect(lambda _checked=False: run())
    words = down(Elided(title, step="strong"), Elided(about, quiet=True, step="small"), spacing=0)
    inside = across(IconLabel(icon, tone), spacing=11, margins=(9, 6, 9, 6))
    inside.addLayout(words, 1)
    inside.addWidget(Text(amount))
    for pill in pills:
        inside.addWidget(pill)
    row.setLayout(inside)
    return row
