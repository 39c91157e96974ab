"""Which buttons end a case? Those for which there is an operation, and always the way to its subject."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.domain.cases import CaseKind
from app.domain.recovering.matrix import Offer
from app.domain.recovering.noticing import OF_CASE
from app.queries.cases import CaseRow
from app.services.recovering.weighing import Weighed, weigh
from app.ui.pages.exceptions.by_kind import BY_KIND
from app.ui.pages.exceptions.doing import Doing, Place
from app.ui.pages.exceptions.way import Way
from app.ui.pages.offers import ICONS, offer_cost, offer_title
from app.ui.pages.page import Shell


class WaysOut(Doing):
    """What can be done about each kind of case."""

    def __init__(self, shell: Shell, place: Place) -> None:
        super().__init__(shell, place)
        self._weighed: dict[int, Weighed] = {}
        self._asked: set[int] = set()

    def of(self, row: CaseRow) -> Sequence[Way]:
        """Return the ways out of a case, best first; one that is over only leads to its subject."""
        if row.resolved_at is not None:
            return self._subject(row)
        kind = CaseKind(row.kind)
        first = [way for find in BY_KIND.get(kind, ()) for way in find(self, row)]
        if kind in OF_CASE and (offers := self._offers(row)):
            first = [*offers, *(way._replace(kind="") for way in first)]
        ways = [*first, *self._subject(row)]
        if not first and ways:
            ways[0] = ways[0]._replace(kind="primary")
        return ways

    def open(self) -> None:
        """Go to what the case is about."""
        row = self.place.row
        if row is not None and (ways := self._subject(row)):
            ways[0].run()

    def parcels(self, title: str) -> Way:
        """Lead to the parcels, where each of several is dealt with."""
        return Way(
            f"{title}: see them", "shipments", partial(self.shell.go, "shipments"), "primary"
        )

    def _subject(self, row: CaseRow) -> list[Way]:
        found: list[Way] = []
        if row.order_id is not None:
            found.append(
                Way("Open the order", "orders", partial(self.shell.open_order, row.order_id))
            )
        if row.sku:
            found.append(Way(f"Open {row.sku}", "inventory", partial(self.shell.open_sku, row.sku)))
        return found

    # ---- what the matrix offers for a parcel -----------------------------------------------------

    def _offers(self, row: CaseRow) -> list[Way]:
        """Return what the matrix offers for a parcel, with its costs; read once for each case."""
        weighed = self._weighed.get(row.id)
        if weighed is None:
            self._weigh(row)
            return []
        now = self.shell.operations.now()
        possible = [each for each in weighed.offers if not each.why_not]
        return [
            Way(f"{offer_title(each, now)}, {offer_cost(each, weighed.currency)}", ICONS[each.kind],
                partial(self._recover, row, each), "primary" if at == 0 else "")
            for at, each in enumerate(possible)
        ]  # fmt: skip

    def _weigh(self, row: CaseRow) -> None:
        def weighed(found: Weighed) -> None:
            self._weighed[row.id] = found
            self.place.show_again()

        if row.id in self._asked:
            return
        self._asked.add(row.id)
        operations, situation = self.shell.operations, OF_CASE[row.kind].value
        question = partial(
            operations.desk.read, weigh, row.subject_id, situation, now=operations.now()
        )
        operations.ask(question, then=weighed, slot=("offers", str(row.id)))

    def _recover(self, row: CaseRow, offer: Offer) -> None:
        self._weighed.pop(row.id, None)
        self._asked.discard(row.id)
        self.run("recover", shipment_id=row.subject_id, situation=OF_CASE[row.kind].value,
                 kind=offer.kind.value, wait_until=offer.wait_until)  # fmt: skip
