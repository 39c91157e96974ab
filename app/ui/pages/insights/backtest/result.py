"""What did a back-test come to, and what leads on from it? The head of its result, and a sweep's chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.services.backtesting.comparing import Sweep
from app.ui import statuses
from app.ui.charts.drawing import Canvas, Drawing
from app.ui.pages.channels.policy.questions import field_title
from app.ui.pages.insights.backtest import words
from app.ui.pages.insights.backtest.trying import Tried, TryRules, TrySheet
from app.ui.pages.page import Shell
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Text
from app.ui.words import number


@dataclass(frozen=True, slots=True)
class Ways:
    """What leads on: to one number of a sweep by itself, and ``back`` to the sweep that it came from."""

    shell: Shell
    open_number: Callable[[int], object]
    back: Callable[[], object] | None


def heading(tried: Tried, used: Sequence[str], ways: Ways) -> QWidget:
    """Say what a trial came to, beside the figures of both sides; ``used`` are the channels in use."""
    found, gate = tried.found, words.gate_words(tried)
    said = [
        *words.tried_words(tried.trial, used),
        *words.sentences(found, ways.shell.operations.now()),
        *([gate] if gate else []),
    ]
    told = [Text(each, wraps=True) for each in said]
    on = [_way_on(tried, ways)]
    if ways.back is not None:
        on.append(button("Back to the numbers", ways.back, kind="quiet"))
    says = down(Text(words.headline(found), step="heading", wraps=True), *told,
                across(*on, None), None, spacing=6)  # fmt: skip
    row = across(
        boxed(says), boxed(_grid(*words.sides(found))), spacing=28, margins=(16, 10, 20, 6)
    )
    row.setStretch(0, 1)
    return boxed(row)


def _way_on(tried: Tried, ways: Ways) -> QWidget:
    """Return what leads on: the preview of the draft, or the best number by itself."""
    trial, found, shell = tried.trial, tried.found, ways.shell
    if isinstance(found, Sweep):
        return button(f"Look at {number(found.best.value)} by itself",
                      partial(ways.open_number, found.best.value), kind="primary")  # fmt: skip
    if isinstance(trial, TryRules) and not trial.is_draft:
        return button("Make it the draft…", partial(_make_draft, shell, trial.text), kind="primary",
                      hint="Then you see what it would change now")  # fmt: skip
    link = ("rules", "preview")
    if isinstance(trial, TrySheet):
        link = ("channels", f"policy:draft:{trial.link}")
    return button("Put it in force…", partial(shell.go, *link), kind="primary",
                  hint="First you see what it would change now")  # fmt: skip


def _make_draft(shell: Shell, text: str) -> None:
    shell.operations.run("save_rules", text=text, then=lambda _done: shell.go("rules", "preview"))


class _Picture:
    """A chart that was drawn."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing


def drawing_of(found: Sweep) -> Callable[[Canvas], _Picture]:
    """Return what draws a sweep."""

    def draw(canvas: Canvas) -> _Picture:
        from app.ui.charts.sweep import sweep_chart  # matplotlib comes with the first chart

        where = statuses.channel(found.channel) if found.channel else "every channel"
        return _Picture(sweep_chart(found, f"{field_title(found.name)} ({where})", canvas))

    return draw


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(2)
    for at, row in enumerate((head, *rows)):
        for column, said in enumerate(row):
            cell = Text(said, quiet=not at or not column)
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(cell, at, column, side)
    grid.setRowStretch(len(rows) + 1, 1)
    return grid
