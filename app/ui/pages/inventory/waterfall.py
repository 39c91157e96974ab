"""How does what lies on the shelves become what a channel is told? Step by step, and each one opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.promising.waterfall import Promise, Step
from app.ui.tokens import Tone
from app.ui.widgets.controls import boxed, button, down, frame, rule
from app.ui.widgets.text import Text
from app.ui.words import number, signed

A_ROW = 3
LINK_EDGE = 4  # what the style sheet puts around the words of a link
_RIGHT, _TOP = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignTop
Open = Callable[[str, str], object]


def waterfall(
    promises: Sequence[Promise], chosen: int | None, choose: Callable[[int], object], opens: Open
) -> QWidget:
    """Return every account with its number, and the steps of the chosen one."""
    if not promises:
        return Text("No channel is connected yet: drop an order or a listing file on the window.",
                    quiet=True, wraps=True)  # fmt: skip
    shown = next((each for each in promises if each.outlet.id == chosen), promises[0])
    return boxed(down(_accounts(promises, shown, choose), _steps(shown, opens), spacing=8))


def _accounts(
    promises: Sequence[Promise], shown: Promise, choose: Callable[[int], object]
) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(4)
    for at, each in enumerate(promises):
        units = "nothing" if each.units is None else number(each.units)
        tab = button(f"{each.outlet.name}  {units}", partial(choose, each.outlet.id), kind="tab",
                     name=f"{each.outlet.name} is told {units}", hint=each.withheld)  # fmt: skip
        tab.setCheckable(True)
        tab.setChecked(each is shown)
        grid.addWidget(tab, at // A_ROW, at % A_ROW)
    return boxed(grid)


def _steps(promise: Promise, opens: Open) -> QWidget:
    card = frame("card")
    grid = QGridLayout()
    grid.setContentsMargins(14, 11, 14, 11)
    grid.setVerticalSpacing(5)
    grid.setHorizontalSpacing(12)
    grid.setColumnStretch(0, 1)
    last = len(promise.steps) - 1
    for column, title in enumerate(("Change", "Left"), 1):
        grid.addWidget(Text(title, quiet=True, step="small"), 0, column, _RIGHT)
    for at, step in enumerate(promise.steps):
        if at == last and at and promise.units is not None:
            grid.addWidget(rule(), 2 * at, 0, 1, 3)
        is_total = at in (0, last) and promise.units is not None
        _step(grid, 2 * at + 1, step, opens, is_total=is_total)
    if promise.units is None:
        said = Text(
            f"{promise.outlet.name} is told nothing. {promise.withheld}", tone=Tone.BAD, wraps=True
        )
        grid.addWidget(said, 2 * last + 2, 0, 1, 3)
    card.setLayout(grid)
    return card


def _indented(text: Text) -> Text:
    """Begin where the words of a link begin."""
    text.setContentsMargins(LINK_EDGE, 0, 0, 0)
    return text


def _step(grid: QGridLayout, row: int, step: Step, opens: Open, *, is_total: bool) -> None:
    kind, name = step.opens
    label: QWidget = _indented(Text(step.label, step="strong" if is_total else "body", wraps=True))
    if kind:
        label = button(step.label, partial(opens, kind, name), kind="link",
                       name=f"{step.label}: {number(step.after)}")  # fmt: skip
    words = down(label, spacing=0)
    words.setAlignment(label, Qt.AlignmentFlag.AlignLeft)
    if step.why:
        words.addWidget(_indented(Text(step.why, quiet=True, step="small", wraps=True)))
    grid.addLayout(words, row, 0)
    change = Text(
        "" if is_total else signed(step.change), tone=Tone.BAD if step.change < 0 else None
    )
    grid.addWidget(change, row, 1, _RIGHT | _TOP)
    total = Text(number(step.after), step="strong" if is_total else "body", quiet=not is_total)
    grid.addWidget(total.hint("Left after this step"), row, 2, _RIGHT | _TOP)
