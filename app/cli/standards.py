"""``standards``: what figures have to be, how they stand, what they can still bear, and what was done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from app.analytics.kpis.standing import Standing, standings
from app.analytics.kpis.watching import keep_watch, tasks
from app.cli.command import DONE, FOUND_SOMETHING, Answer, Call, Command, argument, whole_number
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import moment, number
from app.domain.kpis.standards import State
from app.errors import RefusedError

_WORDS: Final = {State.GOOD: "kept", State.WARNING: "close", State.BREACH: "BROKEN",
                 State.TOO_FEW: "too few"}  # fmt: skip


def show(call: Call) -> Answer:
    """List every standard with its figure."""
    rows = call.desk.read(standings, now=call.desk.now())
    document = [
        {"code": each.standard.code, "standard": each.standard, "figure": each.figure,
         "state": each.state, "left": each.left, "eases_at": each.eases_at, "coming": each.coming}
        for each in rows
    ]  # fmt: skip
    broken = any(each.state is State.BREACH for each in rows)
    return Answer(document, lambda: _lines(rows), FOUND_SOMETHING if broken else DONE)


def _lines(rows: Sequence[Standing]) -> list[str]:
    return table(_HEAD, [_cells(row) for row in rows])


_HEAD: Final = (
    "Standard",
    "Code",
    "How",
    ">Is",
    ">Has to be",
    ">Of rows",
    ">Can bear",
    "Eases",
    "Days",
)


def _cells(row: Standing) -> tuple[str, ...]:
    standard = row.standard
    limit = f"{'≥' if standard.wants_more else '≤'} {standard.said(standard.limit)}"
    return (
        standard.title, standard.code, _WORDS[row.state],
        standard.said_of(row.figure) if row.figure.rows else "–", limit, number(row.figure.rows),
        "–" if row.left is None else number(row.left), moment(row.eases_at) if row.eases_at else "",
        str(standard.window_days),
    )  # fmt: skip


def change(call: Call) -> Answer:
    """Change one standard: a new version, which can be taken back."""
    try:
        changes: dict[str, Any] = dict(_change(each) for each in call.args.change)
    except ValueError as error:
        raise RefusedError(f"{error}; nothing was changed.", "Write NAME=VALUE, such as limit=350.") from error  # fmt: skip
    return receipt(call.desk.run("change_standard", code=call.args.code, changes=changes,
                                 reason=call.args.reason))  # fmt: skip


def _change(said: str) -> tuple[str, Any]:
    name, sign, value = said.partition("=")
    if not sign:
        raise ValueError(f"“{said}” names no value")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def check(call: Call) -> Answer:
    """Open tasks for what is broken, and say whether what was done earlier worked."""
    changes = keep_watch(call.desk)
    rows = call.desk.read(tasks)

    def lines() -> list[str]:
        if not rows:
            return ["Every standard is kept, as far as there is enough to say so."]
        return [visible(f"{row.id}: {row.title} ({row.state}). {row.words}") for row in rows]

    return Answer({"changes": changes, "tasks": rows}, lines, FOUND_SOMETHING if rows else DONE)


def act(call: Call) -> Answer:
    """Do what a task asks for."""
    return receipt(call.desk.run("act_on_breach", breach_id=call.args.task))


COMMANDS = (
    Command("standards", "what figures have to be, how they stand, and what they can still bear",
            "standards", show),
    Command(
        "standards set", "change a standard; the version before is kept",
        "standards set amazon-late limit=350 begins=2026-12-01", change,
        (
            argument("code", metavar="CODE", help="its code in “standards”"),
            argument("change", nargs="+", metavar="NAME=VALUE", help="target, warning and limit are hundredths of a percent, or seconds"),
            argument("--reason", default="", metavar="TEXT", help="kept with it"),
        ),
    ),
    Command("standards check", "open a task for each that is broken, and check what was done about the others",
            "standards check", check),
    Command("standards act", "do what a task asks for", "standards act 3", act,
            (argument("task", type=whole_number, metavar="TASK", help="its number in “standards check”"),)),
)  # fmt: skip
