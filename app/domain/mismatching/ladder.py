"""Why does a channel show another number? Ten questions, in this order; the first yes is the cause.

1. Do the rows here hold a flaw that explains exactly this number (an order that came in twice, a
   cancelled one that still keeps its units, a return, a kit, a receipt, a count)?
2. Did somebody decide to keep what the channel shows?
3. Is the number on its way, within the time that it may take?
4. Was it refused, held back, or does it wait longer than it may?
5. Was it told, and the channel never changed what it shows?
6. Did the channel show fewer since, before its orders were fetched, or with an order nobody can read?
7. Did the channel confirm the number and then show another one? Somebody changed it there.
8. Otherwise nobody knows. And a number that fits, but is less than what is for sale: by policy.

A later question is only asked where every earlier one was answered no, so that each mismatch has
exactly one cause. Pure: what has to be known stands in ``PairFacts``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from app.domain.mismatching.causes import Reason
from app.domain.mismatching.facts import Finding, Fix, Flaw, PairFacts

Clock = Callable[[datetime], str]
Rung = Callable[[PairFacts, Clock], Finding | None]


def explain(facts: PairFacts, clock: Clock) -> Finding | None:
    """Return what is wrong with a SKU on a channel, and why; nothing if it fits."""
    if facts.expected is None:  # the desk does not decide it, or nobody has counted it
        return None
    if facts.current is None:
        return never_told(facts, clock)
    if facts.current == facts.wanted:
        return by_policy(facts, clock)
    found = (rung(facts, clock) for rung in LADDER)
    return next((each for each in found if each is not None), None) or unknown(facts, clock)


def by_a_flaw(facts: PairFacts, clock: Clock) -> Finding | None:
    """1. Something in the rows here explains exactly this number."""
    for flaw in facts.flaws:
        if facts.current == max(0, (facts.expected or 0) + flaw.units) // facts.pack:
            begun = f"{_gap(facts)} That is exactly what this explains: {flaw.says}"
            return _finding(facts, clock, flaw.reason, begun, flaw.since, flaw)
    return None


def kept(facts: PairFacts, clock: Clock) -> Finding | None:
    """2. Somebody looked at the new number and kept the old one."""
    if not facts.is_kept:
        return None
    said = f"Somebody decided that {facts.channel} keeps the {facts.current} that it shows."
    return _finding(facts, clock, Reason.BY_POLICY, said, _began(facts))


def on_its_way(facts: PairFacts, clock: Clock) -> Finding | None:
    """3. The right number is on its way, and still within its time."""
    waiting, told = facts.waiting, facts.told
    if facts.refused or (waiting and waiting.is_held):
        return None
    if waiting:
        if facts.now - waiting.since > facts.allowance:
            return None
        said = (
            f"{waiting.units} waits to be told since {clock(waiting.since)}; it is within its time."
        )
        return _finding(facts, clock, Reason.LAG, said, waiting.since)
    if told and told.units == facts.expected and facts.seen and _within_lag(facts, told.at):
        said = (f"{told.units} was told at {clock(told.at)}; when {facts.channel} was looked at, "
                f"{clock(facts.seen.last_at)}, it could not show it yet.")  # fmt: skip
        return _finding(facts, clock, Reason.LAG, said, told.at)
    return None


def not_told(facts: PairFacts, clock: Clock) -> Finding | None:
    """4. The number was refused, is held back, or waits longer than it may."""
    waiting = facts.waiting
    if facts.refused:
        said = f"{facts.channel} did not take {facts.expected}: {facts.refused}"
        return _finding(facts, clock, Reason.PUSH_WAITING, said, _began(facts))
    if waiting is None:
        return None
    why = "is held back until somebody has looked" if waiting.is_held else "waits to be told"
    shows = "was never told one" if facts.current is None else f"shows {facts.current}"
    said = f"{waiting.units} {why} since {clock(waiting.since)}; {facts.channel} {shows}."
    return _finding(facts, clock, Reason.PUSH_WAITING, said, waiting.since)


def not_taken_over(facts: PairFacts, clock: Clock) -> Finding | None:
    """5. The number was told, and what the channel shows never changed after that."""
    told, seen = facts.told, facts.seen
    if told is None or seen is None or seen.first_at >= told.at:
        return None
    word = "confirmed" if told.is_confirmed else "was told"
    said = (f"{facts.channel} {word} {told.units} at {clock(told.at)} and goes on showing "
            f"{seen.units}, as it has since {clock(seen.first_at)}.")  # fmt: skip
    return _finding(facts, clock, Reason.NOT_APPLIED, said, told.at)


def order_not_here(facts: PairFacts, clock: Clock) -> Finding | None:
    """6. The channel shows fewer, and has orders that nobody has fetched or can read."""
    seen, told = facts.seen, facts.told
    if seen is None or told is None or seen.units >= told.units // facts.pack:
        return None
    fewer = told.units // facts.pack - seen.units
    if facts.unread:
        said = (f"It shows {fewer} fewer than it was told, and {facts.unread} of its orders that "
                f"name {facts.sku} could not be read here.")  # fmt: skip
    elif facts.orders_at is None or facts.orders_at < seen.first_at:
        when = clock(facts.orders_at) if facts.orders_at else "never"
        said = (f"It shows {fewer} fewer than it was told, since {clock(seen.first_at)}. Its orders "
                f"were last fetched before that ({when}): it has sold them, and nobody here knows.")  # fmt: skip
    else:
        return None
    return _finding(facts, clock, Reason.ORDER_NOT_IMPORTED, said, seen.first_at)


def changed_there(facts: PairFacts, clock: Clock) -> Finding | None:
    """7. The channel had the number, and shows another one that nobody here told it."""
    seen, told = facts.seen, facts.told
    if seen is None or told is None or not told.is_confirmed:
        return None
    said = (f"{facts.channel} had taken {told.units}, told at {clock(told.at)}. It shows {seen.units} "
            f"since {clock(seen.first_at)}; nobody here told it that, and no order explains it.")  # fmt: skip
    return _finding(facts, clock, Reason.MANUAL_EDIT, said, seen.first_at)


LADDER: Final[Sequence[Rung]] = (
    by_a_flaw, kept, on_its_way, not_told, not_taken_over, order_not_here, changed_there,
)  # fmt: skip


def unknown(facts: PairFacts, clock: Clock) -> Finding:
    """8. Nothing that is known here explains it."""
    said = f"{_gap(facts)} Nothing that is written down here explains it."
    return _finding(facts, clock, Reason.UNKNOWN, said, _began(facts))


def never_told(facts: PairFacts, clock: Clock) -> Finding | None:
    """Return that a number should have been told and never was; before its time, nothing."""
    waiting = facts.waiting
    if waiting is None or (facts.now - waiting.since <= facts.allowance and not waiting.is_held):
        return None
    return not_told(facts, clock)


def by_policy(facts: PairFacts, clock: Clock) -> Finding | None:
    """Return that the channel shows another number than is for sale because the sheet says so."""
    if facts.seen is None or facts.current == facts.for_sale:
        return None
    packs = f"{facts.pack} are in each that it sells" if facts.pack > 1 else ""
    why = "; ".join(each for each in (facts.policy, packs) if each)
    if not why:
        return None
    said = f"{facts.for_sale} are for sale, {facts.channel} shows {facts.current}: {why}."
    found = _finding(facts, clock, Reason.BY_POLICY, said, facts.seen.first_at)
    return Finding(found.reason, said, found.since, facts.for_sale, found.published, found.observed,
                   (facts.current or 0) - facts.for_sale, found.evidence)  # fmt: skip


def _finding(
    facts: PairFacts, clock: Clock, reason: Reason, said: str, since: datetime,
    flaw: Flaw | None = None,
) -> Finding:  # fmt: skip
    delta = (facts.current if facts.current is not None else 0) - facts.wanted
    fix = flaw.fix if flaw and not flaw.is_settled else _FIXES.get(reason, Fix())
    return Finding(
        reason, said, since, facts.wanted, facts.told.units // facts.pack if facts.told else None,
        facts.shown.units if facts.shown else None, delta, _evidence(facts, clock),
        flaw.order_ids if flaw else (), fix,
    )  # fmt: skip


_FIXES: Final = {
    reason: Fix("tell_again")
    for reason in (Reason.NOT_APPLIED, Reason.MANUAL_EDIT, Reason.UNKNOWN, Reason.RECEIPT_LATE)
}


def _evidence(facts: PairFacts, clock: Clock) -> tuple[str, ...]:
    """Return what is known, one sentence each, from the shelf to the channel."""
    begun = f"Replayed from the ledger, {facts.for_sale} of {facts.sku} are for sale"
    said = [f"{begun}; by the sheet {facts.channel} should be told {facts.expected}."]
    if facts.policy:
        said.append(f"Of the sheet this counts: {facts.policy}.")
    if facts.pack > 1:
        said.append(f"It sells packs of {facts.pack}, so it should show {facts.wanted}.")
    if told := facts.told:
        said.append(f"{facts.channel} was last told {told.units}, {clock(told.at)}"
                    f"{', and took it' if told.is_confirmed else ''}.")  # fmt: skip
    else:
        said.append(f"{facts.channel} was never told a number from here.")
    if facts.waiting:
        said.append(f"{facts.waiting.units} waits to be told since {clock(facts.waiting.since)}.")
    if shown := facts.shown:
        said.append(
            f"It showed {shown.units} from {clock(shown.first_at)} to {clock(shown.last_at)}."
        )
    if facts.orders_at:
        said.append(f"Its orders were last fetched {clock(facts.orders_at)}.")
    return tuple(said)


def _gap(facts: PairFacts) -> str:
    off = (facts.current or 0) - facts.wanted
    return f"{facts.channel} shows {abs(off)} too {'many' if off > 0 else 'few'}."


def _began(facts: PairFacts) -> datetime:
    """Return since when it has been wrong, as far as anybody can know."""
    if facts.waiting:
        return facts.waiting.since
    if facts.seen:
        return facts.seen.first_at
    return facts.told.at if facts.told else facts.now


def _within_lag(facts: PairFacts, told_at: datetime) -> bool:
    return facts.seen is not None and facts.seen.last_at < told_at + facts.lag
