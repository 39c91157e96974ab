"""``report daily``: where the rows, the channels and the shelves disagree, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from app.cli.command import DONE, FOUND_SOMETHING, Answer, Call, Command, argument, whole_number
from app.cli.document import plain
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.text_files import write_table
from app.cli.wording import counted, moment, money, number
from app.errors import NotFoundError, RefusedError
from app.queries.mismatches import MismatchRow, RunRow, mismatch_rows, rows_of, runs
from app.services.mismatching.running import report_if_due, report_now

SHOWN = 60


def daily(call: Call) -> Answer:
    """Make the report now (or only if it is due), and list what does not fit."""
    desk, args = call.desk, call.args
    if args.if_due:
        report_if_due(desk)
    else:
        report_now(desk)
    rows = desk.read(mismatch_rows, query=args.query, now=desk.now(), limit=None)
    newest = desk.read(runs, limit=1)
    if args.csv is not None:
        _write(call, args.csv, rows)
    errors = sum(row.is_error for row in rows)
    last = newest[0] if newest else None
    document = {"run": last, "errors": errors, "rows": rows}
    return Answer(document, lambda: _lines(last, rows), FOUND_SOMETHING if errors else DONE)


def _lines(run: RunRow | None, rows: Sequence[MismatchRow]) -> list[str]:
    if run is None:
        return ["No report was made yet."]
    errors = [row for row in rows if row.is_error]
    head = f"{moment(run.run_at)}: {number(run.numbers)} numbers looked at in {run.seconds:.1f} s."
    if not errors:
        more = f" {counted(len(rows), 'difference')} explained." if rows else ""
        return [head, f"Everything fits.{more}"]
    lines = [head, "", *table(_HEAD, [_cells(row) for row in errors[:SHOWN]]), ""]
    lines += [visible(f"{row.id}: {row.sentence}") for row in errors[:SHOWN]]
    explained = len(rows) - len(errors)
    said = f"{counted(len(errors), 'mismatch', 'mismatches')}, {explained:,} more explained."
    return [*lines, "", said]


_HEAD = ("Row", "SKU", "Where", ">Right", ">Told", ">Shows", ">Off", "Since", ">At risk",
         ">Orders", "Cause")  # fmt: skip


def _cells(row: MismatchRow) -> tuple[str, ...]:
    return (
        str(row.id), row.sku, row.place, _units(row.expected), _units(row.published),
        _units(row.observed), f"{row.delta:+,}", moment(row.began_at),
        money(row.money, row.currency), str(row.orders), row.cause_words,
    )  # fmt: skip


def _units(units: int | None) -> str:
    return "–" if units is None else number(units)


def _write(call: Call, path: Path, rows: Sequence[MismatchRow]) -> None:
    apart = ("arguments", "evidence")
    names = [each.name for each in fields(MismatchRow) if each.name not in apart]
    cells = [
        [*(_cell(getattr(row, name)) for name in names), " ".join(row.evidence)] for row in rows
    ]
    write_table(call, path, [*names, "evidence"], cells)


def _cell(value: object) -> str | int:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, int) else str(plain(value))


def fix(call: Call) -> Answer:
    """Carry out the one fix of a row; where a person has to choose, say what."""
    row = _row(call)
    if not row.fix:
        raise RefusedError(f"“{row.cause_words}” needs a choice of yours; nothing was changed.",
                           f"{row.sentence} {row.fix_words}")  # fmt: skip
    return receipt(call.desk.run(row.fix, **row.arguments))


def accept(call: Call) -> Answer:
    """Live with a row: it stops being an error until its number changes."""
    row = _row(call)
    return receipt(
        call.desk.run("accept_mismatches", mismatch_ids=[row.id], reason=call.args.reason)
    )


def at(call: Call) -> Answer:
    """Decide when the report is made by itself."""
    return receipt(call.desk.run("set_report_time", at=call.args.time))


def _row(call: Call) -> MismatchRow:
    found = call.desk.read(rows_of, [call.args.row])
    if not found or found[0].state == "fixed":
        raise NotFoundError(f"There is no open row {call.args.row} in the report; nothing was changed.",
                            "“orderdeck report daily” lists them.")  # fmt: skip
    return found[0]


_ROW = argument("row", type=whole_number, metavar="ROW", help="its number in the report")

COMMANDS = (
    Command(
        "report daily", "make the report of mismatches: what should be shown, what was told, what is shown, and why",
        "report daily --csv mismatches.csv", daily,
        (
            argument("--csv", type=Path, metavar="FILE", help="write the rows to this file as well"),
            argument("--query", default="", metavar="SEARCH", help="a search, such as is:error cause:manual_edit"),
            argument("--if-due", action="store_true", help="make it only if its time of the day has passed"),
        ),
    ),
    Command("report fix", "carry out the fix of one row", "report fix 12", fix, (_ROW,)),
    Command(
        "report accept", "live with one row, and say why", 'report accept 12 --reason "Shop display"', accept,
        (_ROW, argument("--reason", required=True, metavar="TEXT", help="kept with it")),
    ),
    Command("report at", "decide at which time of the day it is made by itself", "report at 06:00", at,
            (argument("time", metavar="TIME", help="such as 06:00, or off"),)),
)  # fmt: skip
