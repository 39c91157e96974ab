"""Take orders in: inbox, order, reservation, suggestion, in one write unit.

The work is done for a batch at a time, table by table, because a row at a time through objects
is ten times slower. What one order gets does not depend on its batch: stock is claimed in the
order in which the orders arrive.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from app.domain.cases import CaseDraft
from app.domain.changes import Changes, Touched, counted
from app.domain.delivery import add_working_days
from app.domain.inventory import StockPool
from app.domain.orders import (
    HoldCode,
    IncomingLine,
    IncomingOrder,
    MapperHold,
    content_hash,
)
from app.domain.reservation import Claim, Shortfall
from app.domain.roles import Actor
from app.domain.rulebook.effects import NOTHING_ASKED, Effects
from app.models.bulk import insert_rows
from app.models.exchange import inbox_messages
from app.models.fulfilment import routing_suggestions
from app.models.identity import Identity
from app.models.orders import holds, order_lines, order_notes, order_tags, orders
from app.services import audit, bringing_back, refunding, reserving, revising
from app.services.bringing_back import Returning, is_taken_back
from app.services.cases import open_cases
from app.services.collecting import collector_paused
from app.services.master import codes
from app.services.order_rows import (
    Arrival,
    code_of,
    first_status,
    hold_case,
    hold_row,
    inbox_row,
    line_row,
    order_values,
    reserves_stock,
    shortfall_case,
    still_held,
    unknown_sku,
)
from app.services.planning.router import Routable, Router
from app.services.planning.suggested import places, suggestion_row
from app.services.routing import no_location_case
from app.services.rules import deeds
from app.services.rules.telling import Telling
from app.services.standing_in import NOTHING_BESIDE, Beside, StandIns, Waits

BATCH = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of each order of a batch, by external id, and the holds that were raised.

    ``outcomes`` values are new, updated, changed or unchanged.
    """

    outcomes: dict[str, str]
    lines_new: int
    holds: tuple[tuple[str, str], ...]
    short_lines: int
    reserved_lines: int
    changes: Changes


def take_in(
    db: Connection,
    actor: Actor,
    *,
    arrival: Arrival,
    incoming: Sequence[IncomingOrder],
    now: datetime,
) -> Taken:
    """Store a batch of orders once each; what is known already is compared, never overwritten."""
    with collector_paused():
        return _take_in(db, actor, arrival, incoming, now)


def _take_in(
    db: Connection, actor: Actor, arrival: Arrival, incoming: Sequence[IncomingOrder], now: datetime
) -> Taken:
    first: dict[str, IncomingOrder] = {}
    again = [o for o in incoming if first.setdefault(o.external_id, o) is not o]
    known = revising.known_orders(db, arrival.account_id, first)
    batch = _Batch(db, actor, arrival, now)
    batch.add([order for key, order in first.items() if key not in known])
    batch.bring_back([(known[key].id, o) for key, o in first.items() if _rests(known, key)])
    outcomes = dict.fromkeys(batch.outcomes, "new")
    raised = list(batch.raised)
    old = [o for key, o in first.items() if key in known and not _rests(known, key)]
    if old or again:
        revised = revising.revise(db, actor, arrival=arrival, incoming=[*old, *again], now=now)
        outcomes = {**revised.outcomes, **outcomes}
        raised += revised.holds
    refunding.keep_refunds(db, arrival.account_id, incoming, now=now)
    _record(db, actor, arrival, outcomes, now)
    changes = Changes(
        f"Take in {counted(len(outcomes), 'order')}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(batch.order_ids),
    )
    return Taken(
        outcomes, batch.lines, tuple(raised), batch.short_lines, batch.reserved_lines, changes
    )


def _rests(known: Mapping[str, Any], key: str) -> bool:
    return key in known and is_taken_back(known[key])


def _record(
    db: Connection, actor: Actor, arrival: Arrival, outcomes: dict[str, str], now: datetime
) -> None:
    counts: dict[str, int] = {}
    for outcome in outcomes.values():
        counts[outcome] = counts.get(outcome, 0) + 1
    if set(counts) <= {"unchanged"}:
        return
    audit.record(db, actor, now, audit.Deed("take in orders", arrival.source, after=dict(counts)))


@dataclass(slots=True)
class _Rows:
    """The rows of one batch, table by table."""

    inbox: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    claims: list[tuple[int, int, Claim, int | None]] = field(default_factory=list)
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    cases: list[CaseDraft] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


class _Batch:
    """One batch of new orders on its way into the store."""

    def __init__(self, db: Connection, actor: Actor, arrival: Arrival, now: datetime) -> None:
        self._db, self._actor, self._arrival, self._now = db, actor, arrival, now
        self._rows = _Rows()
        self.outcomes: list[str] = []
        self.order_ids: list[int] = []
        self.raised: list[tuple[str, str]] = []
        self.lines = self.short_lines = self.reserved_lines = 0

    def add(self, incoming: Sequence[IncomingOrder]) -> None:
        """Claim stock for the orders in their order, suggest a location, and write all rows."""
        if not incoming:
            return
        db = self._db
        asked = {code_of(order, line) for order in incoming for line in order.lines}
        self._meant = codes.recognise(db, self._arrival.account_id, asked)
        known = {meant.sku_id for meant in self._meant.values()}
        self._pool: StockPool = reserving.load_pool(db, known)
        self._router = Router(db, self._now)
        self._telling = self._teller(known)
        self._stand_ins = StandIns(db, self._router.policies, self._now)
        self._ids = Identity(
            db, inbox_messages, orders, order_lines, holds, routing_suggestions, order_notes
        )
        for order in incoming:
            self._take(order)
        self._write()

    def _teller(self, sku_ids: Collection[int]) -> Telling | None:
        """Return what tells the rules about orders; nothing where no rules are in force."""
        rules = self._router.rules
        if rules is None:
            return None
        return Telling(self._db, self._now, self._router, sku_ids, rules.runner.reads)

    def bring_back(self, known: Sequence[tuple[int, IncomingOrder]]) -> None:
        """Take orders in again whose import was taken back, under the ids that they have."""
        if not known:
            return
        self._router = Router(self._db, self._now)
        returning = [
            Returning(order_id, order, order.ship_by or self._default_ship_by(order))
            for order_id, order in known
        ]
        self.raised += bringing_back.bring_back(
            self._db, self._actor, self._arrival, returning, self._now
        )
        self.outcomes += [each.order.external_id for each in returning]
        self.order_ids += [each.order_id for each in returning]
        self.lines += sum(len(each.order.lines) for each in returning)

    def _take(self, order: IncomingOrder) -> None:
        order_id = self._ids.take(orders)
        due = order.ship_by or self._default_ship_by(order)
        reserves = reserves_stock(order)
        claims: list[Claim] = []
        problems = still_held(order, self._meant)
        waiting: list[Waits] = []
        first = len(self._rows.lines)
        for position, line in enumerate(order.lines, 1):
            got = self._line(order_id, position, order, line, reserves)
            if isinstance(got, Shortfall):
                waiting.append(self._stand_ins.waits(order.channel, got))
            elif isinstance(got, MapperHold):
                problems.append(got)
            else:
                claims.extend(got)
        asked = self._asked(order, due, self._rows.lines[first:]) if reserves else NOTHING_ASKED
        if asked.deeds.words:
            problems += self._do(order_id, order, due, asked)
        self._hold(order_id, order, problems, due)
        self._short(order_id, order, waiting, due)
        more = self._beside(self._rows.lines[first:], claims, waiting)
        is_routed = self._suggest(order_id, order, claims, due, asked, more)
        self._order(order_id, order, due, bool(problems), bool(waiting), is_routed)
        if asked.deeds.assign:
            self._rows.orders[-1]["assigned_to"] = asked.deeds.assign
        self.outcomes.append(order.external_id)
        self.order_ids.append(order_id)

    def _beside(
        self, rows: Sequence[dict[str, Any]], claims: Sequence[Claim], waiting: Sequence[Waits]
    ) -> Beside:
        """Return what a suggestion tells beside its parcels: of most orders nothing."""
        if not waiting and not self._router.policies.routing.substitutes:
            return NOTHING_BESIDE
        ordered = {row["id"]: row["sku_id"] for row in rows}
        return Beside.of(claims, ordered, waiting, self._pool, self._stand_ins.gives)

    def _asked(
        self, order: IncomingOrder, due: datetime, rows: Sequence[dict[str, Any]]
    ) -> Effects:
        """Return what the rules ask of an order."""
        if self._telling is None or self._router.rules is None:
            return NOTHING_ASKED
        lines = [
            (line, row["sku_id"], row["claim"])
            for line, row in zip(order.lines, rows, strict=True)
            if line.quantity
        ]
        if not lines:
            return NOTHING_ASKED
        facts = self._telling.of_incoming(order, self._arrival.account_id, due, lines)
        return self._router.rules.runner.run(facts)

    def _do(
        self, order_id: int, order: IncomingOrder, due: datetime, asked: Effects
    ) -> list[MapperHold]:
        """Do to a new order what the rules say; return the hold that they ask for."""
        rows, done = self._rows, asked.deeds
        rows.tags += deeds.tag_rows(order_id, done, self._now)
        rows.notes += deeds.note_rows(self._ids, order_id, done, self._now)
        rows.cases += deeds.case_drafts(
            order_id, order.number, order.worth, order.currency, due, done
        )
        return [deeds.rule_hold(done.hold)] if done.hold else []

    def _line(
        self, order_id: int, position: int, order: IncomingOrder, line: IncomingLine, reserves: bool
    ) -> tuple[Claim, ...] | Shortfall | MapperHold:
        """Claim one line's units; an unknown code is a hold."""
        line_id = self._ids.take(order_lines)
        meant = self._meant.get(code_of(order, line))
        got: tuple[Claim, ...] | Shortfall | MapperHold = ()
        state = "none"
        if reserves and line.requires_shipping and line.quantity:
            if meant is None:
                state = "unmapped"
                if line.sku_text:
                    got = unknown_sku(line)
            else:
                units = line.quantity * meant.pack
                got = self._stand_ins.claim(order.channel, line_id, meant.sku_id, units, self._pool)
                state = "short" if isinstance(got, Shortfall) else "reserved"
        self._count(state)
        self._rows.lines.append(line_row(line_id, order_id, position, line, meant, state))
        return got

    def _count(self, state: str) -> None:
        self.lines += 1
        self.short_lines += state == "short"
        self.reserved_lines += state == "reserved"

    def _default_ship_by(self, order: IncomingOrder) -> datetime:
        days = self._router.policies.channel(order.channel).handling_days
        placed = order.placed_at
        return placed + timedelta(days=(add_working_days(placed.date(), days) - placed.date()).days)

    def _hold(
        self,
        order_id: int,
        order: IncomingOrder,
        problems: Sequence[MapperHold],
        due: datetime,
    ) -> None:
        seen: set[HoldCode] = set()
        for problem in problems:
            if problem.code in seen:
                continue
            seen.add(problem.code)
            self._rows.holds.append(
                hold_row(self._ids.take(holds), order_id, problem, self._actor.name, self._now)
            )
            self._rows.cases.append(hold_case(order_id, order, problem, due))
            self.raised.append((order.number, problem.code))

    def _short(
        self,
        order_id: int,
        order: IncomingOrder,
        waiting: Sequence[Waits],
        due: datetime,
    ) -> None:
        if waiting:
            self._rows.cases.append(shortfall_case(order_id, order.number, order.worth,
                                                   order.currency, waiting, due))  # fmt: skip

    def _suggest(
        self,
        order_id: int,
        order: IncomingOrder,
        claims: list[Claim],
        due: datetime,
        asked: Effects,
        beside: Beside,
    ) -> bool:
        account = self._arrival.account_id
        if not claims and not asked.deeds.words:
            return False
        wanted = Routable(
            order_id, order.channel, order.ship_to.postcode, order.ship_to.country,
            order.service, due, order.deliver_by, order.worth, beside.follows,
        )  # fmt: skip
        answer = self._router.suggest(wanted, claims, self._pool, asked)
        at = places(answer)
        rows = self._rows
        rows.claims.extend((order_id, account, each, at.get(each)) for each in claims)
        kept = suggestion_row(
            self._ids.take(routing_suggestions), wanted, answer, self._router, asked,
            frozenset(asked.deeds.words), beside,
        )  # fmt: skip
        rows.suggestions.append(kept)
        if claims and not answer.is_complete:
            rows.cases.append(
                no_location_case(order_id, order.number, order.worth, order.currency, due)
            )
        return answer.is_complete

    def _order(
        self,
        order_id: int,
        order: IncomingOrder,
        due: datetime,
        is_held: bool,
        is_short: bool,
        is_routed: bool,
    ) -> None:
        fingerprint = content_hash(order)
        inbox_id = self._ids.take(inbox_messages)
        self._rows.inbox.append(
            inbox_row(inbox_id, self._arrival, order, fingerprint, "new", self._now)
        )
        self._rows.orders.append(
            {
                **order_values(order),
                "id": order_id,
                "account_id": self._arrival.account_id,
                "status": first_status(order),
                "is_held": is_held,
                "is_short": is_short,
                "is_routed": is_routed,
                "ship_by": due,
                "content_hash": fingerprint,
                "changed_hash": None,
                "inbox_id": inbox_id,
                "assigned_to": None,
                "taken_in_at": self._now,
                "updated_at": self._now,
            }
        )

    def _write(self) -> None:
        db, rows = self._db, self._rows
        for table, values in (
            (inbox_messages, rows.inbox),
            (orders, rows.orders),
            (order_lines, rows.lines),
            (holds, rows.holds),
            (routing_suggestions, rows.suggestions),
            (order_tags, rows.tags),
            (order_notes, rows.notes),
        ):
            if values:
                insert_rows(db, table, values)
        origin = reserving.origin_of(self._actor.name, self._arrival.source, self._now)
        reserving.write_claims(db, rows.claims, origin)
        open_cases(db, rows.cases, now=self._now)
