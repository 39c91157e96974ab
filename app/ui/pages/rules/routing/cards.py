"""The routing policy as cards: every value is a button that asks for another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.routing.objectives import Aim
from app.services.planning.drafts import RoutingNow
from app.ui import statuses
from app.ui.lists.columns import Pill
from app.ui.pages.rules.routing import words
from app.ui.tokens import Tone
from app.ui.widgets.controls import button, frame
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import count_of, money

Ask = Callable[[str, str], object]
_LEFT = Qt.AlignmentFlag.AlignLeft
APPROVED = Pill("Approved", Tone.GOOD, "accept")
WAITING = Pill("Waits for approval", Tone.WARN, "clock")


def objectives(
    found: RoutingNow, move: Callable[[int, int], object], drop: Callable[[int], object],
    within: Callable[[int], object],
) -> QWidget:  # fmt: skip
    """Return the objectives in their order, with what may be done to each."""
    grid, order = new_grid(), found.policy.objectives.order
    for at, each in enumerate(order):
        title, about = words.AIMS[each.aim]
        grid.addWidget(Text(f"{at + 1}.", quiet=True), at, 0)
        grid.addWidget(Text(words.aim(each, found.currency), step="strong"), at, 1)
        grid.addWidget(Text(about, quiet=True, wraps=True), at, 2)
        if each.aim is Aim.MONEY and at == found.policy.objectives.first_money:
            grid.addWidget(button("Tolerance…", partial(within, at), kind="link"), at, 3, _LEFT)
        up = button(
            "", partial(move, at, -1), kind="quiet", icon_name="up", name=f"Move {title} up"
        )
        down = button(
            "", partial(move, at, 1), kind="quiet", icon_name="down", name=f"Move {title} down"
        )
        up.setEnabled(at > 0)
        down.setEnabled(at + 1 < len(order))
        grid.addWidget(up, at, 4)
        grid.addWidget(down, at, 5)
        gone = button("Remove", partial(drop, at), kind="link", name=f"Remove {title}")
        gone.setEnabled(len(order) > 1)
        grid.addWidget(gone, at, 6, _LEFT)
    grid.setColumnStretch(2, 1)
    return card(grid)


def money_by_channel(found: RoutingNow, drafted: Mapping[str, Any], ask: Ask) -> QWidget:
    """Return what goes wrong costs, channel by channel."""
    titles = {code: statuses.channel(code) for code in found.channels}
    rows = {code: found.policy.money(code, kind) for code, kind in found.channels.items()}
    return _matrix(found, titles, rows, words.MONEY, drafted, ask)


def work_by_place(found: RoutingNow, drafted: Mapping[str, Any], ask: Ask) -> QWidget:
    """Return what locations do and cost, beside their address and hours."""
    rows = {code: found.policy.work(code) for code in found.places}
    return _matrix(found, found.places, rows, words.WORK, drafted, ask)


def _matrix(
    found: RoutingNow, titles: Mapping[str, str], rows: Mapping[str, object],
    columns: Sequence[words.Column], drafted: Mapping[str, Any], ask: Ask,
) -> QWidget:  # fmt: skip
    grid = new_grid()
    for at, column in enumerate(columns, 1):
        head = Text(column.title, quiet=True, step="small")
        grid.addWidget(head.hint(column.about) if column.about else head, 0, at)
    for line, (code, title) in enumerate(titles.items(), 1):
        grid.addWidget(Text(title, step="strong"), line, 0)
        for at, column in enumerate(columns, 1):
            said = words.said(column, getattr(rows[code], column.field), found.currency)
            is_new = column.field in drafted.get(code, {})
            made = button(f"{said} *" if is_new else said, partial(ask, code, column.field), kind="link",
                          name=f"{title}, {column.title}: {said}",
                          hint="Changed, not saved yet" if is_new else "")  # fmt: skip
            grid.addWidget(made, line, at, _LEFT)
    grid.setColumnStretch(len(columns) + 1, 1)
    return card(grid)


def held(found: RoutingNow, drop: Callable[[int], object]) -> QWidget:
    """Return the units that are held for channels."""
    if not found.policy.held:
        return Text("Nothing: every unit is for whichever order comes first.", quiet=True)
    grid = new_grid()
    for at, each in enumerate(found.policy.held):
        place = found.places.get(each.location, each.location)
        said = f"{count_of(each.units, 'unit')} at {place} for {statuses.channel(each.channel)}"
        grid.addWidget(Text(each.sku, step="strong"), at, 0)
        grid.addWidget(Text(said), at, 1)
        grid.addWidget(
            button("Remove", partial(drop, at), kind="link", name=f"Remove {each.sku}"), at, 2
        )
    grid.setColumnStretch(3, 1)
    return card(grid)


def substitutes(
    found: RoutingNow, approve: Callable[[str, str], object], drop: Callable[[str, str], object]
) -> QWidget:
    """Return what may be sent instead of what, and whether somebody has approved it."""
    rows = found.policy.substitutes
    if not rows:
        return Text("None: what is short waits, or a person asks the buyer.", quiet=True)
    grid = new_grid()
    for at, each in enumerate(rows):
        where = ", ".join(map(statuses.channel, each.channels)) or "Each channel that allows it"
        gives = f"; {money(each.cost, found.currency)} given for a unit" if each.cost else ""
        grid.addWidget(Text(f"{each.sku} → {each.substitute}", step="strong"), at, 0)
        grid.addWidget(Text(f"{where}{gives}", wraps=True), at, 1)
        pill = PillLabel(APPROVED if each.approved_by else WAITING)
        pill.setToolTip(f"By {each.approved_by}" if each.approved_by else "")
        grid.addWidget(pill, at, 2)
        name = f"{each.substitute} for {each.sku}"
        if not each.approved_by:
            grid.addWidget(button("Approve", partial(approve, each.sku, each.substitute), kind="link",
                                  name=f"Approve {name}"), at, 3)  # fmt: skip
        grid.addWidget(button("Remove", partial(drop, each.sku, each.substitute), kind="link",
                              name=f"Remove {name}"), at, 4)  # fmt: skip
    grid.setColumnStretch(1, 1)
    return card(grid)


def new_grid() -> QGridLayout:
    """Return a grid as every card has it."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    return grid


def card(grid: QGridLayout) -> QWidget:
    """Return a card around a grid."""
    made = frame("card")
    grid.setContentsMargins(16, 12, 14, 12)
    made.setLayout(grid)
    return made
