"""``report launch`` and ``launch …``: a channel that is about to open, or has just been opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.analytics.kpis.report import KpiRow, kpi_report
from app.cli.command import DONE, FOUND_SOMETHING, Answer, Call, Command, argument, whole_number
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import counted, moment, number
from app.domain.kpis.kinds import Dimension
from app.domain.launching.checklist import SIGNABLE, Checked, check
from app.domain.launching.starving import Starved
from app.errors import NotFoundError
from app.queries.settings import account_rows
from app.services.desk import Desk
from app.services.launching.closing import WareCourse, course
from app.services.launching.launches import Launch, all_launches
from app.services.launching.readiness import readiness
from app.services.launching.rehearsing import rehearse

SHOWN: Final = 20
_STATES: Final = {"planned": "being prepared", "open": "open", "closed": "closed"}


@dataclass(frozen=True, slots=True)
class Board:
    """Everything there is to see of one launch."""

    id: int
    account: str
    channel: str
    launch: Launch
    checks: list[Checked]
    starved: list[Starved]
    course: list[WareCourse]
    figures: list[KpiRow]

    @property
    def is_ready(self) -> bool:
        """Whether nothing on the list is open."""
        return all(each.is_fine for each in self.checks)


def launch(call: Call) -> Answer:
    """Show every launch that is prepared or open, with its list and its rehearsal."""
    wanted = [each for each in call.desk.read(all_launches)
              if each.is_running or (call.args.all and each.state == "closed")]  # fmt: skip
    boards = [_board(call.desk, each) for each in wanted]
    ready = all(board.is_ready for board in boards if board.launch.state == "planned")
    return Answer([_data(each) for each in boards], lambda: _lines(boards),
                  DONE if ready else FOUND_SOMETHING)  # fmt: skip


def _board(desk: Desk, found: Launch) -> Board:
    now = desk.now()
    planned = found.state == "planned"
    return Board(
        found.id, found.account.name, found.account.channel, found,
        check(desk.read(readiness, found.account, now=now)) if planned else [],
        desk.read(rehearse, found.account.id, uplift=found.uplift, now=now) if planned else [],
        [] if planned else desk.read(course, found, now=now),
        [] if planned else [
            row for row in desk.read(kpi_report, now=now, weeks=3, by=Dimension.CHANNEL)
            if row.slice == found.account.channel
        ],
    )  # fmt: skip


def _data(board: Board) -> dict[str, object]:
    found = board.launch
    return {
        "launch": board.id, "account": board.account, "channel": board.channel, "state": found.state,
        "uplift": found.uplift, "ready": board.is_ready, "planned_at": found.planned_at,
        "opened_at": found.opened_at, "watched_until": found.watched_until,
        "checks": [{"point": each.point, "title": each.title, "ok": each.is_fine,
                    "looked_at": each.looked_at,
                    "findings": [finding._asdict() for finding in each.findings]}
                   for each in board.checks],
        "starved": board.starved, "course": board.course, "figures": board.figures,
    }  # fmt: skip


def _lines(boards: list[Board]) -> list[str]:
    if not boards:
        return ["No channel is being opened.", "Begin with: orderdeck launch plan ACCOUNT"]
    return [line for board in boards for line in (*_head(board), *_list(board), *_starved(board),
                                                   *_course(board), "")]  # fmt: skip


def _head(board: Board) -> list[str]:
    found = board.launch
    words = f"{board.id}: {board.account}, {_STATES[found.state]}, {found.uplift} % on top of what sells now."
    if found.watched_until is not None:
        words += f" Watched until {moment(found.watched_until)}."
    return [visible(words)]


def _list(board: Board) -> list[str]:
    lines = []
    for each in board.checks:
        lines.append(f"  {'ok  ' if each.is_fine else 'open'}  {each.title}")
        lines += [f"          {visible(f'{one.sentence} {one.fix}')}" for one in each.findings[:3]]
        if len(each.findings) > 3:
            lines.append(f"          and {number(len(each.findings) - 3)} more")
    return lines


def _starved(board: Board) -> list[str]:
    if board.launch.state != "planned":
        return []
    if not board.starved:
        return ["  Nothing would run out in the first two weeks because of it."]
    lines = [f"  {counted(len(board.starved), 'SKU')} would run out because of it:"]
    for each in board.starved[:SHOWN]:
        missed = ", ".join(f"{channel} {number(units)}"
                           for channel, units in each.missed_at(board.channel).items())  # fmt: skip
        before = "never" if each.without_on is None else f"day {each.without_on + 1}"
        lines.append(visible(f"    {each.sku}: on day {each.runs_out_on + 1} (without it: {before}); "
                             f"buyers would miss: {missed}"))  # fmt: skip
    if len(board.starved) > SHOWN:
        lines.append(f"    and {number(len(board.starved) - SHOWN)} more")
    return lines


def _course(board: Board) -> list[str]:
    if not board.course:
        return []
    rows = [(visible(each.sku), number(each.promised), number(each.sold), number(each.shipped),
             number(each.cancelled)) for each in board.course[:SHOWN]]  # fmt: skip
    return ["", *table(("SKU", ">Promised", ">Sold", ">Shipped", ">Cancelled"), rows)]


def plan(call: Call) -> Answer:
    """Begin to prepare an opening."""
    accounts = call.desk.read(account_rows)
    wanted = call.args.account
    found = next((each for each in accounts if wanted in (each.name, each.channel)), None)
    if found is None:
        names = ", ".join(each.name for each in accounts)
        raise NotFoundError(f"There is no account “{wanted}”; nothing was planned.",
                            f"There are: {names}." if names else "Import its files first.")  # fmt: skip
    return receipt(call.desk.run("plan_launch", account_id=found.id, uplift=call.args.uplift))


def sign(call: Call) -> Answer:
    """Sign a point, or take the signature back."""
    verb = "unsign_launch" if call.args.back else "sign_launch"
    return receipt(call.desk.run(verb, launch_id=call.args.launch, point=call.args.point))


def open_(call: Call) -> Answer:
    """Open the channel."""
    return receipt(
        call.desk.run("open_launch", launch_id=call.args.launch, reason=call.args.reason)
    )


def throttle(call: Call) -> Answer:
    """Hold stock back from it for a while."""
    args = call.args
    return receipt(call.desk.run("throttle_launch", launch_id=args.launch, percent=args.percent,
                                 days=args.days))  # fmt: skip


def close(call: Call) -> Answer:
    """End the launch, or drop one that was not opened."""
    state = next(
        (each.state for each in call.desk.read(all_launches) if each.id == call.args.launch), ""
    )
    verb = "drop_launch" if state == "planned" else "close_launch"
    return receipt(call.desk.run(verb, launch_id=call.args.launch))


_LAUNCH: Final = argument("launch", type=whole_number, metavar="LAUNCH", help="its number")

COMMANDS = (
    Command(
        "report launch", "channels that are about to open or were just opened: what is left to do, what would run out, how it goes",
        "report launch", launch,
        (argument("--all", action="store_true", help="closed ones as well"),),
    ),
    Command(
        "launch plan", "begin to prepare the opening of a channel", "launch plan walmart --uplift 25", plan,
        (
            argument("account", metavar="ACCOUNT", help="the account, or its channel"),
            argument("--uplift", type=whole_number, default=20, metavar="PERCENT",
                     help="how much it will sell of what all sell now (20)"),
        ),
    ),
    Command(
        "launch sign", "sign a point of the list that no machine can see", "launch sign 1 pictures", sign,
        (
            _LAUNCH,
            argument("point", choices=[each.value for each in SIGNABLE], help="what is signed"),
            argument("--back", action="store_true", help="take the signature back"),
        ),
    ),
    Command(
        "launch open", "open the channel: it is watched from now on", "launch open 1", open_,
        (
            _LAUNCH,
            argument("--reason", default="", metavar="TEXT", help="why, if points are left open"),
        ),
    ),
    Command(
        "launch throttle", "hold a share of everything back from it; ends by itself",
        "launch throttle 1 --percent 50 --days 3", throttle,
        (
            _LAUNCH,
            argument("--percent", type=whole_number, default=50, metavar="N", help="how much (50)"),
            argument("--days", type=whole_number, default=3, metavar="N", help="how long (3)"),
        ),
    ),
    Command("launch close", "end the launch, or drop one that was not opened", "launch close 1", close,
            (_LAUNCH,)),
)  # fmt: skip
