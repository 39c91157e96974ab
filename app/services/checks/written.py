"""Are the rules and the policies what was written down, and can they be read?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Text, cast, select, type_coerce

from app.errors import DamagedError
from app.models.exception_matrix import matrix_in_force
from app.models.governance import policies as policies_
from app.models.promising.sheet import CHANNELS, sheet
from app.models.rules import rulebooks
from app.services import policies as known
from app.services.casework.matrix import ACTION
from app.services.checks.check import Check, answer
from app.services.checks.deeds import deeds, version_in
from app.services.kpis.changing import ACTION as STANDARD
from app.services.promising.limits import deciders
from app.services.rules.in_force import in_force
from app.services.rules.rulebooks import seal_of

_CHANGES = (
    "change policy sheet", "change who decides", "change routing policy", "change rate tables",
    "change returns policy", "change recovery policy", "change costs policy", STANDARD, ACTION,
)  # fmt: skip
_STATES = ("draft", "active", "archived")


def rules(db: Connection) -> Check:
    """Hold each version of the rules against what was sealed when it was written."""
    sealed, decides = _sealed_rules(db)
    rows = db.execute(select(rulebooks).order_by(rulebooks.c.version)).all()
    faults = [
        f"version {row.version} of the rules is not as it was written"
        for row in rows
        if seal_of(row.text) != sealed.pop(row.version, seal_of(row.text))
    ]
    faults += [f"version {version} of the rules is gone" for version in sealed]
    faults += [f"version {row.version} of the rules is “{row.state}”, which says nothing"
               for row in rows if row.state not in _STATES]  # fmt: skip
    active = next((row.version for row in rows if row.state == "active"), 0)
    if decides is not None and active != decides:
        faults.append("the rules in force are not those that were put in force")
    faults += _unreadable(db, in_force)
    return answer("rules", f"Each of {len(rows):,} versions of the rules is as written.", faults)


def _sealed_rules(db: Connection) -> tuple[dict[int, str], int | None]:
    """Return the seal of each version, and which is in force, as far as the trail says."""
    sealed: dict[int, str] = {}
    decides: int | None = None
    for deed in deeds(db, "save rules", "discard rules", "activate rules", "retire rules"):
        version = version_in(deed.subject)
        if deed.action == "activate rules":
            decides = version
        elif deed.action == "retire rules":
            decides = 0
        if deed.action == "discard rules":
            sealed.pop(version, None)
        elif "sha256" in deed.after:
            sealed[version] = str(deed.after["sha256"])
    return sealed, decides


def policies(db: Connection) -> Check:
    """Hold each policy against what was sealed when it was saved; the first ones are the usual."""
    faults = [
        each
        for read in (known.in_force, sheet, deciders, matrix_in_force)
        for each in _unreadable(db, read)
    ]
    sealed = {(CHANNELS, 1): known.sealed({CHANNELS: known.DEFAULT_CHANNELS})[CHANNELS]}
    for deed in deeds(db, *_CHANGES):
        version = version_in(deed.subject)
        for kind, seal in deed.after.get("sealed", {}).items():
            sealed[kind, version] = str(seal)
    there = {(row.kind, row.version): row.body for row in _bodies(db)}
    faults += [f"version {version} of the policy “{kind}” is not as it was saved"
               for (kind, version), seal in sealed.items()
               if _seal(kind, there.get((kind, version))) != seal]  # fmt: skip
    return answer("policies", f"Each of {len(there):,} policies is as it was saved.", faults)


def _bodies(db: Connection) -> list[Any]:
    """Return the policies with their bodies as they are stored, which may be anything."""
    body = policies_.c.body
    plain = cast(body, Text) if db.dialect.name != "sqlite" else type_coerce(body, Text)
    return list(db.execute(select(policies_.c.kind, policies_.c.version, plain.label("body"))))


def _seal(kind: str, body: Any) -> str:
    try:
        return known.sealed({kind: json.loads(body)})[kind]
    except (ValueError, TypeError):
        return ""


def _unreadable(db: Connection, read: Callable[[Connection], object]) -> list[str]:
    try:
        read(db)
    except DamagedError as error:
        return [error.title.partition(";")[0]]
    return []
