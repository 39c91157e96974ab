"""``cases`` and ``case``: the exception inbox, and what is done with a card of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.cli.command import (
    Answer,
    Call,
    Command,
    amount_of_rows,
    argument,
    searching,
    whole_number,
)
from app.cli.deciding import moment_of
from app.cli.receipts import receipt
from app.cli.terminal import visible
from app.cli.ways_out import lines_to_type
from app.cli.wording import counted, moment, money, number
from app.domain.attention import Amount
from app.domain.search_fields import CASE_FIELDS
from app.errors import NotFoundError, RefusedError
from app.queries.inbox.cards import Card, card_ids, card_rows, count_cards

SHOWN = 50


def cases(call: Call) -> Answer:
    """List the cards, the highest score first, as they are now."""
    desk, args = call.desk, call.args
    desk.watch_cases()
    limit = args.limit if args.limit is not None or args.json else SHOWN
    asked = {"query": args.query, "now": desk.now(), "actor": desk.actor.name}
    rows = desk.read(card_rows, **asked, limit=limit, say=money)
    total = desk.read(count_cards, **asked)
    return Answer([_document(row) for row in rows], lambda: _lines(call, rows, total))


def _document(card: Card) -> dict[str, Any]:
    """Return a card as a row: its case, and what the card adds to it."""
    again = card.comes_again
    return {
        **asdict(card.case), "id": card.id, "case_id": card.case.id, "score": card.score.total,
        "parts": card.score.parts, "count": card.count, "case_ids": card.case_ids,
        "at_stake": card.money, "card_due_at": card.due_at,
        "times_in_30_days": again.times if again else None,
    }  # fmt: skip


def _lines(call: Call, rows: Sequence[Card], total: int) -> list[str]:
    if not total:
        is_search = bool(call.args.query)
        return [
            "No case is found by that search." if is_search else "Nothing needs you: no open case."
        ]
    lines = [line for row in rows for line in (*_card(call, row), "")]
    said = counted(total, "card")
    return [
        *lines,
        said if len(rows) == total else f"{number(len(rows))} of {said}; --limit N shows more.",
    ]


def _card(call: Call, card: Card) -> list[str]:
    row = card.case
    due = f", decide by {moment(card.due_at)}" if card.due_at else ""
    late = " (overdue)" if card.due_at and card.due_at < call.desk.now() else ""
    risk = f", {_worth(card.money)} at risk" if card.money else ""
    lines = [
        f"{card.id}  {row.severity.upper()} {card.score.total} of 100: {card.title}",
        f"  {row.owner}{due}{late}{risk}",
        *([f"  {row.reason}"] if row.reason else []),
        f"  {row.impact}",
        *_where_it_is(row.assigned_to, row.snooze_reason if row.snoozed_until else ""),
        f"  Ways out: {'; '.join(row.ways_out)}.",
        *(f"    {line}" for line in lines_to_type(call, row)),
    ]
    if card.comes_again is not None:
        lines.append(f"  This came {card.comes_again.times} times in 30 days.")
    return [visible(line) for line in lines]


def _where_it_is(person: str, aside: str) -> list[str]:
    said = [f"  Given to {person}."] if person else []
    return [*said, f"  Put aside: {aside}"] if aside else said


def _worth(amounts: Sequence[Amount]) -> str:
    return " and ".join(money(each.minor, each.currency) for each in amounts)


# ---- what is done with cards --------------------------------------------------------------------


def _wanted(call: Call) -> list[int]:
    """Return the cards that are meant: by number, or all that a search finds."""
    args, desk = call.args, call.desk
    if bool(args.cards) == bool(args.query):
        raise RefusedError("Name cards by number, or all that --query finds; nothing was changed.",
                           "“orderdeck cases” lists them with their numbers.")  # fmt: skip
    if args.cards:
        return list(args.cards)
    found = desk.read(card_ids, query=args.query, now=desk.now(), actor=desk.actor.name)
    if not found:
        raise NotFoundError("No card is found by that search; nothing was changed.",
                            "“orderdeck cases” lists what there is.")  # fmt: skip
    return found


def _do(call: Call, operation: str, **arguments: Any) -> Answer:
    done = call.desk.run(operation, case_ids=_wanted(call), **arguments)
    if not done.done and not done.skipped:
        raise NotFoundError("There is nothing like that to do; nothing was changed.",
                            "“orderdeck cases” lists the cards that there are.")  # fmt: skip
    return receipt(done)


def assign(call: Call) -> Answer:
    """Ask somebody to take care of cards."""
    return _do(call, "assign_cases", to=call.args.to)


def snooze(call: Call) -> Answer:
    """Put cards aside until a moment, or until they change."""
    until = moment_of(call.args.until) if call.args.until else None
    return _do(call, "snooze_cases", until=until, reason=call.args.reason)


def wake(call: Call) -> Answer:
    """Take cards back that were put aside."""
    return _do(call, "wake_cases")


def note(call: Call) -> Answer:
    """Write on cards."""
    return _do(call, "write_case_note", text=call.args.text)


def join(call: Call) -> Answer:
    """Put cards to another one."""
    return _do(call, "join_cases", to=call.args.to)


def part(call: Call) -> Answer:
    """Take cards apart again."""
    return _do(call, "part_cases")


def settle(call: Call) -> Answer:
    """End cards by word."""
    return _do(call, "settle_cases", reason=call.args.reason)


_FIELDS = f"a search, such as severity:high. Fields: {', '.join(CASE_FIELDS.names)}"
_CARDS = (
    argument("cards", nargs="*", type=whole_number, metavar="CARD", help="its number in the list"),
    argument("--query", default="", metavar="SEARCH", help="all that a search finds, instead"),
)
_WHY = argument("--reason", required=True, metavar="TEXT", help="kept with it")

COMMANDS = (
    Command(
        "cases",
        "what needs a person: score, owner, deadline, money at risk and ways out",
        'cases --query "severity:high due:<+4h"',
        cases,
        (
            *searching(_FIELDS),
            argument("--limit", type=amount_of_rows, metavar="N", help=f"at most so many (default {SHOWN}; all with --json)"),
        ),
    ),
    Command("case assign", "ask somebody to take care of cards", "case assign 12 --to Mia", assign,
            (*_CARDS, argument("--to", required=True, metavar="NAME", help="who; '' for nobody"))),
    Command("case snooze", "put cards aside for a while; they come back by themselves",
            'case snooze 12 --until 2026-12-01 --reason "supplier closed"', snooze,
            (*_CARDS, _WHY, argument("--until", default="", metavar="TIME", help="default: until it changes"))),
    Command("case wake", "take cards back that were put aside", "case wake 12", wake, _CARDS),
    Command("case note", "write on cards, for whoever looks next", 'case note 12 --text "Called them"',
            note, (*_CARDS, argument("--text", required=True, metavar="TEXT", help="what to write"))),
    Command("case join", "put cards together that have one cause", "case join 14 15 --to 12", join,
            (*_CARDS, argument("--to", required=True, type=whole_number, metavar="CARD", help="to which"))),
    Command("case part", "take cards apart that were put together", "case part 12", part, _CARDS),
    Command("case settle", "end cards by word, or live with what is still true",
            'case settle 12 --reason "settled by phone"', settle, (*_CARDS, _WHY)),
)  # fmt: skip
