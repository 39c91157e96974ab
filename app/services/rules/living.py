"""What can be said of rules while somebody writes them: from facts that were read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from app.domain.rulebook.counting import RuleCount, count
from app.domain.rulebook.effects import Effects
from app.domain.rulebook.facts import OrderFacts
from app.domain.rulebook.findings import History, Lint, References
from app.domain.rulebook.learning import Lesson
from app.domain.rulebook.linting import lint
from app.domain.rulebook.rules import Rulebook
from app.domain.rulebook.running import Runner, Step
from app.domain.rulebook.saying import Called
from app.models.orders import orders
from app.services.rules.in_force import Places, places
from app.services.rules.known import called, references
from app.services.rules.learning import drafted_lessons
from app.services.rules.looking import (
    HISTORY_DAYS,
    MOST_HISTORY,
    RulebookRow,
    facts_of,
    open_facts,
    rulebook_rows,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rules are held against: every version, the open orders, those of the last weeks, the names."""

    versions: tuple[RulebookRow, ...]
    waiting: tuple[OrderFacts, ...]
    past: tuple[OrderFacts, ...]
    known: References
    places: Places
    lessons: tuple[Lesson, ...] = ()
    called: Called = field(default_factory=Called)

    def version(self, state: str) -> RulebookRow | None:
        """Return the draft, or the version in force."""
        return next((row for row in self.versions if row.state == state), None)


def surroundings(db: Connection, *, now: datetime) -> Surroundings:
    """Read what rules are held against."""
    since = now - timedelta(days=HISTORY_DAYS)
    query = (
        select(orders.c.id)
        .where(orders.c.placed_at >= since)
        .order_by(orders.c.placed_at.desc(), orders.c.id.desc())
        .limit(MOST_HISTORY)
    )
    ids = db.execute(query).scalars().all()
    return Surroundings(
        rulebook_rows(db), open_facts(db, now=now), facts_of(db, ids, now=now), references(db),
        places(db), drafted_lessons(db, now=now), called(db),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a rulebook: findings, how many open orders each rule means, one order's trace."""

    findings: tuple[Lint, ...]
    counts: Mapping[str, RuleCount]
    waiting: int
    number: str = ""
    steps: tuple[Step, ...] = ()
    effects: Effects | None = None

    def of(self, rule: str) -> tuple[Lint, ...]:
        """Return the findings about a rule."""
        return tuple(each for each in self.findings if each.rule == rule)


def judge(book: Rulebook, around: Surroundings, number: str = "") -> Judged:
    """Say what can be said of a rulebook; ``number`` is the order that it is tried on."""
    hits = {each.rule: each.means for each in count(book, around.past)}
    history = History(hits, len(around.past), HISTORY_DAYS)
    counts = {each.rule: each for each in count(book, around.waiting)}
    found = lint(book, around.known, history)
    tried = _tried(book, around, number.strip())
    if tried is None:
        return Judged(found, counts, len(around.waiting))
    effects, steps = Runner(book, dict(around.places)).trace(tried)
    return Judged(found, counts, len(around.waiting), tried.number, steps, effects)


def _tried(book: Rulebook, around: Surroundings, number: str) -> OrderFacts | None:
    """Return the order that is named; where none is, one that shows something."""
    if number:
        both = (*around.waiting, *around.past)
        return next((each for each in both if each.number == number), None)
    runner = Runner(book, dict(around.places))
    met = (each for each in around.waiting if runner.run(each).rules)
    return next(met, next(iter(around.waiting), None))
