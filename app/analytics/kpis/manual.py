"""What does the manual say of the figures? Written from their definitions, so that it cannot be wrong."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.kpis.breaches import ACTIONS
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.kinds import Good, Kpi
from app.domain.kpis.standards import STARTING

_HEAD = """\
# The figures

Made by `scripts/write_kpi_page` from their definitions in `app/domain/kpis`: change those, not this page.

Each figure counts rows, and each number opens exactly the rows that it counts. A *share* is so many rows of
so many; it is kept as two whole numbers and only rounded to be read. A *duration* is a sample of times: its
figures are the median and the 90th percentile by the nearest rank, so both are times that were really
measured, and the size of the sample stands beside them.

A week begins on Monday at midnight in the desk's own time zone, also when the clocks change in it. What is
shown at first is told apart by marketplaces and own stores, which are never added up unless somebody asks.
Figures can be told apart by channel, location, carrier and SKU family as well; an order that left from two
places is counted at each of them, a SKU without a family is one of its own.

`orderdeck report kpi` writes them to the terminal or to a file.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    for title, is_share in (("Shares", True), ("Durations", False)):
        yield f"## {title}\n"
        for kpi in KPIS.values():
            if kpi.is_share is is_share:
                yield from _kpi(kpi)
    yield from _standards()


def _standards() -> Iterator[str]:
    yield "## Standards\n"
    yield (
        "What a figure has to be, as a desk starts with it. Each is data: `orderdeck standards` lists them with their"
        " figures, `orderdeck standards set` changes one, and every version is kept. Channels change theirs; the source"
        " and the day it was read stand beside each. A broken standard opens one task with its action; so many days"
        " after the action it is said whether it worked.\n"
    )
    yield "| code | figure | has to be | warned at | over | rounding | action | source |"
    yield "|---|---|---|---|---|---|---|---|"
    for each in STARTING:
        side = "at least" if each.wants_more else "at most"
        what = f"{'not ' if each.counts_misses else ''}`{each.measure}`"
        where = each.scope.replace(":", " ") or "everything"
        zone = f" of {each.zone}" if each.zone else ""
        source = each.source + (f", {each.dated}" if each.dated else "")
        yield (
            f"| `{each.code}` | {what}, {where} | {side} {each.said(each.limit)} | {each.said(each.warning)}"
            f" | {each.window_days} days{zone} | {each.rounding} | {ACTIONS[each.action][0].lower()} | {source} |"
        )


def _kpi(kpi: Kpi) -> Iterator[str]:
    yield f"### {kpi.title}\n"
    yield f"{kpi.question} {'More' if kpi.good is Good.HIGH else 'Less'} is better.\n"
    yield "| | |"
    yield "|---|---|"
    yield f"| name | `{kpi.measure}` |"
    yield f"| {'numerator' if kpi.is_share else 'what is timed'} | {kpi.counts} |"
    yield f"| {'denominator' if kpi.is_share else 'sample'} | {kpi.of} |"
    yield f"| one row is | one {kpi.grain} |"
    yield f"| its week is that of | {kpi.at} |"
    yield f"| left out | {kpi.left_out} |"
    rounds = (
        "shown to a hundredth of a percent, judged unrounded" if kpi.is_share else "whole seconds"
    )
    yield f"| rounding | {rounds} |"
    yield f"| read from | {', '.join(f'`{each}`' for each in kpi.reads.split(', '))} |\n"
