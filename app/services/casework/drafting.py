"""What comes again and again: what would make it stop, drafted so that one key takes it over?

Stock that runs out at one SKU again and again is kept back there for a while; where a rule of the rulebook
helps, it is drafted; everything else is looked at earlier. The draft says what it changes before anything is changed, and one undo takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind, Severity
from app.domain.casework.kinds import TEMPLATES
from app.domain.casework.matrix import LONGEST_HOURS, as_said
from app.domain.changes import Changes
from app.domain.promising.calendar import overlay_as_said
from app.domain.roles import Actor, Permission
from app.domain.rulebook.rules import Rule
from app.errors import NotFoundError
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.exception_matrix import matrix_in_force
from app.models.promising.sheet import sheet
from app.services.casework.matrix import save_matrix
from app.services.casework.ruling import rule_for
from app.services.promising.sheets import save_sheet
from app.services.rules.learning import draft_rule

BACK_FOR: Final = timedelta(days=30)
LEAST: Final = 2
OF_STOCK: Final = (CaseKind.SHORTFALL, CaseKind.NEGATIVE_STOCK, CaseKind.OVERSOLD)
_case = exception_cases.c


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be changed. ``sku`` names what is kept back, if it is a buffer; ``rule`` is a rule."""

    title: str
    words: str
    kind: CaseKind
    sku: str = ""
    units: int = 0
    hours: int = 0
    rule: Rule | None = None


def draft_of(db: Connection, *, case_id: int, now: datetime) -> Draft:
    """Return what would make a case come no more, or be seen sooner.

    Raises:
        NotFoundError: there is no such case.
    """
    query = select(exception_cases, skus.c.code).outerjoin(skus, skus.c.id == _case.sku_id)
    row = db.execute(query.where(_case.id == case_id)).first()
    if row is None:
        raise NotFoundError("There is no such case any more; nothing was changed.",
                            "Look at the inbox as it is now.")  # fmt: skip
    kind = CaseKind(row.kind)
    if kind in OF_STOCK and row.code:
        return _buffer(kind, row)
    rule = rule_for(db, row, now=now)
    if rule is not None:
        return _ruled(kind, rule)
    return _earlier(
        kind, matrix_in_force(db).row(kind).before, matrix_in_force(db).row(kind).within
    )


def _buffer(kind: CaseKind, row: Any) -> Draft:
    missing = [int(each.get("needed", 0)) - int(each.get("free", 0))
               for each in row.facts.get("missing", ()) if isinstance(each, dict)]  # fmt: skip
    units = max([LEAST, *missing])
    words = (
        f"For 30 days {units} units of {row.code} are kept back on every channel, so that the last ones "
        "are not sold twice. It stands in the calendar of the policy sheet."
    )
    return Draft(f"Keep {units} of {row.code} back", words, kind, row.code, units)


def _ruled(kind: CaseKind, rule: Rule) -> Draft:
    does = "; ".join(each.line for each in rule.actions)
    when = "for every order" if rule.is_always else f"if an order is “{rule.condition}”"
    words = (
        f"The rule “{rule.name}” is written into the draft of your rules: {when}, then {does}. It decides "
        "nothing before you try it and put it in force on the page Rules."
    )
    return Draft("Draft a rule for it", words, kind, rule=rule)


def _earlier(kind: CaseKind, before: int, within: int) -> Draft:
    hours = min(LONGEST_HOURS, max(before + 4, before * 2))
    words = (
        f"“{TEMPLATES[kind].title}” is to be decided {hours} hours before what was promised instead of "
        f"{before}, within {max(1, within // 2)} hours where nothing was, and counts as high. It stands in the matrix."
    )
    return Draft("See it sooner", words, kind, hours=hours)


def take_draft(db: Connection, actor: Actor, *, case_id: int, now: datetime) -> Changes:
    """Take over what was drafted for a case that comes again and again."""
    actor.must(Permission.ADMINISTER)
    draft = draft_of(db, case_id=case_id, now=now)
    why = "It came more than twice in 30 days."
    if draft.rule is not None:
        return draft_rule(db, actor, draft.rule, why, now=now)
    if draft.sku:
        entry = {
            "name": f"{draft.sku} ran out again and again", "occasion": "peak", "starts_at": now,
            "ends_at": now + BACK_FOR, "channels": [], "skus": [draft.sku],
            "changes": {"buffer_units": draft.units},
        }  # fmt: skip
        kept = [overlay_as_said(each) for each in sheet(db).calendar]
        return save_sheet(db, actor, channels={}, calendar=[*kept, entry], reason=why, now=now)
    said = as_said(matrix_in_force(db).row(draft.kind))
    change = {"before": draft.hours, "within": max(1, said["within"] // 2),
              "severity": Severity.HIGH.value}  # fmt: skip
    return save_matrix(db, actor, rows={draft.kind.value: change}, reason=why, now=now)
