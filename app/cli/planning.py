"""``plan`` and ``solve``: route all open orders together, on the desk or in a problem from a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.command import DONE, IN_PART, Answer, Call, Command, argument
from app.cli.program import typed
from app.cli.terminal import visible
from app.cli.wording import counted, money
from app.domain.changes import Changes, Skipped, together
from app.errors import RefusedError
from app.services.planning.plans import PlannedOrder, Proposal, Totals, taken_over

SECONDS = 30.0
BATCH = 100
SHOWN = 30


def seconds(text: str) -> float:
    """Read how long something may take."""
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of seconds") from error
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is no time that a plan may take")
    return value


def solve(call: Call) -> Answer:
    """Plan an instance file and write the solution file."""
    from app.planning.neutral.instance import read
    from app.planning.neutral.solving import solve as solved

    args = call.args
    problem = read(Path(args.instance))
    found = solved(problem, together=args.mode == "plan", seconds=args.time_limit)
    _write(Path(args.out), found.solution)
    summary = found.summary
    return Answer(summary, lambda: _lines(summary, args.out))


def plan(call: Call) -> Answer:
    """Plan the whole queue together; take the plan over and accept it on request."""
    from app.services.planning.plans import propose
    from app.services.planning.problem import open_queue

    queue = call.desk.read(open_queue, now=call.desk.now())
    proposal = propose(queue, seconds=call.args.time_limit)
    taken: Changes | None = None
    accepted: Changes | None = None
    if call.args.accept and proposal.orders:
        taken = call.desk.run("take_plan", **taken_over(proposal.changes))
        ready = accepted_with(proposal, taken)
        accepted = together("Accept the plan", [
            call.desk.run("accept", order_ids=ready[at : at + BATCH])
            for at in range(0, len(ready), BATCH)
        ])  # fmt: skip
    document = _document(proposal, taken, accepted)
    skipped = [*(taken.skipped if taken else ()), *(accepted.skipped if accepted else ())]
    return Answer(document, lambda: _plan_lines(proposal, accepted, skipped),
                  IN_PART if skipped else DONE)  # fmt: skip


def accepted_with(proposal: Proposal, taken: Changes) -> list[int]:
    """Return the orders to accept: as planned already, or taken over; never one that was skipped."""
    left_alone = {each.order_id for each in proposal.changes} - set(taken.done)
    return [
        each.order_id
        for each in proposal.orders
        if each.at and not each.is_held and each.order_id not in left_alone
    ]


def _document(
    proposal: Proposal, taken: Changes | None, accepted: Changes | None
) -> dict[str, Any]:
    done = set(accepted.done) if accepted else set()
    changed = set(taken.done) if taken else set()
    return {
        "made_at": proposal.made_at, "currency": proposal.currency,
        "cost": proposal.planned.cost, "cost_now": proposal.now.cost,
        "cost_one_by_one": proposal.one_by_one.cost, "saving": proposal.saving,
        "may_save": proposal.may_save, "gap_pct": round(100 * proposal.gap, 4),
        "planned": proposal.planned, "now": proposal.now, "one_by_one": proposal.one_by_one,
        "changes": len(proposal.changes), "taken_over": len(changed), "accepted": len(done),
        "orders": [
            {
                "order": each.number, "id": each.order_id, "channel": each.channel,
                "held": each.is_held, "changes": each.differs, "now": each.now,
                "planned": each.planned, "saving": each.saving,
                "outcome": "accepted" if each.order_id in done
                else "taken over" if each.order_id in changed else "planned",
            }
            for each in proposal.orders
        ],
    }  # fmt: skip


def _plan_lines(
    proposal: Proposal, accepted: Changes | None, skipped: Sequence[Skipped]
) -> list[str]:
    if not proposal.orders:
        return ["No order waits for a decision."]
    coin, changes = proposal.currency, proposal.changes
    lines = [
        f"Planned together: {_total(proposal.planned, coin)}. {_proven(proposal)}",
        f"As suggested now: {_total(proposal.now, coin)}.",
        *(_change(each, coin) for each in changes[:SHOWN]),
    ]
    if len(changes) > SHOWN:
        lines.append(f"    … and {counted(len(changes) - SHOWN, 'more order')}.")
    if not changes:
        lines.append("Every order is suggested as the plan has it.")
    if accepted is None:
        lines.append(f"Take it over and accept it: {typed('plan', '--accept')}")
    else:
        lines.append(f"Accepted: {counted(len(accepted.done), 'order')}.")
        lines += [f"    not {each.subject}: {each.reason}." for each in skipped[:SHOWN]]
    return [visible(line) for line in lines]


def _total(totals: Totals, currency: str) -> str:
    many, parcels = counted(totals.orders, "order"), counted(totals.parcels, "parcel")
    said = [f"{money(totals.cost, currency)} for {many} in {parcels}"]
    if totals.late:
        said.append(f"{totals.late:,} late")
    if totals.safety:
        said.append(f"{counted(totals.safety, 'unit')} of safety stock")
    return ", ".join(said)


def _proven(proposal: Proposal) -> str:
    if not proposal.may_save:
        return "No plan is better."
    most = money(proposal.may_save, proposal.currency)
    return f"A better plan could save {most} at most."


def _change(each: PlannedOrder, currency: str) -> str:
    here = each.now.names or "nowhere yet"
    apart = more_or_less(-each.saving, currency)
    sends = f", {each.planned.sends}" if each.planned.sends else ""
    return f"    {each.number}: {each.planned.names} instead of {here}{sends}, {apart}."


def more_or_less(extra: int, currency: str) -> str:
    """Say how an amount differs."""
    if not extra:
        return "the same money"
    return f"{money(abs(extra), currency)} {'more' if extra > 0 else 'less'}"


def _write(path: Path, content: object) -> None:
    try:
        text = json.dumps(content, separators=(",", ":"), allow_nan=False)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as problem:
        raise RefusedError(
            f"{path} could not be written; there is no solution.", str(problem.strerror)
        ) from problem


def _lines(summary: dict[str, Any], out: str) -> list[str]:
    counts = ", ".join(f"{number:,} {word}" for word, number in summary["outcomes"].items())
    done = counted(summary["orders"], "order")
    lines = [
        f"{done} routed ({counts}) in {summary['seconds']:.2f} s; the solution is in {out}.",
        f"Cost: {summary['cost_cents']:,} cents.",
    ]
    if summary["bound_cents"] is not None:
        lines.append(
            f"No plan costs less than {summary['bound_cents']:,} cents: "
            f"this one is at most {summary['gap_pct']:.3f} % above the best."
        )
    return lines


COMMANDS = (
    Command(
        "plan",
        "plan the whole queue together: what it would save, which orders would ship from elsewhere",
        "plan --accept",
        plan,
        (
            argument("--accept", action="store_true", help="take the plan over, and accept every order that is ready"),
            argument("--time-limit", type=seconds, default=SECONDS, metavar="S", help=f"seconds for planning; default: {SECONDS:.0f}"),
        ),
    ),
    Command(
        "solve",
        "route a problem from a file of the neutral format, and write the solution; no database is touched",
        "solve instance.json --out solution.json --mode plan",
        solve,
        (
            argument("instance", metavar="INSTANCE.json", help="the problem"),
            argument("--out", required=True, metavar="SOLUTION.json", help="where the solution is written"),
            argument("--mode", choices=("single", "plan"), default="plan", help="one order at a time, or all together (default)"),
            argument("--time-limit", type=seconds, default=SECONDS, metavar="S", help=f"seconds for planning; default: {SECONDS:.0f}"),
        ),
    ),
)  # fmt: skip
