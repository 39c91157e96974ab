"""``verify``, ``backup``, ``restore``: prove that the desk is sound, and keep safe copies of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.analytics.kpis import keeper as figures
from app.cli.command import (
    DONE,
    FOUND_SOMETHING,
    Answer,
    Call,
    Command,
    argument,
    number_of_days,
)
from app.cli.program import typed
from app.cli.terminal import visible
from app.cli.wording import counted
from app.errors import NoOwnerError
from app.services import index_keeper
from app.services.backup import back_up, restore
from app.services.desk import Desk, utc_now
from app.services.forgetting import forget_buyers
from app.services.opening import open_ready_store
from app.services.verifying import Check, verify_store

_NAMED = 20


def verify(call: Call) -> Answer:
    """Replay the ledger and run every check, also on a desk that nobody may work at any more."""
    try:
        checks = _checks(call.desk)
    except NoOwnerError:
        store = open_ready_store(call.address, now=utc_now())
        try:
            checks = verify_store(store)
        finally:
            store.close()
    ok = all(check.ok for check in checks)
    return Answer(
        {"ok": ok, "checks": checks}, lambda: _lines(checks, ok), DONE if ok else FOUND_SOMETHING
    )


def _checks(desk: Desk) -> list[Check]:
    """Check everything, then count a week of the figures again; of damaged rows that proves nothing."""
    checks = verify_store(desk.store)
    if not all(check.ok for check in checks):
        return checks
    faults = [f"{each}: count them anew (orderdeck reindex)."
              for each in figures.faults(desk.store, now=desk.now())]  # fmt: skip
    good = "What is kept of the figures is what their rows say."
    return [*checks, Check("figures", not faults, " ".join(faults) or good)]


def _lines(checks: Sequence[Check], ok: bool) -> list[str]:
    lines = [
        visible(f"{'ok  ' if each.ok else 'LOOK'}  {each.name}: {each.detail}") for each in checks
    ]
    last = "Everything is as it must be." if ok else "Something is not as it must be: see LOOK."
    return [*lines, "", last]


def backup(call: Call) -> Answer:
    """Save a verified copy of the desk."""
    desk, args = call.desk, call.args
    made = back_up(desk.store, args.file, actor=desk.actor, now=desk.now(), replace=args.replace)
    said = f"Saved and verified: {counted(made.orders, 'order')} in {made.path}."
    return Answer(made, lambda: [visible(said)])


def put_back(call: Call) -> Answer:
    """Put a saved copy in the place of the desk; what was there is kept beside it."""
    actor = call.doors.actor(call.address, call.args.person)
    done = restore(call.args.file, call.address, actor=actor, now=utc_now())
    lines = [f"Restored: {counted(done.orders, 'order')}."]
    if done.kept is not None:
        lines.append(f"What was there before is kept as {done.kept}.")
    if done.held:
        lines.append(
            f"On hold, because they may have left since: {counted(done.held, 'order')}. "
            f"“{typed('cases')}” says why."
        )
    if done.missing:
        more = len(done.missing) - _NAMED
        lines.append(
            "Left or cancelled since, and not in the backup; do not ship them when they come in "
            f"again: {', '.join(done.missing[:_NAMED])}{f' and {more:,} more' if more > 0 else ''}."
        )
    return Answer(done, lambda: [visible(line) for line in lines])


def reindex(call: Call) -> Answer:
    """Make what orders are searched by, and the figures by week, anew from the orders themselves."""
    store = call.desk.store
    made = index_keeper.make_anew(store)
    figures.make_anew(store, now=call.desk.now())
    said = (
        f"Every search looks through {counted(made, 'order')} again; the figures are counted anew."
    )
    return Answer({"orders": made}, lambda: [said])


def forget(call: Call) -> Answer:
    """Forget the buyers of orders that have been over for long enough; totals stay."""
    done = forget_buyers(call.desk, days=call.args.older_than)
    lines = [f"Forgotten: the buyers of {counted(done.orders, 'order')}. What they bought stays."]
    if done.kept:
        lines.append(
            f"Left, because a case is open: {counted(done.kept, 'order')}. “{typed('cases')}” says why."
        )
    if done.backups:
        lines.append(f"Replaced by a new one: {counted(done.backups, 'backup')} that named them.")
    lines.append("Copies and files that you saved elsewhere yourself still name them.")
    if not done.is_journal_empty:
        lines.append("Another program has the desk open: close it, and the last traces go as well.")
    return Answer(done, lambda: lines)


COMMANDS = (
    Command(
        "verify", "replay the ledger and prove every number, order and the audit trail", "verify",
        verify,
    ),
    Command(
        "reindex", "make anew from the orders what searches and figures use", "reindex", reindex,
    ),
    Command(
        "backup", "save a verified copy of the desk, while work goes on",
        "backup orderdeck-2026-10-12.backup", backup,
        (
            argument("file", type=Path, metavar="FILE", help="the copy to make"),
            argument("--replace", action="store_true", help="write over an older copy"),
        ),
    ),
    Command(
        "purge-pii",
        "forget the buyers of orders that left long ago: names, addresses, notes; totals stay",
        "purge-pii --older-than 30", forget,
        (
            argument(
                "--older-than", type=number_of_days, required=True, metavar="DAYS",
                help="days since an order has left or was cancelled",
            ),
        ),
    ),
    Command(
        "restore", "put a saved copy in the place of the desk; what was there is kept",
        "restore orderdeck-2026-10-12.backup", put_back,
        (argument("file", type=Path, metavar="FILE", help="the copy to put back"),),
    ),
)  # fmt: skip
