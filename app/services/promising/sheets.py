"""Change the policy sheet and its calendar. Every version is kept; the one before is one undo away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.promising.calendar import Overlay, overlay_as_said, overlay_from
from app.domain.promising.policy import OF_NUMBERS, ChannelRules, as_said, check_sheet, rules_from
from app.domain.roles import Actor, Permission
from app.errors import DamagedError, NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.governance import policies
from app.models.policy_versions import body_in_force
from app.models.promising.sheet import CALENDAR, CHANNELS, Sheet, market, sheet
from app.models.sets import among
from app.services import audit, availability
from app.services import policies as policies_
from app.services.gate import refuse_untested
from app.services.policy_versions import keep_version

Said = Mapping[str, Mapping[str, Any]]
_TOUCHED = Touched.SETTINGS | Touched.QUANTITIES | Touched.STOCK


@dataclass(frozen=True, slots=True)
class Preview:
    """One number that a draft would change."""

    account: str
    channel: str
    sku: str
    before: int | None
    after: int | None

    @property
    def change(self) -> int:
        """By how many units; what is told nothing counts as none."""
        return (self.after or 0) - (self.before or 0)


def save_sheet(
    db: Connection, actor: Actor, *, channels: Said, calendar: Sequence[Mapping[str, Any]] | None = None,
    based_on: int | None = None, reason: str = "", anyway: bool = False, now: datetime,
) -> Changes:  # fmt: skip
    """Change what the sheet says of some channels, and the calendar if one is given.

    ``anyway`` lets rows count that no back-test speaks for, where the owner wants one.

    Raises:
        RefusedError: a value cannot stand there, or somebody else has changed the sheet meanwhile; or
            other numbers would be told, and a back-test does not speak for them.
    """
    actor.must(Permission.ADMINISTER)
    current = sheet(db)
    draft = drafted(current, channels, calendar)
    if _tells_otherwise(current, draft):
        refuse_untested(db, seal_of_sheet(draft), current.version, anyway, reason, now)
    _check_skus(db, draft.calendar, current)
    return _save(db, actor, current, channels, calendar, based_on, reason, now)


def _save(
    db: Connection, actor: Actor, current: Sheet, channels: Said,
    calendar: Sequence[Mapping[str, Any]] | None, based_on: int | None, reason: str, now: datetime,
) -> Changes:  # fmt: skip
    if based_on is not None and based_on != current.version:
        raise RefusedError(
            "Somebody has changed the sheet meanwhile; nothing was changed.",
            "Look at it as it is now, and change it there.",
        )
    draft = drafted(current, channels, calendar)
    changed = _changed(current, draft)
    if not changed:
        return Changes("Change the policy sheet", Touched.NOTHING)
    version = current.version + 1
    bodies: dict[str, Any] = {}
    if draft.rows != current.rows:
        bodies[CHANNELS] = _body(db, draft.rows)
    if draft.calendar != current.calendar:
        bodies[CALENDAR] = [overlay_as_said(each) for each in draft.calendar]
    for kind, body in bodies.items():
        keep_version(db, actor, kind, version, body, now=now)
    audit.record(db, actor, now, audit.Deed(
        "change policy sheet", f"policy:{version}", reason, before={"version": current.version},
        after={"changed": changed, "sealed": policies_.sealed(bodies)},
    ))  # fmt: skip
    undo = Undo("restore_sheet", {"version": current.version, "undoes": version}, subjects="")
    return Changes(
        f"Change the policy sheet: {', '.join(changed)}", _TOUCHED, (version,), undo=undo
    )


def restore_sheet(
    db: Connection, actor: Actor, *, version: int, now: datetime, undoes: int | None = None
) -> Changes:
    """Let an earlier version of the sheet count again, as a new version.

    Raises:
        NotFoundError: there never was such a version.
        RefusedError: it would undo a version, and the sheet says something else by now.
    """
    actor.must(Permission.ADMINISTER)
    try:
        current = sheet(db)
    except DamagedError:
        return _over_damage(db, actor, version, now)
    if not 0 < version <= current.version:
        raise NotFoundError(f"The sheet never had a version {version}; nothing was changed.",
                            f"There are versions 1 to {current.version}.")  # fmt: skip
    if undoes is not None and not _same(sheet(db, version=undoes), current):
        raise RefusedError("Somebody has changed the sheet since; nothing was undone.",
                           "Look at it as it is now, and change it there.")  # fmt: skip
    old = sheet(db, version=version)
    return _save(
        db, actor, current, {code: as_said(row) for code, row in old.rows.items()},
        [overlay_as_said(each) for each in old.calendar], None, f"As in version {version}.", now,
    )  # fmt: skip


def _over_damage(db: Connection, actor: Actor, version: int, now: datetime) -> Changes:
    """Put a version that can be read over one that cannot; there is no way back to that."""
    sheet(db, version=version)
    table = policies.c
    newest = int(db.execute(select(func.max(table.version)).where(
        table.kind.in_((CHANNELS, CALENDAR)))).scalar_one())  # fmt: skip
    query = select(table.kind, table.body).where(
        table.kind.in_((CHANNELS, CALENDAR)), table.version <= version
    )
    kept = db.execute(query.order_by(table.version)).all()
    bodies: dict[str, Any] = {CALENDAR: [], **{row.kind: row.body for row in kept}}
    if CHANNELS not in bodies:
        raise NotFoundError(f"The sheet never had a version {version}; nothing was changed.",
                            f"There are versions 1 to {newest}.")  # fmt: skip
    for kind, body in bodies.items():
        keep_version(db, actor, kind, newest + 1, body, now=now)
    audit.record(db, actor, now, audit.Deed(
        "change policy sheet", f"policy:{newest + 1}", f"As in version {version}.",
        before={"version": newest}, after={"changed": [], "sealed": policies_.sealed(bodies)},
    ))  # fmt: skip
    return Changes(f"Restore the policy sheet of version {version}", _TOUCHED, (newest + 1,))


def _same(one: Sheet, other: Sheet) -> bool:
    """Return whether they say the same: a version that was undone leaves the one before."""
    return (one.rows, one.calendar) == (other.rows, other.calendar)


def drafted(current: Sheet, channels: Said, calendar: Sequence[Mapping[str, Any]] | None) -> Sheet:
    """Return the sheet with changes, not stored.

    Raises:
        RefusedError: a value cannot stand there, or there is no such channel.
    """
    strange = sorted(channels.keys() - current.rows.keys())
    if strange:
        raise RefusedError(f"There is no channel “{strange[0]}”; nothing was changed.",
                           f"Channels: {', '.join(sorted(current.rows))}.")  # fmt: skip
    rows = {**current.rows, **{code: rules_from(said, current.rows[code])
                               for code, said in channels.items()}}  # fmt: skip
    check_sheet(rows)
    entries = current.calendar if calendar is None else tuple(map(overlay_from, calendar))
    return Sheet(current.version, rows, entries)


def seal_of_sheet(draft: Sheet) -> str:
    """Return what a sheet is known by, whatever version it is or becomes."""
    said = {code: as_said(row) for code, row in draft.rows.items()}
    bodies = {"sheet": [said, calendar_said(draft)]}
    return policies_.sealed(bodies)["sheet"]


def _tells_otherwise(current: Sheet, draft: Sheet) -> bool:
    """Return whether channels would be told other numbers, for longer than an entry of the calendar."""
    return any(
        getattr(row, name) != getattr(current.rows[code], name)
        for code, row in draft.rows.items()
        for name in OF_NUMBERS
    )


def calendar_said(current: Sheet) -> list[dict[str, Any]]:
    """Return the calendar as it is stored."""
    return [overlay_as_said(each) for each in current.calendar]


def preview(
    db: Connection, *, channels: Said, calendar: Sequence[Mapping[str, Any]] | None = None,
    now: datetime,
) -> list[Preview]:  # fmt: skip
    """Return every number that a draft would change, on the accounts that offer the SKU."""
    there = market(db, now=now)
    draft = drafted(there.sheet, channels, calendar)
    _check_skus(db, draft.calendar, sheet(db))
    then = market(db, now=now, draft=draft)
    codes = dict(db.execute(select(skus.c.id, skus.c.code)).all())
    before, after = (availability.told(db, codes, each) for each in (there, then))
    return [
        Preview(account.name, account.channel, codes[sku], units, after[account.id][sku])
        for account in there.accounts
        for sku, units in before[account.id].items()
        if after[account.id][sku] != units
    ]


def _check_skus(db: Connection, entries: Sequence[Overlay], current: Sheet) -> None:
    """Refuse new entries about SKUs that there are none of; what stood there before may stay."""
    stood = {code for each in current.calendar for code in each.skus}
    named = sorted({code for each in entries for code in each.skus} - stood)
    query = select(skus.c.code).where(among(skus.c.code, "codes"))
    there = set(db.execute(query, {"codes": named}).scalars()) if named else set()
    unknown = [code for code in named if code not in there]
    if unknown:
        raise RefusedError(f"There is no SKU “{unknown[0]}”; nothing was changed.",
                           "Check the code; the calendar takes SKUs as the catalogue writes them.")  # fmt: skip


def _changed(current: Sheet, draft: Sheet) -> list[str]:
    """Say what is different: "amazon cap_units", "the calendar"."""
    found = [
        f"{code} {name}"
        for code, row in draft.rows.items()
        for name, value in as_said(row).items()
        if as_said(current.rows[code])[name] != value
    ]
    return found + ["the calendar"] * (draft.calendar != current.calendar)


def _body(db: Connection, rows: Mapping[str, ChannelRules]) -> dict[str, Any]:
    """Return the rows as they are stored, with what else the policy says of a channel."""
    body = body_in_force(db, CHANNELS, {})[1]
    return {code: {**body[code], **as_said(row)} for code, row in rows.items()}
