"""Had these rules decided since then: what would have shipped from elsewhere, and for how much more or less?

Every order is decided again as it came in, by the code that decides it live, against the stock of that moment,
which what was decided before has used up. What a person decided otherwise stays as it was. Beside the draft the
rules in force are replayed too, and held against what really happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.orders import OrderStatus
from app.domain.reservation import Claim, Shortfall
from app.domain.routing import RoutingSuggestion
from app.domain.rulebook.effects import Effects
from app.domain.rulebook.text import parsed
from app.services.backtesting.history import History, Unlike
from app.services.backtesting.past import Past
from app.services.backtesting.replaying import Progress, no_progress
from app.services.planning.router import Router, routable
from app.services.rules.asking import Asking
from app.services.rules.in_force import RulesInForce, places, ready
from app.services.standing_in import StandIns

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one order was decided: location names, money (minor units), parcels, and its promise."""

    places: str = ""
    cost: int = 0
    parcels: int = 0
    is_late: bool = False
    short: int = 0  # lines that found no stock


NOTHING = Outcome()


@dataclass(frozen=True, slots=True)
class Changed:
    """An order that the draft decides otherwise than the rules in force."""

    order_id: int
    number: str
    before: Outcome
    after: Outcome
    rules: tuple[str, ...]

    @property
    def extra(self) -> int:
        """What it would have cost more, minor units."""
        return self.after.cost - self.before.cost


@dataclass(frozen=True, slots=True)
class Sums:
    """All orders together under one set of rules."""

    cost: int
    parcels: int
    split: int
    late: int
    short: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a draft would have changed; ``per_rule`` is what the orders that a rule met cost more."""

    since: datetime
    orders: int
    currency: str
    active: Sums
    draft: Sums
    changed: tuple[Changed, ...]
    per_rule: Mapping[str, int]
    hits: Mapping[str, int]
    alike: int
    unlike: tuple[Unlike, ...]

    @property
    def extra(self) -> int:
        """What the draft would have cost more than the rules in force, minor units."""
        return self.draft.cost - self.active.cost


def backtest_rules(
    db: Connection, *, text: str, since: datetime, now: datetime, progress: Progress = no_progress
) -> Backtest:
    """Replay every order that came in since a moment, under the rules in force and under a draft."""
    parsed(text)
    history = History(db, since)
    router = Router(db, now)
    total = 2 * len(history.rows)
    before = _Replay(db, history, router).run(lambda done: progress(done, total))
    router = Router(db, now)
    router.rules = RulesInForce(0, ready(text, places(db)))
    draft = _Replay(db, history, router)
    after = draft.run(lambda done: progress(len(history.rows) + done, total))
    changed = tuple(
        Changed(row.id, row.number, before[row.id], after[row.id], draft.rules.get(row.id, ()))
        for row in history.rows
        if before[row.id] != after[row.id]
    )
    per_rule: dict[str, int] = defaultdict(int)
    for each in changed:
        for rule in each.rules:
            per_rule[rule] += each.extra
    unlike = tuple(history.unlike(before))
    return Backtest(
        since, len(history.rows), router.rates.currency, _sums(before), _sums(after), changed,
        dict(per_rule), dict(draft.hits), len(history.rows) - len(unlike), unlike,
    )  # fmt: skip


def _sums(outcomes: Mapping[int, Outcome]) -> Sums:
    found = outcomes.values()
    return Sums(
        sum(each.cost for each in found),
        sum(each.parcels for each in found),
        sum(each.parcels > 1 for each in found),
        sum(each.is_late for each in found),
        sum(each.short for each in found),
    )


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An order of which lines wait for stock."""

    row: Any
    asked: Effects
    skus: frozenset[int]


class _Replay:
    """Decides the orders one after the other."""

    def __init__(self, db: Connection, history: History, router: Router) -> None:
        self._db, self._history, self._router = db, history, router
        self._past = Past(db, history.since, history.ids)
        self._took: dict[int, list[tuple[Claim, int | None]]] = {}
        self.rules: dict[int, tuple[str, ...]] = {}
        self.hits: dict[str, int] = defaultdict(int)
        self._waiting: dict[int, _Waiting] = {}

    def run(self, tell: Callable[[int], object]) -> dict[int, Outcome]:
        """Return how each order is decided; ``tell`` hears how many are."""
        found: dict[int, Outcome] = {}
        rows = self._history.rows
        for at in range(0, len(rows), _CHUNK):
            tell(at)
            part = rows[at : at + _CHUNK]
            asking = Asking(self._db, self._router.rules, self._router, [row.id for row in part])
            for row in part:
                self._past.move_on(row.id, row.taken_in_at)
                self._give_back()
                if self._router.now != row.taken_in_at:
                    self._router.move_to(row.taken_in_at)
                self._reclaim(found)
                found[row.id] = self._decide(row, asking.of(row.id))
        return found

    def _reclaim(self, found: dict[int, Outcome]) -> None:
        """Decide orders again that waited for units which have become free, the oldest first."""
        freed = self._past.freed
        if not freed:
            return
        going = [each for each in self._waiting.values() if not freed.isdisjoint(each.skus)
                 and each.row.status != OrderStatus.CANCELLED]  # fmt: skip
        freed.clear()
        for each in going:
            for claim, place in self._took.pop(each.row.id, ()):
                self._past.give_back(claim.sku_id, place, claim.quantity)
            found[each.row.id] = self._decide(each.row, each.asked)
        freed.clear()

    def _give_back(self) -> None:
        for order_id, sku in self._past.given_back:
            for claim, place in self._took.get(order_id, ()):
                if claim.sku_id == sku:
                    self._past.give_back(sku, place, claim.quantity)
        self._past.given_back.clear()

    def _decide(self, row: Any, asked: Effects) -> Outcome:
        if row.id not in self.rules:
            for rule in asked.rules:
                self.hits[rule] += 1
        self.rules[row.id] = asked.rules
        claims, skus = self._claims(row)
        short = len(skus)
        self._waiting.pop(row.id, None)
        if skus:
            self._waiting[row.id] = _Waiting(row, asked, frozenset(skus))
        if not claims:
            self._took[row.id] = []
            return Outcome(short=short)
        by_hand = self._history.by_hand.get(row.id)
        order = routable(row)
        answer = self._router.suggest(order, claims, self._past.pool, asked, by_hand)
        at = {
            claim: parcel.candidate.site_id for parcel in answer.parcels for claim in parcel.claims
        }
        self._took[row.id] = [(claim, at.get(claim)) for claim in claims]
        return self._outcome(answer, short)

    def _claims(self, row: Any) -> tuple[list[Claim], list[int]]:
        """Claim what there is; return the SKUs that lines are short of as well."""
        stand_ins = StandIns(self._db, self._router.policies, row.taken_in_at)
        claims: list[Claim] = []
        short: list[int] = []
        for line in self._history.lines.get(row.id, ()):
            got = stand_ins.claim(
                row.channel, line.id, line.sku_id, line.quantity * line.pack, self._past.pool
            )
            if isinstance(got, Shortfall):
                short.append(got.sku_id)
            else:
                claims.extend(got)
        return claims, short

    def _outcome(self, answer: RoutingSuggestion, short: int) -> Outcome:
        parcels = answer.parcels
        return Outcome(
            self._history.named(each.candidate.site_id for each in parcels),
            answer.cost,
            len(parcels),
            any(each.candidate.is_late for each in parcels),
            short,
        )
