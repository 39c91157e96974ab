"""What does the page Today read? Its list as one answer, its tiles, and more about one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.attention import Amount
from app.queries.cases import CaseRow, case_rows
from app.queries.inbox.cards import count_cards
from app.queries.order_detail import OrderDetail, order_detail
from app.queries.orders import OrderRow, count_orders, order_rows
from app.queries.overview import is_empty
from app.queries.shipments import ParcelRow, count_parcels, parcel_rows
from app.queries.suggestions import postage_of
from app.queries.today import Deadline, agenda
from app.queries.today_items import Doing, Item, Outgoing
from app.services.desk import Desk
from app.ui.pages.orders.sections import wording
from app.ui.words import money

SHOWN_ROWS = 8
COUNTS: dict[str, Callable[..., int]] = {
    "orders": count_orders, "exceptions": count_cards, "shipments": count_parcels,
}  # fmt: skip
_ROWS: dict[str, Callable[..., Sequence[Any]]] = {
    "orders": order_rows, "exceptions": case_rows, "shipments": parcel_rows,
}  # fmt: skip
_FIRST: dict[str, dict[str, Any]] = {
    "orders": {"sort": "ship_by"}, "shipments": {"sort": "arrive_by", "descending": False},
}  # fmt: skip


class AgendaSource:
    """The lines of the list. What is shown already keeps its place: new lines stand at the end.

    Read once, on a reader thread, as one consistent answer.
    """

    def __init__(self, desk: Desk, known: Sequence[int]) -> None:
        self._desk, self._known = desk, known
        self._items: list[Item] | None = None
        self.next_deadline: Deadline | None = None
        self.is_new = False  # there is nothing in the desk yet
        self.is_in_order = True

    @property
    def is_sorted(self) -> bool:
        """Whether every line stands where its score belongs: none had a place to keep."""
        return not self._known

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self._read())

    def page(self, _sort: str, _descending: bool, limit: int | None, offset: int) -> Sequence[Item]:
        """Return some of the lines."""
        return self._read()[offset:][:limit]

    def ids(
        self, sort: str, descending: bool, limit: int | None = None, offset: int = 0
    ) -> list[int]:
        """Return the ids of some of the lines, or of all."""
        return [item.id for item in self.page(sort, descending, limit, offset)]

    def rows(self, ids: Sequence[int]) -> Sequence[Item]:
        """Return the lines of these ids that there still are, in the order given."""
        found = {item.id: item for item in self._read()}
        return [found[each] for each in ids if each in found]

    def line_up(self, _sort: str, _descending: bool) -> None:
        """Every line is here anyway."""

    def _read(self) -> list[Item]:
        if self._items is None:
            desk = self._desk
            found = desk.read(agenda, now=desk.now(), waiting=_waiting(desk), say=money)
            self._items = arranged(found.items, self._known)
            self.is_in_order = self._items == list(found.items)
            self.next_deadline = found.next_deadline
            self.is_new = not found.items and desk.read(is_empty)
        return self._items


def arranged(items: Sequence[Item], known: Sequence[int]) -> list[Item]:
    """Return the lines with those that were shown before in the places that they had."""
    place = {item_id: at for at, item_id in enumerate(known)}
    return sorted(items, key=lambda item: place.get(item.id, len(place)))


def _waiting(desk: Desk) -> list[Outgoing]:
    waiting = desk.exporter.waiting() if desk.exporter is not None else []
    return [Outgoing(x.account_id, x.channel, x.account, x.kind, x.count) for x in waiting]


def read_counts(desk: Desk, wanted: Sequence[tuple[str, str]], now: datetime) -> list[int]:
    """Count the rows of some (page, search), each exactly as its page would."""
    return [desk.read(COUNTS[page], query=query, now=now) for page, query in wanted]


@dataclass(frozen=True, slots=True)
class More:
    """What the pane shows besides the line itself: its first rows, what accepting costs, the order."""

    item: Item
    rows: Sequence[OrderRow | CaseRow | ParcelRow] = ()
    postage: tuple[Amount, ...] = ()
    order: OrderDetail | None = None


def read_more(desk: Desk, item: Item) -> More:
    """Read what belongs to one line."""
    now = desk.now()
    rows: Sequence[Any] = ()
    if item.page in _ROWS and item.doing is not Doing.CASE and item.order is None:
        first = _FIRST.get(item.page, {})
        rows = desk.read(_ROWS[item.page], query=item.query, now=now, limit=SHOWN_ROWS, **first)
    order_id = item.order.id if item.order else None
    is_many = item.doing is Doing.ACCEPT and order_id is None
    return More(
        item,
        rows,
        desk.read(postage_of, query=item.query, now=now) if is_many else (),
        desk.read(order_detail, order_id=order_id, now=now, wording=wording(now))
        if order_id
        else None,
    )
