"""May a draft be put in force? Where the owner wants it: only one that a back-test has not shown to be worse.

A verdict is an entry of the trail: which draft, against what was in force then, and how it came out.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.roles import Actor, Permission
from app.errors import RefusedError, UnprovenError
from app.models import house
from app.models.governance import audit_entries
from app.services import audit

GATE: Final = "backtest_gate"
LASTS: Final = timedelta(days=7)
_TRIED: Final = "back-test"


def is_gated(db: Connection) -> bool:
    """Return whether drafts have to be back-tested before they count."""
    return bool(house.named(db, GATE).get(GATE))


def set_backtest_gate(db: Connection, actor: Actor, *, is_on: bool, now: datetime) -> Changes:
    """Say whether drafts have to be back-tested before they count."""
    actor.must(Permission.ADMINISTER)
    before = is_gated(db)
    label = "Ask for a back-test before a draft counts" if is_on else "Let drafts count untested"
    if before == is_on:
        return Changes(label, Touched.NOTHING)
    house.write(db, {GATE: is_on})
    audit.record(db, actor, now, audit.Deed(
        "set back-test gate", "settings", "", {"on": before}, {"on": is_on}))  # fmt: skip
    undo = Undo("set_backtest_gate", {"is_on": before}, subjects="")
    return Changes(label, Touched.SETTINGS, (1,), undo=undo)


def keep_backtest(
    db: Connection, actor: Actor, *, seal: str, against: int, is_worse: bool, saved: int,
    since: datetime, now: datetime,
) -> Changes:  # fmt: skip
    """Note in the trail how a draft came out against what is in force; ``saved`` is minor units."""
    actor.must(Permission.WORK)
    told = {"against": against, "worse": is_worse, "saved": saved, "since": since.isoformat()}
    audit.record(db, actor, now, audit.Deed(_TRIED, _subject(seal), after=told))
    return Changes("Keep what a back-test found", Touched.NOTHING, (1,))


def refuse_untested(
    db: Connection, seal: str, against: int, anyway: bool, reason: str, now: datetime
) -> None:
    """Refuse a draft that was not tried, or came out worse, unless the owner says why it is to count.

    Raises:
        UnprovenError: it has to be back-tested first, or would have made things worse.
        RefusedError: it is to count anyway, and nobody says why.
    """
    if not is_gated(db) or (anyway and reason.strip()):
        return
    if anyway:
        raise RefusedError("Nobody has said why it is to count all the same; nothing was changed.",
                           "Give a reason; it is kept.")  # fmt: skip
    found = _verdict(db, seal, now)
    if found is None or found["against"] != against:
        raise UnprovenError(
            "This draft was not back-tested against what counts now; nothing was changed.",
            "Try it on the orders of the past: Insights, Back-test, or “orderdeck backtest”.",
        )
    if found["worse"]:
        raise UnprovenError("The back-test says that this draft makes things worse; nothing was changed.",
                            "Change the draft, or say why it is to count all the same "
                            "(on the command line: --anyway with a --reason).")  # fmt: skip


def _verdict(db: Connection, seal: str, now: datetime) -> Any:
    """Return how a draft came out last, if that is not too long ago."""
    entry = audit_entries.c
    query = select(entry.at, entry.after).where(entry.subject == _subject(seal))
    last = db.execute(query.order_by(entry.seq.desc()).limit(1)).first()
    if last is None or now - datetime.fromisoformat(last.at) > LASTS:
        return None
    return json.loads(last.after)


def _subject(seal: str) -> str:
    return f"back-test:{seal}"
