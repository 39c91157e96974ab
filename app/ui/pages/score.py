"""How is a score made up? Points, of how many, and why: the same well wherever a score opens."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.attention import Score
from app.ui.widgets.controls import down, frame, rule
from app.ui.widgets.text import Text


def score_well(score: Score) -> QWidget:
    """Show how a score is made up: points, of how many, and why."""
    grid = QGridLayout()
    grid.setContentsMargins(13, 10, 13, 11)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for at, part in enumerate(score.parts):
        grid.addWidget(Text(f"{part.points} of {part.most}", step="strong"), at, 0, top)
        words = down(Text(part.name, quiet=True, step="small"), Text(part.sentence, wraps=True),
                     spacing=0)  # fmt: skip
        grid.addLayout(words, at, 1)
    last = len(score.parts)
    grid.addWidget(rule(), last, 0, 1, 2)
    grid.addWidget(Text(f"{score.total} of 100", step="strong"), last + 1, 0)
    grid.addWidget(
        Text("together: what has most stands first", quiet=True, wraps=True), last + 1, 1
    )
    well = frame("well")
    well.setAccessibleName(f"Score {score.total} of 100")
    well.setLayout(grid)
    return well
