"""What can be done about a card? The ways out of its case, or one way out for all that its cause has hit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.domain.cases import CaseKind
from app.domain.recovering.noticing import OF_CASE
from app.queries.inbox.cards import Card
from app.ui.pages.exceptions.way import Way
from app.ui.pages.exceptions.ways_out import WaysOut
from app.ui.words import number

MOST = 3
# What one person's word lifts for one order, it lifts for all that the cause has hit.
_RELEASED: dict[CaseKind, str] = {
    CaseKind.ADDRESS_INVALID: "They are right, release all",
    CaseKind.TEXT_SUSPECT: "They are right, release all",
    CaseKind.PAYMENT_PENDING: "Release all by hand",
    CaseKind.STATUS_UNCLEAR: "They are to be shipped, release all",
    CaseKind.TOTAL_MISMATCH: "Confirm the totals of all",
}
# Where the way out of one ends the cause, and so all of them.
_ONCE = (
    CaseKind.UNKNOWN_SKU,
    CaseKind.SHORTFALL,
    CaseKind.OVERSOLD,
    CaseKind.IN_DOUBT,
    CaseKind.MISMATCH,
)


class Choices:
    """The one to three choices of a card, the usual one first."""

    def __init__(
        self, ways: WaysOut, settle: Callable[[], object], wake: Callable[[], object]
    ) -> None:
        self._ways, self._settle, self._wake = ways, settle, wake

    def of(self, card: Card) -> Sequence[Way]:
        """Return them; what is put aside can be taken back, and everything can be lived with."""
        row = card.case
        if row.resolved_at is not None:
            return self._ways.of(row)[:MOST]
        if row.snoozed_until is not None:
            return [Way("Take it back", "undo", self._wake, "primary"), *self._ways.of(row)][:MOST]
        found = list(self._ways.of(row) if card.count == 1 else self._for_all(card))
        if len(found) < MOST:
            found.append(Way("Live with it…", "note", self._settle))
        return found[:MOST]

    def _for_all(self, card: Card) -> list[Way]:
        row, kind = card.case, CaseKind(card.case.kind)
        count = number(card.count)
        if kind in _RELEASED:
            title = f"{_RELEASED[kind]} {count}"
            run = partial(
                self._ways.run, "release", order_ids=list(card.order_ids), reason=f"{title}."
            )
            return [Way(title, "release", run, "primary")]
        if kind is CaseKind.RULE_ASKS:
            run = partial(self._ways.run, "answer_rules", order_ids=list(card.order_ids))
            return [Way(f"Looked at, all {count} may go on", "accept", run, "primary")]
        if kind in OF_CASE:
            return [self._ways.parcels(f"All {count} parcels")]
        ways = self._ways.of(row)
        return list(ways[:1] if kind in _ONCE else ways[:2])
