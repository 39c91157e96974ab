"""Would a rule make it stop? What the orders of a case that comes again have in common, and what a rule can do.

Only where a rule helps: what is fraud or came twice is held and looked at, what breaks is wrapped better,
what is not handed over needs a signature, and a place that is too full is asked last.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.rulebook.actions import Action, Verb
from app.domain.rulebook.learning import in_common, said_of
from app.domain.rulebook.rules import Rule
from app.domain.rulebook.text import LONGEST_NAME
from app.models.cases import exception_cases
from app.models.inventory import locations
from app.services.rules.learning import accepted_as_suggested
from app.services.rules.looking import facts_by_id

_SINCE: Final = timedelta(days=30)
_case = exception_cases.c
_HELPS: Final[Mapping[CaseKind, tuple[str, Action]]] = {
    CaseKind.FRAUD_HOLD: ("may be fraud", Action(Verb.HOLD, text="May be fraud: look at it first.")),
    CaseKind.DUPLICATE_SUSPECT: (
        "may have come twice", Action(Verb.HOLD, text="May have come twice: look at it first."),
    ),
    CaseKind.PARCEL_DAMAGED: ("break", Action(Verb.NOTE, text="Arrives broken often: wrap it twice.")),
    CaseKind.PARCEL_LOST: ("get lost", Action(Verb.NEED, words=("signature",))),
    CaseKind.NOT_DELIVERED: ("are not handed over", Action(Verb.NEED, words=("signature",))),
}  # fmt: skip


def rule_for(db: Connection, row: Any, *, now: datetime) -> Rule | None:
    """Return the rule that would help with a case, if one would."""
    if row.kind == CaseKind.OVER_CAPACITY:
        return _elsewhere_first(db, row.location_id)
    found = _HELPS.get(CaseKind(row.kind))
    if found is None:
        return None
    trouble, action = found
    told = facts_by_id(db, _orders_of(db, row.kind, now), now=now)
    shared = in_common(list(told.values()), accepted_as_suggested(db, now))
    if not shared:
        return None
    about = f"Drafted from {len(told)} cases of the last 30 days."
    name = f"{said_of(shared)}: {trouble}"[:LONGEST_NAME]
    return Rule(name, " ".join(shared), (action,), about)


def _orders_of(db: Connection, kind: str, now: datetime) -> list[int]:
    query = select(_case.order_id).where(
        _case.kind == kind, _case.opened_at >= now - _SINCE, _case.order_id.is_not(None)
    )
    return sorted(set(db.execute(query).scalars()))


def _elsewhere_first(db: Connection, location_id: int | None) -> Rule | None:
    places = db.execute(
        select(locations.c.id, locations.c.code, locations.c.name)
        .where(locations.c.ships)
        .order_by(locations.c.id)
    ).all()
    full = next((each for each in places if each.id == location_id), None)
    others = tuple(each.code for each in places if each.id != location_id)
    if full is None or not others:
        return None
    about = f"{full.name} had more to ship than it can, more than twice in 30 days."
    return Rule(f"{full.code} is asked last"[:LONGEST_NAME], "always",
                (Action(Verb.PREFER, words=(*others, full.code)),), about)  # fmt: skip
