"""How is a verb carried out on what is selected: at once for one order, in batches for many?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from app.queries.order_detail import OrderDetail
from app.ui.lists.bulk import BulkRun
from app.ui.pages.asking import Asker
from app.ui.pages.page import Shell
from app.ui.widgets.form import Field, Question
from app.ui.words import count_of


class Place(Asker, Protocol):
    """The page, as the actions see it."""

    detail: OrderDetail | None

    def selected_ids(self, then: Callable[[list[int]], object]) -> None:
        """Find the ids of what is selected."""

    def selected_count(self) -> int:
        """Return how many orders are selected."""

    def show_bulk(self, run: BulkRun, ids: list[int]) -> None:
        """Show the progress and the outcome of a bulk action."""

    def show_alone(self, is_alone: bool) -> None:
        """Give one order the whole width, or put the list back."""

    def select_all(self) -> None:
        """Select everything that the view shows."""

    def select_none(self) -> None:
        """Select only the order under the cursor."""


class Doing:
    """What every verb of the page Orders needs."""

    def __init__(self, shell: Shell, place: Place) -> None:
        self._shell, self._place = shell, place
        self._operations = shell.operations

    def now(self) -> datetime:
        """Return the desk's time."""
        return self._operations.now()

    def _detail(self) -> OrderDetail:
        detail = self._place.detail
        if detail is None:
            raise RuntimeError("no order is shown")
        return detail

    def _what(self) -> str:
        count = self._place.selected_count()
        detail = self._place.detail
        return detail.number if count == 1 and detail else count_of(count, "order")

    def _ask_reason(
        self, verb: str, operation: str, button: str, reasons: tuple[str, ...], *, note: str = "",
        kind: str = "primary",
    ) -> None:  # fmt: skip
        question = Question(
            f"{verb} {self._what()}", [Field("reason", "Why", is_needed=True)], button,
            lambda values: self._for_selected(verb, operation, reason=values["reason"]),
            note=note, kind=kind, suggestions=offers(reasons),
        )  # fmt: skip
        self._place.ask(question)

    def _for_selected(self, verb: str, operation: str, **arguments: Any) -> None:
        """Do it to everything that is selected, in batches if it is much."""

        def go(ids: list[int]) -> None:
            if len(ids) == 1:
                self._place.run(operation, order_ids=ids, **arguments)
            elif ids:
                self._start(
                    BulkRun(self._operations, verb, operation, ids, arguments, self._operations),
                    ids,
                )

        self._place.selected_ids(go)

    def _start(self, run: BulkRun, ids: list[int]) -> None:
        self._place.answered()
        self._place.show_bulk(run, ids)
        run.start()


def offers(reasons: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return reasons as a question offers them."""
    return [(reason, reason) for reason in reasons]
