"""Learn from overrides: draft the rule that would have made them unnecessary, and take it over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.domain.rulebook.learning import ENOUGH, Lesson, Override, lessons
from app.domain.rulebook.rules import Rule, Rulebook
from app.domain.rulebook.saying import taught
from app.domain.rulebook.text import parsed, written
from app.errors import NotFoundError
from app.models.fulfilment import (
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
    shipments,
)
from app.models.identity import Identity
from app.models.inventory import locations
from app.models.orders import orders
from app.models.rules import rule_lessons, rulebooks
from app.models.sets import among
from app.services import audit
from app.services.cases import open_cases, resolve_cases
from app.services.rules import rulebooks as books
from app.services.rules.in_force import stored_book
from app.services.rules.known import called
from app.services.rules.looking import facts_by_id

DAYS: Final = 30
MOST: Final = 500
REVIEW: Final = 1  # what the one case about overrides is about


def overrides_of(db: Connection, *, now: datetime) -> tuple[Override, ...]:
    """Return what was chosen by hand in the last weeks, and is in force."""
    table = routing_decisions.c
    query = (
        select(
            routing_decisions, routing_suggestions.c.explanation, orders.c.ship_by,
            select(func.max(shipments.c.shipped_at))
            .where(shipments.c.order_id == table.order_id, shipments.c.voided_at.is_(None))
            .correlate(routing_decisions).scalar_subquery().label("shipped_at"),
        )
        .join(routing_suggestions, routing_suggestions.c.id == table.suggestion_id)
        .join(orders, orders.c.id == table.order_id)
        .where(
            table.kind == "overridden", table.withdrawn_at.is_(None),
            table.decided_at >= now - timedelta(days=DAYS),
        )
        .order_by(table.id.desc())
        .limit(MOST)
    )  # fmt: skip
    rows = db.execute(query).all()
    told = facts_by_id(db, [row.order_id for row in rows], now=now)
    codes = dict(db.execute(select(locations.c.id, locations.c.code)).all())
    chosen = _chosen(db, [row.id for row in rows])
    return tuple(
        _override(row, told[row.order_id], codes, chosen) for row in rows if row.order_id in told
    )


def _override(
    row: Any, facts: Any, codes: Mapping[int, str], chosen: Mapping[int, Sequence[str]]
) -> Override:
    parcels = row.explanation.get("parcels", ())
    suggested = dict.fromkeys(codes.get(each["location"], "") for each in parcels)
    is_late = (
        None if row.shipped_at is None or row.ship_by is None else row.shipped_at > row.ship_by
    )
    return Override(
        row.order_id, facts, " ".join(suggested), " ".join(chosen.get(row.id, ())), row.reason,
        row.cost - row.suggested_cost, row.extra_days,
        tuple(row.explanation.get("rules", {}).get("met", ())), is_late,
    )  # fmt: skip


def _chosen(db: Connection, decision_ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(fulfilment_orders.c.decision_id, locations.c.code)
        .join(locations, locations.c.id == fulfilment_orders.c.location_id)
        .where(among(fulfilment_orders.c.decision_id, "decisions"))
        .order_by(fulfilment_orders.c.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for decision_id, code in db.execute(query, {"decisions": list(decision_ids)}):
        found[decision_id].append(code)
    return found


def drafted_lessons(db: Connection, *, now: datetime) -> tuple[Lesson, ...]:
    """Return the rules that overrides suggest, without those that somebody decided on already."""
    made = overrides_of(db, now=now)
    known = set(db.execute(select(rule_lessons.c.pattern)).scalars())
    if len(made) < ENOUGH:
        return ()
    return tuple(
        each for each in lessons(made, accepted_as_suggested(db, now)) if each.pattern not in known
    )


def accepted_as_suggested(db: Connection, now: datetime) -> Sequence[Any]:
    """Return the orders whose suggestion was accepted in the last weeks, the newest."""
    query = (
        select(routing_decisions.c.order_id)
        .where(
            routing_decisions.c.kind == "accepted",
            routing_decisions.c.withdrawn_at.is_(None),
            routing_decisions.c.decided_at >= now - timedelta(days=DAYS),
        )
        .order_by(routing_decisions.c.id.desc())
        .limit(MOST)
    )
    ids = list(dict.fromkeys(db.execute(query).scalars()))
    return list(facts_by_id(db, ids, now=now).values())


def notice(db: Connection, *, now: datetime) -> None:
    """Open the case about overrides when they teach something, and close it when they do not."""
    found = drafted_lessons(db, now=now)
    if not found:
        resolve_cases(db, [CaseKind.RULE_REVIEW], "rules", [REVIEW],
                      resolution="Decided on.", now=now)  # fmt: skip
        return
    first = found[0]
    title = f"{taught(first, called(db))}; a rule for it is drafted"
    more = {"lessons": [each.pattern for each in found], "rule": first.overruled}
    open_cases(db, [CaseDraft(CaseKind.RULE_REVIEW, "rules", REVIEW, title, facts=more)], now=now)


def learn(
    db: Connection, actor: Actor, *, pattern: str, now: datetime, in_force: bool = False
) -> Changes:
    """Take over the rule that overrides suggest: into the draft, or in force at once.

    Raises:
        NotFoundError: they do not suggest it any more.
    """
    actor.must(Permission.ADMINISTER if in_force else Permission.OVERRIDE)
    lesson = _lesson(db, pattern, now)
    _decide(db, actor, lesson, "accepted", now)
    why = f"Learnt from {counted(len(lesson.overrides), 'override')}."
    if in_force:
        done = _put_in_force(db, actor, lesson, why, now)
    else:
        done = draft_rule(db, actor, lesson.rule, why, now=now)
    notice(db, now=now)
    return replace(done, label=f"Take over the rule {lesson.rule.name}",
                   touched=done.touched | Touched.RULES | Touched.CASES)  # fmt: skip


def _put_in_force(db: Connection, actor: Actor, lesson: Lesson, why: str, now: datetime) -> Changes:
    """Put the rule in force above those that are; a draft gets it too, and stays a draft."""
    draft, active = books.current(db, "draft"), books.current(db, "active")
    version = int(db.execute(select(func.max(rulebooks.c.version))).scalar() or 0) + 1
    row = {
        "id": Identity(db, rulebooks).take(rulebooks), "version": version, "state": "archived",
        "text": with_rule(text_of(active), lesson.rule), "reason": why,
        "written_by": actor.name, "written_at": now,
    }  # fmt: skip
    db.execute(rulebooks.insert(), [row])
    done = books.activate_rules(db, actor, version=version, reason=why, now=now)
    if draft is not None:
        books.save_rules(db, actor, text=with_rule(draft.text, lesson.rule), now=now)
    return done


def dismiss_lesson(db: Connection, actor: Actor, *, pattern: str, now: datetime) -> Changes:
    """Say that overrides of this kind stay what they are: decided by hand."""
    actor.must(Permission.OVERRIDE)
    lesson = _lesson(db, pattern, now)
    _decide(db, actor, lesson, "dismissed", now)
    notice(db, now=now)
    undo = Undo("reconsider_lesson", {"pattern": pattern})
    return Changes(f"Leave to people: {lesson.rule.name}", Touched.RULES | Touched.CASES, (1,),
                   undo=undo)  # fmt: skip


def reconsider_lesson(db: Connection, actor: Actor, *, pattern: str, now: datetime) -> Changes:
    """Let overrides of a kind that was dismissed suggest a rule again."""
    actor.must(Permission.OVERRIDE)
    db.execute(rule_lessons.delete().where(rule_lessons.c.pattern == pattern))
    audit.record(
        db, actor, now, audit.Deed("reconsider lesson", "rules", after={"pattern": pattern})
    )
    notice(db, now=now)
    return Changes("Suggest the rule again", Touched.RULES | Touched.CASES, (1,))


def _lesson(db: Connection, pattern: str, now: datetime) -> Lesson:
    found = next((each for each in drafted_lessons(db, now=now) if each.pattern == pattern), None)
    if found is None:
        raise NotFoundError(
            "Overrides do not suggest this rule any more; nothing was changed.",
            "Look at what they suggest now.",
        )
    return found


def _decide(db: Connection, actor: Actor, lesson: Lesson, state: str, now: datetime) -> None:
    row = {
        "id": Identity(db, rule_lessons).take(rule_lessons), "pattern": lesson.pattern,
        "state": state, "overrides": len(lesson.overrides), "actor": actor.name, "decided_at": now,
    }  # fmt: skip
    db.execute(rule_lessons.insert(), [row])
    after = {"pattern": lesson.pattern, "overrides": len(lesson.overrides)}
    audit.record(db, actor, now, audit.Deed(f"lesson {state}", "rules", after=after))


def text_of(row: Any) -> str:
    """Return the rules of a version as they are written; none where there is none."""
    return written(stored_book(row.version, row.text)) if row else ""


def with_rule(text: str, rule: Rule) -> str:
    """Return rules with another above them: what was learnt is the exception."""
    book = parsed(text)
    taken = {each.name.casefold() for each in book.rules}
    name, number = rule.name, 2
    while name.casefold() in taken:
        name, number = f"{rule.name[:70]} {number}", number + 1
    return written(Rulebook((replace(rule, name=name), *book.rules)))


def draft_rule(db: Connection, actor: Actor, rule: Rule, why: str, *, now: datetime) -> Changes:
    """Write a rule into the draft of the rules, above those that are there; it decides nothing yet."""
    row = books.current(db, "draft") or books.current(db, "active")
    return books.save_rules(db, actor, text=with_rule(text_of(row), rule), reason=why, now=now)
