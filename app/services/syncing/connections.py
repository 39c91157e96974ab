"""Which accounts are worked over the network, and by which rules?

Connecting an account changes who tells its channel: from then on the desk itself, no longer a file. Keys
and tokens are not here; they are kept in the system's own safe place before an account is connected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.promising.goods import BANDS
from app.domain.roles import Actor, Permission
from app.domain.syncing import Rhythm
from app.errors import NotFoundError, RefusedError
from app.models.identity import Identity
from app.models.orders import channel_accounts
from app.models.sync import channel_connections, sync_leases, sync_states
from app.services import audit, setup

QUICKEST: Final = timedelta(seconds=30)
SLOWEST: Final = timedelta(days=1)
REAL_TIME: Final = timedelta(seconds=90)
_table = channel_connections


@dataclass(frozen=True, slots=True)
class Connected:
    """One account that is worked over the network.

    ``settings`` is what its owner entered that is no secret; ``pace`` how long between two looks;
    ``rhythms`` how soon more units of a velocity band are told, where that is not at once;
    ``since`` how long ago an order may have been placed to be taken in.
    """

    account_id: int
    channel: str
    name: str
    address: str
    settings: Mapping[str, str]
    pace: timedelta
    pushes_quantities: bool
    is_paused: bool
    since: datetime
    rhythms: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> int:
        """What it is known by among all that are talked with."""
        return self.account_id


def connections(db: Connection) -> list[Connected]:
    """Return every connected account."""
    query = select(_table, channel_accounts.c.channel, channel_accounts.c.name).join(
        channel_accounts, channel_accounts.c.id == _table.c.account_id
    )
    return [
        Connected(
            row.account_id, row.channel, row.name, row.address, row.settings,
            timedelta(seconds=row.pace), row.pushes_quantities, row.is_paused, row.since,
            row.rhythms,
        )
        for row in db.execute(query.order_by(_table.c.account_id))
    ]  # fmt: skip


def connect_account(
    db: Connection,
    actor: Actor,
    *,
    channel: str,
    address: str,
    settings: Mapping[str, str],
    since: datetime,
    now: datetime,
    pushes_quantities: bool = False,
    pace: timedelta = REAL_TIME,
    account_id: int | None = None,
    name: str = "",
) -> Changes:
    """Work an account over the network from now on; a connected one gets its new settings.

    ``name`` opens one more account on the channel; without it, the channel's first is meant.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: the pace is out of bounds.
    """
    actor.must(Permission.ADMINISTER)
    _must_be_sensible(pace)
    mine = account_id or _named(db, channel, name, now) or setup.account_for(db, channel, now=now)
    values = {
        "address": address, "settings": dict(settings), "pace": int(pace.total_seconds()),
        "pushes_quantities": pushes_quantities, "since": since, "is_paused": False,
        "connected_at": now,
    }  # fmt: skip
    here = _table.update().where(_table.c.account_id == mine)
    is_known = db.execute(here.values(**values)).rowcount
    if not is_known:
        made = {"account_id": mine, "connected_by": actor.name, **values}
        db.execute(_table.insert(), [made])
        db.execute(sync_states.delete().where(sync_states.c.account_id == mine))
    after = {"address": address, "pushes_quantities": pushes_quantities, "pace": values["pace"]}
    audit.record(db, actor, now, audit.Deed("connect account", f"account:{mine}", after=after))
    undo = None if is_known else Undo("disconnect_account", {"account_id": mine}, "")
    return Changes("Connect an account", Touched.SETTINGS | Touched.FILES, (mine,), undo=undo)


def disconnect_account(db: Connection, actor: Actor, *, account_id: int, now: datetime) -> Changes:
    """Work an account by files again; what it has not been told waits for a file.

    Raises:
        NotFoundError: the account is not connected.
    """
    actor.must(Permission.ADMINISTER)
    before = asdict(connected(db, account_id))
    for table in (_table, sync_states, sync_leases):
        db.execute(table.delete().where(table.c.account_id == account_id))
    after = {"address": before["address"]}
    audit.record(
        db, actor, now, audit.Deed("disconnect account", f"account:{account_id}", before=after)
    )
    return Changes("Disconnect an account", Touched.SETTINGS | Touched.FILES, (account_id,))


def pause_account(db: Connection, actor: Actor, *, account_id: int, now: datetime) -> Changes:
    """Ask and tell an account's channel nothing until it is resumed.

    Raises:
        NotFoundError: the account is not connected.
    """
    return _set_paused(db, actor, account_id, now, is_paused=True)


def resume_account(db: Connection, actor: Actor, *, account_id: int, now: datetime) -> Changes:
    """Go on with an account that was paused.

    Raises:
        NotFoundError: the account is not connected.
    """
    return _set_paused(db, actor, account_id, now, is_paused=False)


def change_pace(
    db: Connection,
    actor: Actor,
    *,
    account_id: int,
    pace: timedelta,
    pushes_quantities: bool,
    now: datetime,
    rhythms: Mapping[str, str] | None = None,
) -> Changes:
    """Change how often an account is looked at, whether it is told quantities, and how soon.

    Raises:
        NotFoundError: the account is not connected.
        RefusedError: the pace is out of bounds.
    """
    actor.must(Permission.ADMINISTER)
    _must_be_sensible(pace)
    before = connected(db, account_id)
    kept = _sensible_rhythms(before.rhythms if rhythms is None else rhythms)
    values: dict[str, Any] = {
        "pace": int(pace.total_seconds()), "pushes_quantities": pushes_quantities,
        "rhythms": kept,
    }  # fmt: skip
    db.execute(_table.update().where(_table.c.account_id == account_id).values(**values))
    was = {"pace": int(before.pace.total_seconds()), "pushes_quantities": before.pushes_quantities,
           "rhythms": dict(before.rhythms)}  # fmt: skip
    deed = audit.Deed("change pace", f"account:{account_id}", before=was, after=values)
    audit.record(db, actor, now, deed)
    arguments = {"account_id": account_id, "pace": before.pace,
                 "pushes_quantities": before.pushes_quantities, "rhythms": dict(before.rhythms)}  # fmt: skip
    return Changes(
        f"Change how {before.name} is synced", Touched.SETTINGS, (account_id,),
        undo=Undo("change_pace", arguments, ""),
    )  # fmt: skip


def account_to_connect(
    db: Connection, *, channel: str, address: str, name: str, now: datetime
) -> int:
    """Return which account an address is: the one that has it, a free one, or a new one of a name."""
    known = {each.account_id: each for each in connections(db) if each.channel == channel}
    same = [key for key, each in known.items() if each.address == address]
    if same:
        return same[0]
    table = channel_accounts.c
    query = select(table.id).where(table.channel == channel).order_by(table.id)
    free = [key for key in db.execute(query).scalars() if key not in known]
    if free or not known:
        return int(free[0]) if free else setup.account_for(db, channel, now=now)
    return _named(db, channel, name, now) or setup.account_for(db, channel, now=now)


def connected(db: Connection, account_id: int) -> Connected:
    """Return one connected account.

    Raises:
        NotFoundError: it is not connected.
    """
    found = next((each for each in connections(db) if each.account_id == account_id), None)
    if found is None:
        raise NotFoundError(
            "This account is not connected; nothing was changed.",
            "Connect it on the page Channels, or work with its files.",
        )
    return found


def _named(db: Connection, channel: str, name: str, now: datetime) -> int | None:
    """Return the account of a name, opened if there is none; nothing without a name."""
    if not name.strip():
        return None
    table = channel_accounts
    mine = select(table.c.id).where(table.c.channel == channel, table.c.name == name.strip())
    found = db.execute(mine).scalar()
    if found is not None:
        return int(found)
    new_id = Identity(db, table).take(table)
    values = {"id": new_id, "channel": channel, "name": name.strip()[:100], "created_at": now}
    db.execute(table.insert(), [values])
    return new_id


def _set_paused(
    db: Connection, actor: Actor, account_id: int, now: datetime, *, is_paused: bool
) -> Changes:
    actor.must(Permission.WORK)
    name = connected(db, account_id).name
    here = _table.update().where(_table.c.account_id == account_id)
    db.execute(here.values(is_paused=is_paused))
    verb, opposite = ("pause", "resume") if is_paused else ("resume", "pause")
    audit.record(db, actor, now, audit.Deed(f"{verb} account", f"account:{account_id}"))
    return Changes(
        f"{verb.capitalize()} {name}", Touched.SETTINGS, (account_id,),
        undo=Undo(f"{opposite}_account", {"account_id": account_id}, ""),
    )  # fmt: skip


def _sensible_rhythms(rhythms: Mapping[str, str]) -> dict[str, str]:
    """Return the rhythms that are not at once, by velocity band."""
    if set(rhythms) - set(BANDS) or set(rhythms.values()) - set(Rhythm):
        raise RefusedError(
            "A channel is told at once, within a quarter of an hour or once a day; nothing was changed.",
            "Choose one of these for each of the bands A to D.",
        )
    return {band: str(x) for band, x in sorted(rhythms.items()) if x != Rhythm.AT_ONCE}


def _must_be_sensible(pace: timedelta) -> None:
    if not QUICKEST <= pace <= SLOWEST:
        raise RefusedError(
            "An account is looked at every 30 seconds at the quickest, and once a day at the "
            "slowest; nothing was changed.",
            "Choose a pace in between.",
        )
