"""What would a drafted policy change? Shown beside it, with the one button that saves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from app.services.rules.previewing import Preview
from app.ui.pages.rules.routing import cards
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Text
from app.ui.words import count_of, more_or_less, number

SHOWN = 40


class Beside:
    """Fills the pane with a preview, and offers to save what it is a preview of."""

    def __init__(
        self, pane: DetailPane, open_order: Callable[[int], object], save: Callable[[], object],
        discard: Callable[[], object],
    ) -> None:  # fmt: skip
        self._pane, self._open_order = pane, open_order
        self._save, self._discard = save, discard

    def say(self, found: Preview, currency: str) -> None:
        """Say which open orders would ship otherwise."""
        extra = (
            f"{more_or_less(found.extra, currency)} in all."
            if found.extra
            else "The same money in all."
        )
        head: list[QWidget | QLayout] = [
            Text(f"{count_of(len(found.moved), 'open order')} would change", step="title", wraps=True),
            Text(f"Of {number(found.asked)} open ones. {extra}", quiet=True, wraps=True),
            across(button("Save this version", self._save, kind="primary"),
                   button("Leave it", self._discard, kind="quiet"), None),
        ]  # fmt: skip
        self._pane.fill(head, [self._listing(found)])

    def _listing(self, found: Preview) -> QWidget:
        grid = cards.new_grid()
        for at, each in enumerate(found.moved[:SHOWN]):
            link = button(each.number, partial(self._open_order, each.order_id), kind="link")
            grid.addWidget(link, 2 * at, 0)
            tone = Tone.BAD if each.extra > 0 else Tone.GOOD if each.extra else None
            grid.addWidget(Text(more_or_less(each.extra, each.currency), tone=tone), 2 * at, 1)
            said = f"{each.before or 'nowhere'} → {each.after or 'nowhere'}"
            grid.addWidget(Text(said, quiet=True, wraps=True), 2 * at + 1, 0, 1, 2)
        if len(found.moved) > SHOWN:
            more = f"and {number(len(found.moved) - SHOWN)} more"
            grid.addWidget(Text(more, quiet=True), 2 * SHOWN, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        return boxed(grid)
