"""``route``, ``hold``, ``release``, ``cancel``: decide where orders ship from, or stop them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from app.cli.command import DONE, IN_PART, REFUSED, Answer, Call, Command, argument, with_zone
from app.cli.orders import wanted_order
from app.cli.program import typed
from app.cli.receipts import lines as receipt_lines
from app.cli.receipts import receipt
from app.cli.terminal import visible
from app.cli.wording import WORDING, counted
from app.domain.changes import Skipped
from app.errors import NotFoundError, RefusedError
from app.queries.inventory import location_rows
from app.queries.orders import matching_ids
from app.queries.suggestions import SuggestionRow, rows_with_suggestions

BATCH = 100
SHOWN = 30
READY = "is:ready"
MORNING: Final = time(9)


def route(call: Call) -> Answer:
    """Show suggestions, accept them, or send one order's goods from somewhere else."""
    args = call.args
    if args.to:
        return _override(call)
    if args.accept and not args.orders:
        ids = call.desk.read(matching_ids, query=READY, now=call.desk.now())
    elif args.orders:
        ids = [wanted_order(call, text) for text in args.orders]
    else:
        ids = call.desk.read(
            matching_ids, query="status:open -is:held -is:bychannel", now=call.desk.now()
        )
    rows = call.desk.read(rows_with_suggestions, ids, wording=WORDING)
    return _accept(call, ids, rows) if args.accept else _show(rows)


def _show(rows: Sequence[SuggestionRow]) -> Answer:
    return Answer([_decision(row, "suggested") for row in rows], lambda: _suggested(rows))


def _decision(row: SuggestionRow, outcome: str, reason: str = "") -> dict[str, Any]:
    order = row.order
    return {
        "order": order.number, "id": order.id, "channel": order.channel, "step": order.step,
        "outcome": outcome, "reason": reason, "location": order.location,
        "cost": order.route_cost, "currency": order.route_currency, "suggestion": row.suggestion,
    }  # fmt: skip


def _suggested(rows: Sequence[SuggestionRow]) -> list[str]:
    if not rows:
        return ["No order waits for a decision."]
    lines = [line for row in rows[:SHOWN] for line in _suggestion(row)]
    if len(rows) > SHOWN:
        lines += [f"… and {counted(len(rows) - SHOWN, 'more order')}."]
    return [
        visible(line)
        for line in [*lines, "", f"Accept all that are ready: {typed('route', '--accept')}"]
    ]


def _suggestion(row: SuggestionRow) -> list[str]:
    order, words = row.order, row.suggestion
    if words is None:
        return [f"{order.number}: {order.step}, {order.items}. Nothing is suggested."]
    return [
        f"{order.number}: {words.headline} {words.reason}",
        *(f"    {each.sentence}" for each in words.parcels),
        *(f"    or {each.sentence}" for each in words.alternatives),
        *(f"    not {each.sentence}" for each in words.refusals),
    ]


def _accept(call: Call, ids: Sequence[int], rows: Sequence[SuggestionRow]) -> Answer:
    """Accept a hundred at a time, each hundred in one transaction."""
    done: list[int] = []
    skipped: list[Skipped] = []
    for at in range(0, len(ids), BATCH):
        changes = call.desk.run("accept", order_ids=list(ids[at : at + BATCH]))
        done.extend(changes.done)
        skipped.extend(changes.skipped)
    taken, why = set(done), {each.subject: each.reason for each in skipped}
    document = [
        _decision(row, "accepted")
        if row.order.id in taken
        else _decision(row, "skipped", why.get(row.order.number, ""))
        for row in rows
    ]
    label = f"Accept {counted(len(done), 'order')}"
    state = _status(done, skipped)
    lines = receipt_lines(label, skipped, state) if ids else ["No order is ready to be accepted."]
    return Answer(document, lambda: lines, state)


def _status(done: Sequence[int], skipped: Sequence[Skipped]) -> int:
    if not skipped:
        return DONE
    return IN_PART if done else REFUSED


def _override(call: Call) -> Answer:
    args = call.args
    if len(args.orders) != 1 or args.accept:
        raise RefusedError(
            "Another location is chosen for one order at a time; nothing was changed.",
            "orderdeck route ORDER --to LOCATION --reason 'why'",
        )
    order_id = wanted_order(call, args.orders[0])
    call.desk.run(
        "override", order_id=order_id, location_id=location_id(call, args.to), reason=args.reason
    )
    rows = call.desk.read(rows_with_suggestions, [order_id], wording=WORDING)
    order = rows[0].order
    return Answer(
        [_decision(row, "overridden", args.reason) for row in rows],
        lambda: [visible(f"Order {order.number} ships from {order.location}: {args.reason}")],
    )


def location_id(call: Call, text: str) -> int:
    """Return the location of this code or name.

    Raises:
        NotFoundError: there is none; the advice lists those that exist.
    """
    rows = call.desk.read(location_rows)
    for row in rows:
        if text in (row.code, row.name):
            return row.id
    raise NotFoundError(
        f"There is no location “{visible(text)}”; nothing was changed.",
        f"Locations here: {', '.join(row.code for row in rows)}.",
    )


def _by_hand(operation: str, **fixed: Any) -> Any:
    """Return a command that does one operation to the orders that are named."""

    def run(call: Call) -> Answer:
        ids = [wanted_order(call, text) for text in call.args.orders]
        given = {"reason": call.args.reason} if hasattr(call.args, "reason") else {}
        return receipt(call.desk.run(operation, order_ids=ids, **given, **fixed))

    return run


def hold(call: Call) -> Answer:
    """Keep orders back, for good or until a moment."""
    args = call.args
    ids = [wanted_order(call, text) for text in args.orders]
    until = moment_of(args.until) if args.until else None
    return receipt(call.desk.run("hold", order_ids=ids, reason=args.reason, until=until))


def moment_of(text: str) -> datetime:
    """Return a moment that was written down; a day alone means its morning.

    Raises:
        RefusedError: it is none.
    """
    try:
        if len(text) == len("2026-01-31"):
            return with_zone(datetime.combine(date.fromisoformat(text), MORNING))
        return with_zone(datetime.fromisoformat(text))
    except ValueError as error:
        raise RefusedError(f"“{visible(text)}” is no date or time; nothing was changed.",
                           "Write 2026-01-31, or 2026-01-31T14:30.") from error  # fmt: skip


def release(call: Call) -> Answer:
    """Let orders go on, or lift every hold whose time has come."""
    args = call.args
    if args.ended and not args.orders:
        return receipt(call.desk.run("lift_ended_holds"))
    if args.ended or not args.orders or not args.reason:
        raise RefusedError(
            "It is not clear what is to go on; nothing was changed.",
            "Name orders and a --reason, or write --ended alone for holds whose time has come.",
        )
    ids = [wanted_order(call, text) for text in args.orders]
    return receipt(call.desk.run("release", order_ids=ids, reason=args.reason))


_ORDERS = argument("orders", nargs="+", metavar="ORDER", help="numbers, or the channel's own ids")
_REASON = argument("--reason", required=True, metavar="TEXT", help="why; it is kept")

COMMANDS = (
    Command(
        "route",
        "where orders would ship from, why, and why not elsewhere; accept it or choose another",
        'route 7165 --to STUDIO --reason "the shop is closed"',
        route,
        (
            argument("orders", nargs="*", metavar="ORDER", help="default: all that wait for it"),
            argument("--accept", action="store_true", help="accept the suggestions"),
            argument("--to", metavar="LOCATION", help="ship one order from here instead"),
            argument("--reason", default="", metavar="TEXT", help="why from there; it is kept"),
        ),
    ),
    Command("hold", "keep orders back, for good or until a moment",
            'hold 7165 --reason "buyer asked to wait" --until 2026-12-01', hold,
            (_ORDERS, _REASON,
             argument("--until", default="", metavar="TIME", help="when it goes on by itself"))),
    Command("release", "let held orders go on", 'release 7162 --reason "address confirmed"', release,
            (argument("orders", nargs="*", metavar="ORDER", help="numbers, or the channel's own ids"),
             argument("--reason", default="", metavar="TEXT", help="why; it is kept"),
             argument("--ended", action="store_true", help="lift the holds whose time has come"))),
    Command("cancel", "cancel orders: their units are free again and the channel is told",
            'cancel 7165 --reason "buyer changed her mind"', _by_hand("cancel"), (_ORDERS, _REASON)),
    Command("withdraw", "take decisions back that have not shipped", "withdraw 114-4442516-3992048",
            _by_hand("withdraw"), (_ORDERS,)),
)  # fmt: skip
