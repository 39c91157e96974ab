"""Which cards lie in the inbox, the highest score first?

A card is what one cause has hit: one case, or forty orders that wait for one unknown code. Of the open
cases only a few columns are read, grouped and scored; whole rows only for the page that is shown. What is
over is listed case by case, the newest first, for it only grows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from app.domain.attention import HARM_OF, TOGETHER, Amount, Say, Score, Stake, add_up, score
from app.domain.cases import CaseKind, Severity
from app.domain.explaining import plain_money
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.orders import orders
from app.queries.case_search import case_condition, is_over
from app.queries.cases import CaseRow, case_rows, cases_by_id, count_cases
from app.queries.inbox.recurring import Recurrence, recurrences
from app.queries.today import usual_orders

_case = exception_cases.c
_SEVERITIES: Final = {each.value: at for at, each in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Card:
    """One card. ``case`` is its most urgent case and ``id`` the oldest one's, so it stays where it is.

    ``case_ids`` are all that it stands for; ``order_ids`` the orders among them.
    """

    id: int
    case: CaseRow
    case_ids: tuple[int, ...]
    order_ids: tuple[int, ...]
    stake: Stake
    score: Score
    severity: str
    comes_again: Recurrence | None = None
    is_of_one_kind: bool = True

    @property
    def title(self) -> str:
        """What is wrong, in one sentence: of many of one kind, how many there are."""
        case, others = self.case, self.count - 1
        if not others:
            return case.title
        if not self.is_of_one_kind:
            return f"{case.title} (with {others:,} {'other' if others == 1 else 'others'})"
        together = TOGETHER[CaseKind(case.kind)].format(n=f"{self.count:,}")
        return f"{together}: {case.sku}" if case.sku else together

    @property
    def count(self) -> int:
        """How many cases share the cause."""
        return len(self.case_ids)

    @property
    def money(self) -> tuple[Amount, ...]:
        """What is at stake, by currency."""
        return self.stake.money

    @property
    def due_at(self) -> datetime | None:
        """By when somebody must have decided."""
        return self.stake.due_at


@dataclass(slots=True)
class _Group:
    """What is added up of the cases of one cause."""

    rows: list[Any] = field(default_factory=list)

    def lead(self) -> Any:
        """Return the most urgent of them."""
        return min(self.rows, key=lambda row: (_SEVERITIES[row.severity], row.due_at, row.id))

    def stake(self) -> Stake:
        """Return what is at stake in all of them together."""
        first = self.lead()
        harm, because = HARM_OF[CaseKind(first.kind)]
        return Stake(
            add_up([Amount(row.money_at_risk, row.currency) for row in self.rows]),
            min(row.due_at for row in self.rows), harm, because,
            max(row.customer_orders or 0 for row in self.rows), len(self.rows),
            Severity(first.severity),
        )  # fmt: skip


def card_rows(
    db: Connection, *, query: str = "", now: datetime, actor: str = "", sort: str = "",
    descending: bool = False, limit: int | None = 200, offset: int = 0, say: Say = plain_money,
) -> list[Card]:  # fmt: skip
    """Return a page of the cards that a search finds, by default the highest score first.

    Raises:
        SearchError: the query cannot be read.
    """
    if is_over(query):
        rows = case_rows(db, query=query, now=now, sort=sort or "resolved_at",
                         descending=descending or not sort, limit=limit, offset=offset)  # fmt: skip
        return [_single(row) for row in rows]
    cards = _scored(db, query, now, actor, say)
    if sort in _SORTS:
        cards.sort(key=_SORTS[sort], reverse=descending)
    end = None if limit is None else offset + limit
    return _filled(db, cards[offset:end], now)


def count_cards(db: Connection, *, query: str = "", now: datetime, actor: str = "") -> int:
    """Return how many cards a search finds."""
    if is_over(query):
        return count_cases(db, query=query, now=now)
    found = _open(case_condition(db, query, now, actor=actor), _CAUSE).distinct()
    return db.execute(select(func.count()).select_from(found.subquery())).scalar_one()


def card_ids(
    db: Connection, *, query: str = "", now: datetime, actor: str = "", sort: str = "",
    descending: bool = False, limit: int | None = None, offset: int = 0,
) -> list[int]:  # fmt: skip
    """Return the ids of the cards that a search finds, in their order."""
    if is_over(query):
        rows = card_rows(db, query=query, now=now, sort=sort, descending=descending, limit=limit,
                         offset=offset)  # fmt: skip
        return [row.id for row in rows]
    cards = _scored(db, query, now, actor, plain_money)
    if sort in _SORTS:
        cards.sort(key=_SORTS[sort], reverse=descending)
    end = None if limit is None else offset + limit
    return [card.id for card in cards[offset:end]]


@dataclass(frozen=True, slots=True)
class _Bare:
    """A card before its case is read."""

    id: int
    lead: Any
    group: _Group
    stake: Stake
    score: Score


_SORTS: Final[Mapping[str, Callable[[_Bare], Any]]] = {
    "score": lambda card: -card.score.total,
    "severity": lambda card: _SEVERITIES[card.lead.severity],
    "title": lambda card: card.lead.title,
    "due_at": lambda card: card.stake.due_at,
    "money_at_risk": lambda card: sum(each.minor for each in card.stake.money),
    "owner": lambda card: card.lead.owner,
    "assigned_to": lambda card: card.lead.assigned_to,
    "opened_at": lambda card: card.lead.opened_at,
}
_CAUSE: Final = func.coalesce(func.nullif(_case.joined_to, ""), _case.cause).label("card")


def _open(condition: ColumnElement[bool], *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(exception_cases)
        .outerjoin(orders, orders.c.id == _case.order_id)
        .outerjoin(skus, skus.c.id == _case.sku_id)
        .where(condition)
    )


def _scored(db: Connection, query: str, now: datetime, actor: str, say: Say) -> list[_Bare]:
    found = _open(
        case_condition(db, query, now, actor=actor), _CAUSE, _case.id, _case.kind, _case.due_at,
        _case.money_at_risk, _case.currency, _case.customer_orders, _case.severity, _case.title,
        _case.owner, _case.opened_at, _case.order_id, _case.assigned_to,
    )  # fmt: skip
    groups: dict[str, _Group] = {}
    for row in db.execute(found.order_by(_case.id)):
        groups.setdefault(row.card, _Group()).rows.append(row)
    usual = usual_orders(db)
    cards = [_bare(group, now, usual, say) for group in groups.values()]
    return sorted(cards, key=lambda card: (-card.score.total, card.stake.due_at, card.id))


def _bare(group: _Group, now: datetime, usual: Mapping[str, int], say: Say) -> _Bare:
    stake = group.stake()
    return _Bare(
        group.rows[0].id, group.lead(), group, stake, score(stake, now=now, usual=usual, say=say)
    )


def _filled(db: Connection, cards: Sequence[_Bare], now: datetime) -> list[Card]:
    rows = cases_by_id(db, [card.lead.id for card in cards], now=now)
    again = recurrences(db, [card.lead.id for card in cards], now=now)
    return [
        Card(
            card.id, rows[card.lead.id], tuple(row.id for row in card.group.rows),
            tuple(row.order_id for row in card.group.rows if row.order_id is not None),
            card.stake, card.score, card.lead.severity, again.get(card.lead.id),
            is_of_one_kind=len({row.kind for row in card.group.rows}) == 1,
        )
        for card in cards
        if card.lead.id in rows
    ]  # fmt: skip


def _single(row: CaseRow) -> Card:
    """Return the card of a case that is over: it asks for nothing."""
    money = add_up([Amount(row.money_at_risk, row.currency)])
    order_ids = (row.order_id,) if row.order_id is not None else ()
    return Card(
        row.id, row, (row.id,), order_ids, Stake(money, row.due_at), Score(()), row.severity
    )
