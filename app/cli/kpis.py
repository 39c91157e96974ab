"""``report kpi``: how the desk worked in the last weeks, each figure with what it was made of."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Final

from app.analytics.kpis.report import KpiRow, kpi_report
from app.cli.command import Answer, Call, Command, argument, whole_number
from app.cli.terminal import table
from app.cli.text_files import write_table
from app.cli.wording import number
from app.domain.kpis.figures import span
from app.domain.kpis.kinds import Dimension, Measure

TOGETHER: Final = "none"
MOST_WEEKS: Final = 520
SLICES: Final = {"marketplace": "Marketplaces", "own_store": "Own stores"}


def kpi(call: Call) -> Answer:
    """Count every figure, and write the table as a file as well if one is named."""
    desk, args = call.desk, call.args
    rows = desk.read(
        kpi_report, now=desk.now(), weeks=args.weeks,
        by=None if args.by == TOGETHER else Dimension(args.by),
        measures=[Measure(each) for each in args.measure or ()], weekly=args.weekly,
    )  # fmt: skip
    if args.csv is not None:
        cells = [["" if value is None else str(value) for value in astuple(row)] for row in rows]
        write_table(call, args.csv, [each.name for each in fields(KpiRow)], cells)
    return Answer(rows, lambda: _lines(rows, args.weeks))


def _lines(rows: Sequence[KpiRow], weeks: int) -> list[str]:
    head = f"The last {weeks} weeks, this one with them." if weeks > 1 else "This week."
    return [head, "", *table(_HEAD, [_cells(row) for row in rows])]


_HEAD: Final = ("Figure", "Of", "Week", ">Value", ">90th percentile", ">Counted", ">Of rows")


def _cells(row: KpiRow) -> tuple[str, ...]:
    return (
        row.title, SLICES.get(row.slice, row.slice) or ("all together" if row.denominator else "–"),
        row.week.isoformat() if row.week else "all", row.said,
        span(row.ninetieth_seconds) if row.ninetieth_seconds is not None else "",
        number(row.numerator) if row.numerator is not None else "", number(row.denominator),
    )  # fmt: skip


def weeks(text: str) -> int:
    """Read a number of weeks."""
    value = whole_number(text)
    if not 1 <= value <= MOST_WEEKS:
        raise argparse.ArgumentTypeError(f"{text} weeks are not between 1 and {MOST_WEEKS}")
    return value


COMMANDS = (
    Command(
        "report kpi", "count the figures of the last weeks, each with its numerator and denominator",
        "report kpi --by channel --weekly", kpi,
        (
            argument("--csv", type=Path, metavar="FILE", help="write the table to this file as well"),
            argument("--weeks", type=weeks, default=4, metavar="N", help="how many weeks, this one with them (4)"),
            argument("--by", choices=[*(each.value for each in Dimension), TOGETHER], default="kind",
                     help="tell apart by this (kind: marketplaces and own stores), or none"),
            argument("--weekly", action="store_true", help="each week as well"),
            argument("--measure", action="append", choices=[each.value for each in Measure],
                     help="only this figure; may be said again"),
        ),
    ),
)  # fmt: skip
