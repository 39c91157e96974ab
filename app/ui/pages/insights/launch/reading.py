"""What does the view read of a launch? The list and the rehearsal before it opens, its course from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.analytics.kpis.measuring import Span
from app.analytics.kpis.watched import Watched, watched
from app.domain.launching.checklist import SIGNED, Checked, Point, check
from app.domain.launching.starving import Starved
from app.queries.inventory import location_rows
from app.queries.settings import AccountRow, account_rows
from app.services.desk import Desk
from app.services.launching.closing import WareCourse, course
from app.services.launching.launches import Launch, all_launches, throttled_until
from app.services.launching.readiness import readiness
from app.services.launching.rehearsing import rehearse


@dataclass(frozen=True, slots=True)
class Board:
    """Everything there is to see of one launch."""

    launch: Launch
    checks: Sequence[Checked]
    signed: frozenset[Point]
    starved: Sequence[Starved]
    course: Sequence[WareCourse]
    watched: Sequence[Watched]
    throttled_until: datetime | None

    @property
    def left(self) -> int:
        """How many points of the list are open."""
        return sum(1 for each in self.checks if not each.is_fine)


@dataclass(frozen=True, slots=True)
class Launches:
    """The launches, the accounts that may be launched, the names of places, and the board of one launch."""

    launches: Sequence[Launch]
    accounts: Sequence[AccountRow]
    places: Mapping[str, str]
    board: Board | None


def read_launches(desk: Desk, launch_id: int | None) -> Launches:
    """Read the launches, and everything of one of them: the one asked for, or else the newest."""
    found = [each for each in desk.read(all_launches) if each.state != "dropped"]
    running = {each.account.id for each in found if each.is_running}
    accounts = [each for each in desk.read(account_rows) if each.id not in running]
    chosen = next((each for each in found if each.id == launch_id), found[0] if found else None)
    places = {each.code: each.name for each in desk.read(location_rows)}
    return Launches(found, accounts, places, _board(desk, chosen) if chosen is not None else None)


def _board(desk: Desk, launch: Launch) -> Board:
    now = desk.now()
    if launch.state == "planned":
        there = desk.read(readiness, launch.account, now=now)
        starved = desk.read(rehearse, launch.account.id, uplift=launch.uplift, now=now)
        return Board(launch, check(there), there.signed, starved, (), (), None)
    begins = launch.opened_at or launch.planned_at
    ends = min(each for each in (launch.watched_until, launch.closed_at, now) if each is not None)
    return Board(
        launch, (), frozenset(SIGNED), (), desk.read(course, launch, now=now),
        desk.read(watched, launch.account.channel, Span(begins, ends), now=now),
        desk.read(throttled_until, launch.account, now=now),
    )  # fmt: skip
