"""``policy`` and ``quantities``: what each channel may be told, and what waits to be told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.command import Answer, Call, Command, argument, whole_number
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.text_files import read_text, write_text
from app.cli.wording import counted, number
from app.domain.promising.policy import NAMES, as_said
from app.domain.promising.sheet_file import sheet_from, sheet_text
from app.errors import NotFoundError, RefusedError
from app.queries.published import HeldRow, held_numbers, sheet_now
from app.services.promising import publishing, sheets

SHOWN = 40
HOW_TO_GET_ONE = "“orderdeck policy export --out FILE” writes one."


def policy(call: Call) -> Answer:
    """Show the sheet: what was decided for each channel, and the calendar."""
    found = call.desk.read(sheet_now)
    rows = {code: as_said(row) for code, row in found.rows.items()}
    document = {"version": found.version, "channels": rows, "calendar": found.calendar}
    return Answer(document, lambda: _sheet(found.version, rows))


def _sheet(version: int, rows: dict[str, dict[str, Any]]) -> list[str]:
    words = [(name, *(_said(row[name]) for row in rows.values())) for name in NAMES]
    return [f"Version {version}", "", *table(("", *rows), words)]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def policy_set(call: Call) -> Answer:
    """Change what the sheet says of one channel; ``--preview`` only says what that would change."""
    channels = {call.args.channel: dict(_pair(text) for text in call.args.changes)}
    if not call.args.preview:
        return receipt(call.desk.run(
            "save_sheet", channels=channels, reason=call.args.reason, anyway=call.args.anyway
        ))  # fmt: skip
    found = call.desk.read(sheets.preview, channels=channels, now=call.desk.now())
    return Answer(found, lambda: _preview(found))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or name not in NAMES:
        raise RefusedError(
            f"“{visible(text)}” changes nothing that is on the sheet; nothing was changed.",
            f"Write NAME=VALUE. Names: {', '.join(NAMES)}.",
        )
    return name, value


def _preview(found: Sequence[sheets.Preview]) -> list[str]:
    rows = [
        (each.account, each.sku, _units(each.before), _units(each.after), f"{each.change:+}")
        for each in found[:SHOWN]
    ]
    more = [f"… and {len(found) - SHOWN:,} more."] if len(found) > SHOWN else []
    total = counted(len(found), "listing")
    return [
        f"{total} would change.",
        "",
        *table(("Channel", "SKU", ">Now", ">Then", ">"), rows),
        *more,
    ]


def _units(units: int | None) -> str:
    return "–" if units is None else number(units)


def policy_export(call: Call) -> Answer:
    """Write the sheet to a file, or show it."""
    found = call.desk.read(sheet_now)
    text, target = sheet_text(found.rows, found.calendar), call.args.out
    if target is not None:
        write_text(target, text)
    document = {"version": found.version, "file": str(target) if target else None, "text": text}
    return Answer(document, lambda: [f"Version {found.version} is in {visible(str(target))}."]
                  if target else text.splitlines())  # fmt: skip


def policy_import(call: Call) -> Answer:
    """Let the sheet of a file count; ``--preview`` only says what that would change."""
    channels, calendar = sheet_from(read_text(call.args.file, HOW_TO_GET_ONE))
    if not call.args.preview:
        return receipt(call.desk.run(
            "save_sheet", channels=channels, calendar=calendar, reason=call.args.reason,
            anyway=call.args.anyway,
        ))  # fmt: skip
    found = call.desk.read(
        sheets.preview, channels=channels, calendar=calendar, now=call.desk.now()
    )
    return Answer(found, lambda: _preview(found))


def policy_restore(call: Call) -> Answer:
    """Let an earlier version of the sheet count again."""
    return receipt(call.desk.run("restore_sheet", version=call.args.version))


def quantities(call: Call) -> Answer:
    """Work out what has changed, and list what waits and what a breaker holds back."""
    call.desk.publish()
    waiting = call.desk.read(publishing.waiting)
    held = call.desk.read(held_numbers)
    document = {"waiting": waiting, "held": held}
    return Answer(document, lambda: [
        f"{counted(sum(waiting.values()), 'number')} wait to be told.", *held_back(held),
    ])  # fmt: skip


def held_back(held: Sequence[HeldRow]) -> list[str]:
    """Say what a breaker holds back, and how a person lets it go."""
    if not held:
        return []
    accounts = {each.account_id: each.account for each in held}
    units = f"{counted(len(held), 'number')} on {counted(len(accounts), 'channel')}"
    rows = [(f"{each.account_id} {each.account}", each.sku, _units(each.before), _units(each.after))
            for each in held[:SHOWN]]  # fmt: skip
    more = [f"… and {len(held) - SHOWN:,} more."] if len(held) > SHOWN else []
    return [
        f"Held back: {units}, because very much would change at once. Let them go with:",
        *(f'  orderdeck quantities release --account {key} --reason "I have looked"'
          for key in sorted(accounts)),
        "",
        *table(("Account", "SKU", ">Now", ">Then"), rows),
        *more,
    ]  # fmt: skip


def release(call: Call) -> Answer:
    """Let the numbers go that a breaker holds back."""
    return _answer(call, "release_quantities")


def keep(call: Call) -> Answer:
    """Leave an account with the numbers that it shows."""
    return _answer(call, "drop_quantities")


def _answer(call: Call, operation: str) -> Answer:
    if call.args.account not in {each.account_id for each in call.desk.read(held_numbers)}:
        raise NotFoundError("Nothing is held back for this account; nothing was changed.",
                            "“orderdeck quantities” lists what is.")  # fmt: skip
    return receipt(call.desk.run(operation, account_id=call.args.account, reason=call.args.reason))


_ACCOUNT = argument(
    "--account", type=whole_number, required=True, metavar="N", help="its number in the list"
)
_WHY = argument("--reason", default="", metavar="TEXT", help="kept with the version")
ANYWAY = argument(
    "--anyway", action="store_true", help="although no back-test speaks for it: give a reason"
)
_REASON = argument("--reason", required=True, metavar="TEXT", help="kept with it")

COMMANDS = (
    Command("policy", "the policy sheet: what each channel may be told, and who decides", "policy", policy),
    Command(
        "policy set", "change what the sheet says of a channel, or preview it",
        "policy set --channel etsy stock_mode=capped cap_units=3 --preview", policy_set,
        (
            argument("--channel", required=True, metavar="NAME", help="its code, such as etsy"),
            argument("changes", nargs="+", metavar="NAME=VALUE", help="what is to count"),
            argument("--preview", action="store_true", help="only say which listings would change"),
            _WHY, ANYWAY,
        ),
    ),
    Command(
        "policy restore", "let an earlier version of the sheet count again", "policy restore --version 1",
        policy_restore,
        (argument("--version", type=whole_number, required=True, metavar="N", help="which"),),
    ),
    Command("policy export", "write the sheet and its calendar to a text file that differs line by line",
            "policy export --out sheet.toml", policy_export,
            (argument("--out", type=Path, metavar="FILE", help="default: show it"),)),
    Command("policy import", "let the sheet of a text file count, or preview it",
            "policy import sheet.toml --preview", policy_import,
            (argument("file", type=Path, metavar="FILE", help="as policy export writes it"),
             argument("--preview", action="store_true", help="only say which listings would change"),
             _WHY, ANYWAY)),
    Command("quantities", "what waits to be told to channels, and what is held back", "quantities", quantities),
    Command("quantities release", "let numbers go that were held back",
            'quantities release --account 2 --reason "New price list"', release, (_ACCOUNT, _REASON)),
    Command("quantities keep", "leave a channel with the numbers that it shows",
            'quantities keep --account 2 --reason "A slip in the stock file"', keep, (_ACCOUNT, _REASON)),
)  # fmt: skip
