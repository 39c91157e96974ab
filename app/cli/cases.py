"""``cases``: the exception inbox."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.command import Answer, Call, Command, amount_of_rows, argument, searching
from app.cli.terminal import visible
from app.cli.ways_out import lines_to_type
from app.cli.wording import counted, moment, money, number
from app.domain.search_fields import CASE_FIELDS
from app.queries.cases import CaseRow, case_rows, count_cases

SHOWN = 50


def cases(call: Call) -> Answer:
    """List the open cases, the worst and most urgent first, as they are now."""
    desk, args = call.desk, call.args
    desk.watch_cases()
    now = desk.now()
    limit = args.limit if args.limit is not None or args.json else SHOWN
    rows = desk.read(case_rows, query=args.query, now=now, limit=limit)
    total = desk.read(count_cases, query=args.query, now=now)
    return Answer(rows, lambda: _lines(call, rows, total))


def _lines(call: Call, rows: Sequence[CaseRow], total: int) -> list[str]:
    if not total:
        is_search = bool(call.args.query)
        return [
            "No case is found by that search." if is_search else "Nothing needs you: no open case."
        ]
    lines = [line for row in rows for line in (*_case(call, row), "")]
    said = counted(total, "open case")
    return [
        *lines,
        said if len(rows) == total else f"{number(len(rows))} of {said}; --limit N shows more.",
    ]


def _case(call: Call, row: CaseRow) -> list[str]:
    due = f", due {moment(row.due_at)}" if row.due_at else ""
    late = " (overdue)" if row.hours_left is not None and row.hours_left < 0 else ""
    risk = f", {money(row.money_at_risk, row.currency)} at risk" if row.money_at_risk else ""
    lines = [
        f"{row.severity.upper()}: {row.title}",
        f"  {row.owner}{due}{late}{risk}",
        f"  {row.impact}",
        f"  Ways out: {'; '.join(row.ways_out)}.",
        *(f"    {line}" for line in lines_to_type(call, row)),
    ]
    if row.reason:
        lines.insert(2, f"  {row.reason}")
    return [visible(line) for line in lines]


_FIELDS = f"a search, such as severity:high. Fields: {', '.join(CASE_FIELDS.names)}"

COMMANDS = (
    Command(
        "cases",
        "what needs a person: owner, deadline, money at risk and ways out",
        'cases --query "severity:high due:<+4h"',
        cases,
        (
            *searching(_FIELDS),
            argument("--limit", type=amount_of_rows, metavar="N", help=f"at most so many (default {SHOWN}; all with --json)"),
        ),
    ),
)  # fmt: skip
