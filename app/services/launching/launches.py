"""Plan a launch, sign what no machine sees, open the channel, throttle it, close the launch.

Opening tells nobody anything by itself: it says from when on the channel is watched. A list with open points
may be opened over, by somebody who may override and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.launching.checklist import SIGNABLE, TITLES, Point, check
from app.domain.promising.calendar import Occasion, Overlay, overlay_as_said
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.identity import Identity
from app.models.launches import launch_signatures, launches
from app.models.promising.sheet import Account, accounts, sheet
from app.services import audit
from app.services.launching.readiness import readiness
from app.services.promising import sheets

WATCHED_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch that is planned or open, or the last one; times are UTC."""

    id: int
    account: Account
    state: str
    uplift: int
    planned_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None

    @property
    def is_running(self) -> bool:
        """Whether it is prepared or open."""
        return self.state in ("planned", "open")

    @property
    def watched_until(self) -> datetime | None:
        """Until when the channel is looked at most closely: two weeks from its opening."""
        return self.opened_at and self.opened_at + timedelta(days=WATCHED_DAYS)


def all_launches(db: Connection) -> list[Launch]:
    """Return every launch, the newest first."""
    known = {each.id: each for each in accounts(db)}
    rows = db.execute(select(launches).order_by(launches.c.id.desc()))
    return [Launch(row.id, known[row.account_id], row.state, row.uplift, row.planned_at,
                   row.opened_at, row.closed_at) for row in rows]  # fmt: skip


def throttled_until(db: Connection, account: Account, *, now: datetime) -> datetime | None:
    """Return until when an account is throttled, if it is."""
    ends = [each.ends_at for each in sheet(db).calendar
            if each.occasion is Occasion.LAUNCH and each.is_on(now)
            and account.channel in each.channels and "buffer_percent" in each.changes]  # fmt: skip
    return max(ends, default=None)


def the_launch(db: Connection, launch_id: int) -> Launch:
    """Return one launch.

    Raises:
        NotFoundError: there is none.
    """
    found = next((each for each in all_launches(db) if each.id == launch_id), None)
    if found is None:
        raise NotFoundError("There is no such launch; nothing was changed.",
                            "See those that there are: orderdeck report launch")  # fmt: skip
    return found


def plan_launch(
    db: Connection, actor: Actor, *, account_id: int, uplift: int = 20, now: datetime
) -> Changes:
    """Begin to prepare the opening of an account; ``uplift`` is in per cent of what sells today.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is being launched already, or the uplift cannot be.
    """
    actor.must(Permission.ADMINISTER)
    account = next((each for each in accounts(db) if each.id == account_id), None)
    if account is None:
        raise NotFoundError("There is no such account; nothing was planned.",
                            "Import its files or connect it first.")  # fmt: skip
    if not 1 <= uplift <= 1000:
        raise RefusedError("The uplift is 1 to 1,000 per cent; nothing was planned.",
                           "20 means: the channel sells a fifth of what all sell today.")  # fmt: skip
    if any(each.account == account and each.is_running for each in all_launches(db)):
        raise RefusedError(f"{account.name} is being launched already; nothing was planned.",
                           "Go on with that launch, or close it.")  # fmt: skip
    key = Identity(db, launches).take(launches)
    db.execute(launches.insert(), [{"id": key, "account_id": account.id, "state": "planned",
               "uplift": uplift, "planned_by": actor.name, "planned_at": now}])  # fmt: skip
    _record(db, actor, now, "plan launch", key, "", {}, {"account": account.id, "uplift": uplift})
    return Changes(f"Plan the launch of {account.name}", Touched.SETTINGS, (key,),
                   undo=Undo("drop_launch", {"launch_id": key}, subjects=""))  # fmt: skip


def drop_launch(db: Connection, actor: Actor, *, launch_id: int, now: datetime) -> Changes:
    """Take a launch back that was not opened.

    Raises:
        RefusedError: it was opened.
    """
    actor.must(Permission.ADMINISTER)
    launch = the_launch(db, launch_id)
    if launch.state != "planned":
        raise RefusedError("The channel was opened; the launch can be closed, not dropped.",
                           "Close it when it has gone well, or throttle it.")  # fmt: skip
    _turn(db, launch, state="dropped")
    _record(
        db, actor, now, "drop launch", launch.id, "", {"state": "planned"}, {"state": "dropped"}
    )
    return Changes(f"Drop the launch of {launch.account.name}", Touched.SETTINGS, (launch.id,))


def sign_launch(
    db: Connection, actor: Actor, *, launch_id: int, point: str, now: datetime
) -> Changes:
    """Sign a point that no machine can see, or that is right as it is.

    Raises:
        RefusedError: this one is looked at by the desk itself.
    """
    actor.must(Permission.OVERRIDE)
    launch, signed = the_launch(db, launch_id), _signable(point)
    table = launch_signatures
    mine = select(table.c.id).where(table.c.launch_id == launch.id, table.c.point == signed.value)
    if db.execute(mine).first() is not None:
        return Changes("Sign", Touched.NOTHING)
    db.execute(table.insert(), [{"id": Identity(db, table).take(table), "launch_id": launch.id,
               "point": signed.value, "signed_by": actor.name, "signed_at": now}])  # fmt: skip
    _record(db, actor, now, "sign launch", launch.id, "", {}, {"point": signed.value})
    return Changes(f"Sign “{TITLES[signed]}”", Touched.SETTINGS, (launch.id,), undo=Undo(
        "unsign_launch", {"launch_id": launch.id, "point": signed.value}, subjects=""))  # fmt: skip


def unsign_launch(
    db: Connection, actor: Actor, *, launch_id: int, point: str, now: datetime
) -> Changes:
    """Take a signature back.

    Raises:
        RefusedError: this one is never signed.
    """
    actor.must(Permission.OVERRIDE)
    launch, signed, table = the_launch(db, launch_id), _signable(point), launch_signatures
    gone = db.execute(
        table.delete().where(table.c.launch_id == launch.id, table.c.point == signed.value)
    )
    if not gone.rowcount:
        return Changes("Take the signature back", Touched.NOTHING)
    _record(db, actor, now, "unsign launch", launch.id, "", {"point": signed.value}, {})
    return Changes(f"Take the signature off “{TITLES[signed]}”", Touched.SETTINGS, (launch.id,),
                   undo=Undo("sign_launch", {"launch_id": launch.id, "point": signed.value},
                             subjects=""))  # fmt: skip


def open_launch(
    db: Connection, actor: Actor, *, launch_id: int, reason: str = "", now: datetime
) -> Changes:
    """Say that the channel is open from now on.

    Raises:
        RefusedError: points are open and nobody says why it opens all the same; or it is open.
    """
    actor.must(Permission.ADMINISTER)
    launch = the_launch(db, launch_id)
    if launch.state != "planned":
        raise RefusedError(f"{launch.account.name} was opened before; nothing was changed.",
                           "Plan a new launch when this one is closed.")  # fmt: skip
    left = [each for each in check(readiness(db, launch.account, now=now)) if not each.is_fine]
    if left and not reason.strip():
        raise RefusedError(
            f"{counted(len(left), 'point')} of the list {'is' if len(left) == 1 else 'are'} open, "
            f"the first: {left[0].title}. {launch.account.name} was not opened.",
            "Settle them, or say why it opens all the same.",
        )
    _turn(db, launch, state="open", opened_at=now, reason=reason)
    _record(db, actor, now, "open launch", launch.id, reason, {"state": "planned"},
            {"state": "open", "left": [each.point.value for each in left]})  # fmt: skip
    undo = Undo("reopen_plan", {"launch_id": launch.id}, subjects="")
    return Changes(f"Open {launch.account.name}", Touched.SETTINGS, (launch.id,), undo=undo)


def reopen_plan(db: Connection, actor: Actor, *, launch_id: int, now: datetime) -> Changes:
    """Set an opened launch back to its preparation.

    Raises:
        RefusedError: it is not open.
    """
    actor.must(Permission.ADMINISTER)
    launch = _open(db, launch_id)
    _turn(db, launch, state="planned", opened_at=None, reason="")
    _record(db, actor, now, "reopen launch", launch.id, "", {"state": "open"}, {"state": "planned"})
    return Changes(f"Set the launch of {launch.account.name} back", Touched.SETTINGS, (launch.id,))


def throttle_launch(
    db: Connection, actor: Actor, *, launch_id: int, percent: int = 50, days: int = 3, now: datetime
) -> Changes:
    """Offer the channel so much less of everything, for some days; it ends by itself.

    Raises:
        RefusedError: the channel is not open, or that is no share.
    """
    actor.must(Permission.ADMINISTER)
    launch = _open(db, launch_id)
    if not 1 <= percent <= 100 or not 1 <= days <= 60:
        raise RefusedError("A throttle holds 1 to 100 per cent back, for 1 to 60 days; nothing was changed.",
                           "50 per cent for 3 days is a good first one.")  # fmt: skip
    until = now + timedelta(days=days)
    entry = Overlay(
        f"Throttle of {launch.account.name}", Occasion.LAUNCH, now, until,
        (launch.account.channel,), (), {"buffer_percent": percent},
    )  # fmt: skip
    calendar = [overlay_as_said(each) for each in (*sheet(db).calendar, entry)]
    changes = sheets.save_sheet(
        db, actor, channels={}, calendar=calendar, reason=entry.name, now=now
    )
    label = f"Hold {percent} % back from {launch.account.name} for {counted(days, 'day')}"
    return Changes(label, changes.touched, changes.done, undo=changes.undo)


def close_launch(db: Connection, actor: Actor, *, launch_id: int, now: datetime) -> Changes:
    """End a launch: the channel is one like the others.

    Raises:
        RefusedError: it is not open.
    """
    actor.must(Permission.ADMINISTER)
    launch = _open(db, launch_id)
    _turn(db, launch, state="closed", closed_at=now)
    _record(db, actor, now, "close launch", launch.id, "", {"state": "open"}, {"state": "closed"})
    return Changes(f"Close the launch of {launch.account.name}", Touched.SETTINGS, (launch.id,))


def _open(db: Connection, launch_id: int) -> Launch:
    launch = the_launch(db, launch_id)
    if launch.state != "open":
        raise RefusedError(f"{launch.account.name} is not open; nothing was changed.",
                           "Only a channel that was opened can be throttled, set back or closed.")  # fmt: skip
    return launch


def _signable(point: str) -> Point:
    if point not in SIGNABLE:
        raise RefusedError("The desk looks at this point itself; nothing was signed.",
                           f"Signed are: {', '.join(SIGNABLE)}.")  # fmt: skip
    return Point(point)


def _turn(db: Connection, launch: Launch, **values: Any) -> None:
    db.execute(launches.update().where(launches.c.id == launch.id).values(**values))


def _record(
    db: Connection, actor: Actor, now: datetime, action: str, key: int, reason: str,
    before: dict[str, object], after: dict[str, object],
) -> None:  # fmt: skip
    audit.record(db, actor, now, audit.Deed(action, f"launch:{key}", reason, before, after))
