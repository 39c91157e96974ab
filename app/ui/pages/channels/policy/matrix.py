"""The sheet as a matrix: a column for each channel, a row for each question; every answer is a button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from app.domain.promising.keeping import FEWEST, Settled
from app.domain.promising.policy import ChannelRules, Decider
from app.ui import statuses
from app.ui.pages.channels.policy import words
from app.ui.tokens import Tone
from app.ui.widgets.controls import button, frame, rule
from app.ui.widgets.text import Text

Ask = Callable[[str, str], object]


def matrix(
    rows: Mapping[str, ChannelRules], channels: Sequence[str], drafted: Mapping[str, Mapping[str, object]],
    ask: Ask, *, settled: Mapping[str, Sequence[Settled]], is_whole: bool,
) -> QWidget:  # fmt: skip
    """Return the matrix; ``drafted`` answers are marked, ``ask`` gets the channel and the field.

    Questions that no channel answers are left out unless it ``is_whole``. What channels kept of a sale
    by their ``settled`` orders stands below what was typed.
    """
    card = frame("card")
    grid = QGridLayout()
    grid.setContentsMargins(16, 12, 14, 12)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(3)
    for column, channel in enumerate(channels, 1):
        name = Text(statuses.channel(channel), step="strong")
        grid.addWidget(name, 0, column, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(column, 1)
    at = 1
    for group in words.GROUPS:
        shown = [row for row in group.rows if is_whole or not _is_unused(row, rows, drafted)]
        if not shown:
            continue
        grid.addWidget(rule(), at, 0, 1, len(channels) + 1)
        grid.addWidget(Text(group.title, step="strong"), at + 1, 0, 1, len(channels) + 1)
        grid.setRowMinimumHeight(at + 1, 30)
        at += 2
        for row in shown:
            label = Text(row.label, quiet=True)
            grid.addWidget(label.hint(row.about) if row.about else label, at, 0)
            for column, channel in enumerate(channels, 1):
                is_new = row.field in drafted.get(channel, {})
                cell = _cell(rows[channel], channel, row, ask, is_new=is_new)
                grid.addWidget(cell, at, column, Qt.AlignmentFlag.AlignLeft)
            at += 1
            if row.field == "fee_percent" and any(settled.values()):
                _add_settled(grid, at, channels, settled)
                at += 1
    card.setLayout(grid)
    return _sideways(card)


def _add_settled(
    grid: QGridLayout, at: int, channels: Sequence[str], settled: Mapping[str, Sequence[Settled]]
) -> None:
    """Show what channels really keep, and from how many orders that is known."""
    about = f"From {FEWEST} settled orders on it counts instead of what was typed"
    grid.addWidget(Text("Kept (orders)", quiet=True).hint(about), at, 0)
    for column, channel in enumerate(channels, 1):
        shares = settled[channel]
        said = Text(words.settled(shares), quiet=True).hint(words.settled_in_full(shares))
        grid.addWidget(said, at, column, Qt.AlignmentFlag.AlignLeft)


def unused(rows: Mapping[str, ChannelRules], drafted: Mapping[str, Mapping[str, object]]) -> int:
    """Return how many questions no channel answers."""
    return sum(_is_unused(row, rows, drafted) for row in words.ROWS.values())


def _is_unused(
    row: words.Row, rows: Mapping[str, ChannelRules], drafted: Mapping[str, Mapping[str, object]]
) -> bool:
    is_drafted = any(row.field in answers for answers in drafted.values())
    return not is_drafted and words.is_idle_everywhere(rows, row.field)


def _sideways(card: QWidget) -> QWidget:
    """Return an area that scrolls sideways only where the channels do not fit."""
    area = QScrollArea()
    area.setObjectName("detail")
    area.setAccessibleName("Policy sheet, channel by channel")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(card)
    area.setFixedHeight(card.sizeHint().height() + area.horizontalScrollBar().sizeHint().height())
    return area


def _cell(rules: ChannelRules, channel: str, row: words.Row, ask: Ask, *, is_new: bool) -> QWidget:
    is_idle = words.is_idle(rules, row.field) and not is_new
    said = words.answer(rules, row.field)
    shown = "–" if is_idle and not isinstance(getattr(rules, row.field), bool) else said
    is_open = getattr(rules, row.field) is Decider.NOBODY
    kind = "quietlink" if is_idle else "link"
    made = button(f"{said} *" if is_new else shown, partial(ask, channel, row.field), kind=kind,
                  icon_name="exceptions" if is_open else "",
                  name=f"{statuses.channel(channel)}, {row.label}: {said}",
                  hint="Changed, not saved yet" if is_new else "")  # fmt: skip
    if is_open:
        made.setProperty("tone", str(Tone.BAD))
        made.setProperty("kind", "danger")
    return made
