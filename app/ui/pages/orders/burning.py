"""What does an order take of the late orders that its channel still bears?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.analytics.kpis.standing import DOOMED_WITHIN, LateBudget, late_budgets
from app.queries.orders import OrderRow
from app.ui import statuses
from app.ui.lists.columns import Column
from app.ui.operations import Operations
from app.ui.tokens import Tone
from app.ui.words import count_of, number

_NOTHING: Final[Mapping[str, LateBudget]] = {}


class Budgets:
    """Knows how many more late orders each channel bears; asked for beside everything else."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._known = _NOTHING

    def ask(self) -> None:
        """Read them again."""
        self._operations.query(late_budgets, now=self._operations.now(), then=self._told,
                               slot="late budgets")  # fmt: skip

    def _told(self, known: Mapping[str, LateBudget]) -> None:
        self._known = known

    def column(self) -> Column:
        """Return the column that says what an order takes of it."""
        return Column("Late limit", self.text, 16, name="burns", tone=self.tone, hint=self.hint, leaves=1,
                      about="How many more orders may be late before its channel's own limit is broken")  # fmt: skip

    def text(self, row: OrderRow) -> str:
        """Return what an order takes of it: nothing, unless it is late or will be by tomorrow."""
        budget = self._budget(row)
        if budget is None:
            return ""
        if self._is_late(row):
            return "is broken" if budget.left < 0 else f"{number(budget.left)} more may be late"
        return "would break it" if budget.left <= 0 else f"would take 1 of {number(budget.left)}"

    def tone(self, row: OrderRow) -> Tone | None:
        """Return how bad that is."""
        budget = self._budget(row)
        if budget is None:
            return None
        return Tone.BAD if budget.left <= 0 else Tone.WARN

    def hint(self, row: OrderRow) -> str:
        """Say whose budget it is."""
        budget = self._budget(row)
        if budget is None:
            return ""
        left = (f"{count_of(-budget.left, 'late order')} too many" if budget.left < 0
                else f"{count_of(budget.left, 'more late order')} before it breaks")  # fmt: skip
        return f"{budget.title}: {left}"

    def _budget(self, row: OrderRow) -> LateBudget | None:
        if row.step in statuses.OVER or row.ship_by is None:
            return None
        is_doomed = row.is_held or row.is_short
        if not self._is_late(row) and not (
            is_doomed and row.ship_by < self._operations.now() + DOOMED_WITHIN
        ):
            return None
        return self._known.get(row.channel)

    def _is_late(self, row: OrderRow) -> bool:
        return row.ship_by is not None and row.ship_by < self._operations.now()
