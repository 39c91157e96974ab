"""The sheet as a matrix: a column for each channel, a row for each question; every answer is a button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from app.domain.promising.policy import ChannelRules, Decider
from app.ui import statuses
from app.ui.pages.channels.policy import words
from app.ui.tokens import Tone
from app.ui.widgets.controls import button, frame
from app.ui.widgets.text import Text

Ask = Callable[[str, str], object]


def matrix(
    rows: Mapping[str, ChannelRules], channels: Sequence[str], drafted: Mapping[str, Mapping[str, object]],
    ask: Ask,
) -> QWidget:  # fmt: skip
    """Return the matrix; ``drafted`` answers are marked, ``ask`` gets the channel and the field."""
    card = frame("card")
    grid = QGridLayout()
    grid.setContentsMargins(16, 12, 14, 12)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(3)
    for column, channel in enumerate(channels, 1):
        name = Text(statuses.channel(channel), step="strong")
        grid.addWidget(name, 0, column, Qt.AlignmentFlag.AlignLeft)
    at = 1
    for group in words.GROUPS:
        grid.addWidget(Text(group.title, step="strong"), at, 0, 1, len(channels) + 1)
        grid.setRowMinimumHeight(at, 30)
        at += 1
        for row in group.rows:
            label = Text(row.label, quiet=True)
            grid.addWidget(label.hint(row.about) if row.about else label, at, 0)
            for column, channel in enumerate(channels, 1):
                is_new = row.field in drafted.get(channel, {})
                cell = _cell(rows[channel], channel, row, ask, is_new=is_new)
                grid.addWidget(cell, at, column, Qt.AlignmentFlag.AlignLeft)
            at += 1
    grid.setColumnStretch(len(channels) + 1, 1)
    card.setLayout(grid)
    return _sideways(card)


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
    said = words.answer(rules, row.field)
    is_open = getattr(rules, row.field) is Decider.NOBODY
    kind = "quietlink" if words.is_idle(rules, row.field) and not is_new else "link"
    made = button(f"{said} *" if is_new else said, partial(ask, channel, row.field), kind=kind,
                  icon_name="exceptions" if is_open else "",
                  name=f"{statuses.channel(channel)}, {row.label}: {said}",
                  hint="Changed, not saved yet" if is_new else "")  # fmt: skip
    if is_open:
        made.setProperty("tone", str(Tone.BAD))
        made.setProperty("kind", "danger")
    return made
