"""Write down what every account is to be told from now on, one row a number.

``publish`` runs after the change that made it necessary, for everything that came together until
then: the newest number wins. Where very much would change at once, it stops and asks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.changes import Changes, Touched, Undo, counted, together
from app.domain.promising.breakers import Trip
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError
from app.models import house
from app.models.base import is_state
from app.models.bulk import insert_rows
from app.models.catalogue import skus
from app.models.identity import Identity
from app.models.orders import channel_accounts
from app.models.promising.marks import forget, mark_all
from app.models.published import published_quantities
from app.models.sets import among
from app.services import audit
from app.services.cases import open_cases, resolve_cases
from app.services.promising import observing
from app.services.promising.planning import PROGRESS, Number, Part, Plan, plan, progress

SHOWN: Final = 12
_LABEL: Final = "Publish quantities"
_OVERTAKEN: Final = Changes(_LABEL, Touched.NOTHING)
_pub = published_quantities.c
# As the partial index says it, so that it answers.
_WAITS = is_state(_pub.state, "queued", "held")


def publish(db: Connection, actor: Actor, *, now: datetime) -> Changes:
    """Work out what has changed and write it down, in the same write unit."""
    planned = plan(db, now=now)
    return in_parts(planned, lambda part: write(db, actor, planned, part, now=now))


def write(db: Connection, actor: Actor, planned: Plan, part: Part, *, now: datetime) -> Changes:
    """Write down a part of what was planned before; nothing if somebody else has published meanwhile.

    Only the last part says how far publishing has come: whoever stops before it begins anew, and finds
    the numbers that are here already.
    """
    actor.must(Permission.WORK)
    if planned.is_empty or progress(db).run != _run_before(planned, part):
        return _OVERTAKEN
    touched = _begin(db, planned, now) if part.is_first else Touched.NOTHING
    _replace(db, part.numbers)
    held = _held_accounts(db) | planned.trips.keys()
    rows = _rows(db, part.numbers, planned, held, now)
    insert_rows(db, published_quantities, rows)
    if part.is_last:
        _end(db, planned)
    touched |= Touched.QUANTITIES if rows else Touched.NOTHING
    return Changes(_LABEL, touched, tuple(row["id"] for row in rows))


def in_parts(planned: Plan, write_part: Callable[[Part], Changes]) -> Changes:
    """Write a plan part by part, each in a unit of its own, until somebody else is quicker."""
    written: list[Changes] = []
    for part in planned.parts:
        written.append(write_part(part))
        if written[-1] is _OVERTAKEN:
            break
    whole = together(_LABEL, written)
    units = counted(len(whole.done), "quantity", "quantities")
    return replace(whole, label=f"Work out {units}") if whole.done else whole


def _run_before(planned: Plan, part: Part) -> int:
    return planned.begun.run if part.is_first else planned.ended.run


def _begin(db: Connection, planned: Plan, now: datetime) -> Touched:
    """Take the turn, so that of two desks one writes, and ask first where a breaker says so."""
    house.write(db, {PROGRESS: asdict(replace(planned.begun, run=planned.ended.run))})
    _hold_back(db, planned.trips)
    _ask(db, planned, now)
    return Touched.CASES if planned.trips else Touched.NOTHING


def _end(db: Connection, planned: Plan) -> None:
    house.write(db, {PROGRESS: asdict(planned.ended)})
    forget(db, planned.touched)
    if planned.begun.day != planned.ended.day and observing.measure(db):
        mark_all(db, "measured lag")


def release_quantities(
    db: Connection, actor: Actor, *, account_id: int, reason: str, now: datetime
) -> Changes:
    """Let the numbers go that a breaker held back: a person has looked at them.

    Raises:
        NotFoundError: nothing is held back there.
    """
    actor.must(Permission.OVERRIDE)
    ids = _of(db, account_id, "held")
    name = _name(db, account_id)
    if not ids:
        raise _nothing_held(name)
    _turn(db, ids, "queued", now)
    _settle(db, account_id, "Released.", now)
    _seal(db, actor, now, "release quantities", account_id, reason, ids)
    undo = Undo("hold_quantities", {"account_id": account_id, "rows": ids}, subjects="rows")
    label = f"Let {counted(len(ids), 'number')} go to {name}"
    return Changes(label, Touched.QUANTITIES | Touched.CASES, tuple(ids), undo=undo)


def drop_quantities(
    db: Connection, actor: Actor, *, account_id: int, reason: str, now: datetime
) -> Changes:
    """Leave an account with the numbers that it shows; each is worked out again when it moves.

    Raises:
        NotFoundError: nothing is held back there.
    """
    actor.must(Permission.WORK)
    ids = _of(db, account_id, "held")
    name = _name(db, account_id)
    if not ids:
        raise _nothing_held(name)
    _turn(db, ids, "dropped", None)
    _settle(db, account_id, "The numbers stay as the channel shows them.", now)
    _seal(db, actor, now, "drop quantities", account_id, reason, ids)
    undo = Undo("hold_quantities", {"account_id": account_id, "rows": ids}, subjects="rows")
    label = f"Keep what {name} shows"
    return Changes(label, Touched.QUANTITIES | Touched.CASES, tuple(ids), undo=undo)


def hold_quantities(
    db: Connection, actor: Actor, *, account_id: int, rows: Sequence[int], now: datetime
) -> Changes:
    """Hold numbers back again that were let go or dropped, as far as they have not left.

    Raises:
        NotFoundError: all of them have left or been replaced.
    """
    actor.must(Permission.WORK)
    query = select(_pub.id).where(
        _pub.account_id == account_id, _pub.state.in_(("queued", "dropped")), among(_pub.id, "rows")
    )
    ids = list(db.execute(query, {"rows": list(rows)}).scalars())
    name = _name(db, account_id)
    if not ids:
        raise _nothing_held(name)
    _turn(db, ids, "held", None)
    title = f"{name}: {counted(len(ids), 'number')} held back again"
    open_cases(
        db, [CaseDraft(CaseKind.QUANTITIES_STOPPED, "account", account_id, title,
                       facts={"account_id": account_id})], now=now,
    )  # fmt: skip
    _seal(db, actor, now, "hold quantities", account_id, "", ids)
    return Changes(f"Hold {counted(len(ids), 'number')} back", Touched.QUANTITIES | Touched.CASES,
                   tuple(ids))  # fmt: skip


def mark_sent(
    db: Connection, account_id: int, sku_ids: Collection[int], *, file_id: int | None = None,
    now: datetime,
) -> None:  # fmt: skip
    """Note that the waiting numbers of these SKUs have left, in a file or in a call."""
    where = "call" if file_id is None else f"file:{file_id}"
    told = {
        "account": account_id,
        "skus": list(sku_ids),
        "at": now,
        "file": file_id,
        "where": where,
    }
    db.execute(_SENT, told)


def acknowledge(
    db: Connection, account_id: int, sku_ids: Collection[int], *, now: datetime
) -> None:
    """Note that the account has confirmed the numbers that it was sent."""
    db.execute(_ACKNOWLEDGED, {"account": account_id, "skus": list(sku_ids), "at": now})


def waiting(db: Connection) -> dict[int, int]:
    """Return, by account, how many numbers wait to be told."""
    query = (
        select(_pub.account_id, func.count())
        .where(_WAITS, _pub.state == "queued", _pub.before.is_distinct_from(_pub.after))
        .group_by(_pub.account_id)
    )
    return dict(db.execute(query).all())


def held_skus(db: Connection, account_id: int) -> set[int]:
    """Return the SKUs whose numbers wait for a person's word."""
    query = select(_pub.sku_id).where(_WAITS, _pub.account_id == account_id, _pub.state == "held")
    return set(db.execute(query).scalars())


def held(db: Connection, account_id: int) -> int:
    """Return how many numbers of an account wait for a person's word."""
    return len(_of(db, account_id, "held"))


_update = published_quantities.update()
_SENT = _update.where(
    _WAITS, _pub.account_id == bindparam("account"), _pub.state == "queued", among(_pub.sku_id, "skus")
).values(
    state="sent", sent_at=bindparam("at"), export_file_id=bindparam("file"),
    destination=bindparam("where"),
)  # fmt: skip
_ACKNOWLEDGED = _update.where(
    _pub.account_id == bindparam("account"), _pub.state == "sent", among(_pub.sku_id, "skus")
).values(state="acknowledged", acknowledged_at=bindparam("at"))
_REPLACED = _update.where(among(_pub.id, "rows")).values(state="replaced")
_HELD = _update.where(
    _WAITS, _pub.state == "queued", among(_pub.account_id, "accounts")
).values(state="held", queued_at=None)  # fmt: skip


def _rows(
    db: Connection,
    numbers: Sequence[Number],
    planned: Plan,
    held_accounts: Collection[int],
    now: datetime,
) -> list[dict[str, Any]]:
    ids = Identity(db, published_quantities)
    return [
        {
            "id": ids.take(published_quantities), "sku_id": each.sku_id,
            "account_id": each.account_id, "source": each.source, "before": each.before,
            "after": each.after, "policy_version": planned.version, "state": state,
            "computed_at": now, "queued_at": now if state == "queued" else None,
        }
        for each in numbers
        for state in (_state(each, held_accounts),)
    ]  # fmt: skip


def _state(number: Number, held_accounts: Collection[int]) -> str:
    if number.after is None:
        return "withheld"
    return "held" if number.waits or number.account_id in held_accounts else "queued"


def _replace(db: Connection, numbers: Sequence[Number]) -> None:
    rows = [each.replaces for each in numbers if each.replaces is not None]
    if rows:
        db.execute(_REPLACED, {"rows": rows})


def _held_accounts(db: Connection) -> set[int]:
    query = select(_pub.account_id).where(_WAITS, _pub.state == "held").distinct()
    return set(db.execute(query).scalars())


def _hold_back(db: Connection, trips: Mapping[int, Trip]) -> None:
    """Hold what waited before as well: it belongs to the same question."""
    if trips:
        db.execute(_HELD, {"accounts": list(trips)})


def _ask(db: Connection, planned: Plan, now: datetime) -> None:
    drafts = [
        CaseDraft(
            CaseKind.QUANTITIES_STOPPED, "account", account,
            f"{_name(db, account)}: {trip.sentence}",
            facts={"account_id": account, **asdict(trip),
                   "message": _difference(db, planned.numbers, account)},
        )
        for account, trip in planned.trips.items()
    ]  # fmt: skip
    open_cases(db, drafts, now=now)


def _difference(db: Connection, numbers: Sequence[Number], account_id: int) -> str:
    """Say what would change, the largest losses first."""
    moved = [each for each in numbers if each.account_id == account_id and each.before is not None
             and each.after is not None]  # fmt: skip
    moved.sort(key=lambda each: ((each.after or 0) - (each.before or 0), each.sku_id))
    shown = moved[:SHOWN]
    query = select(skus.c.id, skus.c.code).where(among(skus.c.id, "skus"))
    codes = dict(db.execute(query, {"skus": [each.sku_id for each in shown]}).all())
    said = ", ".join(f"{codes[each.sku_id]} {each.before:,} → {each.after:,}" for each in shown)
    return f"{said} and {len(moved) - SHOWN:,} more." if len(moved) > SHOWN else f"{said}."


def _of(db: Connection, account_id: int, state: str) -> list[int]:
    query = select(_pub.id).where(_WAITS, _pub.account_id == account_id, _pub.state == state)
    return list(db.execute(query.order_by(_pub.id)).scalars())


def _turn(db: Connection, ids: Sequence[int], state: str, queued_at: datetime | None) -> None:
    turned = _update.where(among(_pub.id, "rows")).values(state=state, queued_at=queued_at)
    db.execute(turned, {"rows": list(ids)})


def _settle(db: Connection, account_id: int, how: str, now: datetime) -> None:
    resolve_cases(
        db, [CaseKind.QUANTITIES_STOPPED], "account", [account_id], resolution=how, now=now
    )


def _seal(
    db: Connection, actor: Actor, now: datetime, action: str, account_id: int, reason: str,
    ids: Sequence[int],
) -> None:  # fmt: skip
    after = {"numbers": len(ids), "first": ids[0], "last": ids[-1]}
    audit.record(db, actor, now, audit.Deed(action, f"account:{account_id}", reason, after=after))


def _name(db: Connection, account_id: int) -> str:
    query = select(channel_accounts.c.name).where(channel_accounts.c.id == account_id)
    return str(db.execute(query).scalar() or "")


def _nothing_held(name: str) -> NotFoundError:
    return NotFoundError(
        f"Nothing is held back for {name or 'this account'}; nothing was changed.",
        "Somebody else has answered, or the numbers are back where they were.",
    )
