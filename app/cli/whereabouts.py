"""``report where``: channels, places, people, what is done by hand, and what is most likely to go wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.cli.command import Answer, Call, Command
from app.cli.terminal import table
from app.cli.wording import counted, moment, number
from app.domain.kpis.figures import span
from app.domain.whereabouts import Gap, Mode
from app.queries.whereabouts import Whereabouts, whereabouts

_MODES: Final = {
    Mode.NETWORK: "over the network",
    Mode.FOLDER: "watched folder",
    Mode.BY_HAND: "files by hand",
}
_NOTHING: Final = (
    "Nothing went wrong in four weeks, and nothing is likely to by how the desk is set."
)


def where(call: Call) -> Answer:
    """Show where the desk stands."""
    found = call.desk.read(whereabouts, now=call.desk.now())
    return Answer(found, lambda: _lines(found))


def _lines(found: Whereabouts) -> list[str]:
    channels = [
        (each.name, _MODES[each.mode], _span(each.every), moment(each.last_in), moment(each.last_told),
         _span(each.known_after), number(each.orders))
        for each in found.channels
    ]  # fmt: skip
    places = [
        (each.name, each.kind, "yes" if each.ships else "no", number(each.skus))
        for each in found.places
    ]
    hands = [f"  {step}: {', '.join(names)}" for step, names in found.by_hand.items()]
    return [
        *table(("Channel", "Worked", "Every", "Orders last", "Numbers last", "Known after", ">Orders"), channels),
        "", *table(("Location", "Kind", "Ships", ">SKUs there"), places),
        "", f"May override: {', '.join(f'{name} ({role})' for name, role in found.overriders) or 'only the owner'}.",
        f"Watched folders: {number(found.folders)}.",
        *(["", "Still done by hand:", *hands] if hands else []),
        "", *([line for gap in found.gaps for line in _gap(gap)] or [_NOTHING]),
    ]  # fmt: skip


def _gap(gap: Gap) -> tuple[str, str]:
    times = f" ({counted(gap.count, 'time')})" if gap.count else ""
    return f"{gap.account} {gap.why}{times}.", f"  {gap.step}."


def _span(value: timedelta | None) -> str:
    return "–" if value is None else span(round(value.total_seconds()))


COMMANDS = (
    Command("report where", "where the desk stands: channels, places, people, manual steps and the likeliest trouble",
            "report where", where),
)  # fmt: skip
