"""Which carriers are asked over the network, how far is each, and who asks it now?

Keys are not here; they are kept in the system's own safe place before a carrier is connected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Touched, Undo
from app.domain.roles import Actor, Permission
from app.domain.tracking.carriers import carrier_name
from app.domain.tracking.rhythm import PACE
from app.errors import NotFoundError
from app.models.identity import Identity
from app.models.tracking import carrier_connections
from app.services import audit
from app.services.cases import resolve_cases
from app.services.syncing.states import LEASE, is_over

# What is wrong with asking it, and over once it answers again or is not asked any more.
TROUBLES: Final = (CaseKind.CHANNEL_TROUBLE, CaseKind.SIGNED_OUT)
_SILENT_FOR: Final = timedelta(days=1)
_table = carrier_connections
_here = carrier_connections.c


@dataclass(frozen=True, slots=True)
class ConnectedCarrier:
    """One carrier that is asked over the network."""

    id: int
    carrier: str
    address: str
    is_paused: bool
    pace: timedelta = PACE

    @property
    def key(self) -> str:
        """What it is known by among all that are talked with."""
        return self.carrier

    @property
    def channel(self) -> str:
        """Whose API it is."""
        return self.carrier

    @property
    def name(self) -> str:
        """What people call it."""
        return carrier_name(self.carrier)


def connected_carriers(db: Connection) -> list[ConnectedCarrier]:
    """Return every connected carrier, by name."""
    columns = (_here.id, _here.carrier, _here.address, _here.is_paused)
    return [ConnectedCarrier(*row) for row in db.execute(select(*columns).order_by(_here.carrier))]


def connect_carrier(
    db: Connection, actor: Actor, *, carrier: str, address: str, now: datetime
) -> Changes:
    """Ask a carrier about our parcels from now on; a connected one gets its new address.

    Raises:
        NotAllowedError: the role is too low.
    """
    actor.must(Permission.ADMINISTER)
    known = db.execute(select(_here.id).where(_here.carrier == carrier)).scalar()
    key = known if known is not None else Identity(db, _table).take(_table)
    fresh: dict[str, Any] = {"address": address, "is_paused": False, "state": "waiting", "title": "",
                             "advice": "", "waits_until": None}  # fmt: skip
    if known is None:
        made = {"id": key, "carrier": carrier, "connected_by": actor.name, "connected_at": now,
                "holder": "", "last_good_at": None, "last_tried_at": None, "held_until": None}  # fmt: skip
        db.execute(_table.insert(), [{**made, **fresh}])
    else:
        db.execute(_table.update().where(_here.id == key).values(**fresh))
    after = {"address": address}
    audit.record(db, actor, now, audit.Deed("connect carrier", f"carrier:{carrier}", after=after))
    undo = Undo("disconnect_carrier", {"carrier": carrier}, "") if known is None else None
    return Changes("Connect a carrier", Touched.SETTINGS, (int(key),), undo=undo)


def disconnect_carrier(db: Connection, actor: Actor, *, carrier: str, now: datetime) -> Changes:
    """Ask a carrier no more; what it has reported stays.

    Raises:
        NotFoundError: it is not connected.
    """
    actor.must(Permission.ADMINISTER)
    found = _connected(db, carrier)
    db.execute(_table.delete().where(_here.id == found.id))
    resolve_cases(
        db, TROUBLES, "carrier", [found.id], resolution="It is not asked any more.", now=now
    )
    before = {"address": found.address}
    audit.record(
        db, actor, now, audit.Deed("disconnect carrier", f"carrier:{carrier}", before=before)
    )
    return Changes("Disconnect a carrier", Touched.SETTINGS | Touched.CASES, (found.id,))


def pause_carrier(db: Connection, actor: Actor, *, carrier: str, now: datetime) -> Changes:
    """Ask a carrier nothing until it is resumed.

    Raises:
        NotFoundError: it is not connected.
    """
    return _set_paused(db, actor, carrier, now, is_paused=True)


def resume_carrier(db: Connection, actor: Actor, *, carrier: str, now: datetime) -> Changes:
    """Go on asking a carrier that was paused.

    Raises:
        NotFoundError: it is not connected.
    """
    return _set_paused(db, actor, carrier, now, is_paused=False)


def note_carrier(db: Connection, key: int, **values: Any) -> None:
    """Write down how a carrier does."""
    db.execute(_table.update().where(_here.id == key).values(**values))


def is_late(db: Connection, key: int, *, now: datetime) -> bool:
    """Say whether a carrier has answered nothing for so long that a person has to know."""
    last = func.coalesce(_here.last_good_at, _here.connected_at)
    query = select(_here.id).where(_here.id == key, last < now - _SILENT_FOR)
    return db.execute(query).scalar() is not None


def take_carrier(db: Connection, key: int, holder: str, *, now: datetime) -> str:
    """Become the one who asks a carrier, or stay it; otherwise return who is.

    Raises:
        NotFoundError: it is not connected any more.
    """
    free = or_(
        _here.holder.in_((holder, "")), _here.held_until.is_(None), is_over(_here.held_until, now)
    )
    mine = {"holder": holder, "held_until": now + LEASE}
    if db.execute(_table.update().where(_here.id == key, free).values(**mine)).rowcount:
        return holder
    other = db.execute(select(_here.holder).where(_here.id == key)).scalar()
    if other is None:
        raise _missing()
    return str(other)


def give_carrier_back(db: Connection, key: int, holder: str) -> None:
    """Let somebody else ask it."""
    mine = (_here.id == key, _here.holder == holder)
    db.execute(_table.update().where(*mine).values(holder="", held_until=None))


def _set_paused(
    db: Connection, actor: Actor, carrier: str, now: datetime, *, is_paused: bool
) -> Changes:
    actor.must(Permission.WORK)
    found = _connected(db, carrier)
    db.execute(_table.update().where(_here.id == found.id).values(is_paused=is_paused))
    verb, opposite = ("pause", "resume") if is_paused else ("resume", "pause")
    audit.record(db, actor, now, audit.Deed(f"{verb} carrier", f"carrier:{carrier}"))
    return Changes(
        f"{verb.capitalize()} a carrier", Touched.SETTINGS, (found.id,),
        undo=Undo(f"{opposite}_carrier", {"carrier": carrier}, ""),
    )  # fmt: skip


def _connected(db: Connection, carrier: str) -> ConnectedCarrier:
    found = next((each for each in connected_carriers(db) if each.carrier == carrier), None)
    if found is None:
        raise _missing()
    return found


def _missing() -> NotFoundError:
    return NotFoundError(
        "This carrier is not connected; nothing was changed.", "Connect it on the page Channels."
    )
