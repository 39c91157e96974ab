"""Hold what was paid against what was sold, and keep what differs until it fits or somebody accepts it.

What is found is kept as rows, so that cases, the page and the command line say the same; each row is
judged anew whenever lines or orders changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.payouts.judging import Finding, Trouble, judge
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError
from app.models import payout_facts
from app.models.identity import Identity
from app.models.payouts import payout_findings, payout_lines, payouts
from app.models.sets import among
from app.services import audit
from app.services.payouts import facts
from app.services.payouts.linking import link_orders

TOUCHED: Final = Touched.ORDERS | Touched.CASES | Touched.FILES
_found, _line = payout_findings.c, payout_lines.c


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about, and in whose account."""

    account_id: int
    currency: str
    order_id: int | None = None
    payout_id: int | None = None

    @property
    def name(self) -> str:
        """How it is known among findings."""
        return f"order:{self.order_id}" if self.order_id else f"payout:{self.payout_id}"


Judged = dict[tuple[str, str, str], tuple[Subject, Finding]]


def check_payouts(db: Connection, actor: Actor, *, now: datetime) -> Changes:
    """Hold everything that was paid against the orders again."""
    actor.must(Permission.WORK)
    link_orders(db)
    accounts = db.execute(select(payouts.c.account_id).distinct()).scalars().all()
    for account_id in accounts:
        facts.learn_fees(db, account_id)
    before = _open_ids(db)
    mentioned = select(_line.order_id).where(_line.order_id.is_not(None), _line.is_live).distinct()
    look_at(db, db.execute(mentioned).scalars().all(),
            db.execute(select(payouts.c.id)).scalars().all(), now=now)  # fmt: skip
    after = _open_ids(db)
    return Changes("Check the payouts", TOUCHED if before != after else Touched.NOTHING,
                   tuple(sorted(after)))  # fmt: skip


def look_at(
    db: Connection, order_ids: Iterable[int], payout_ids: Sequence[int], *, now: datetime
) -> None:
    """Judge some orders and payouts, and which orders no payout pays for."""
    orders_ = sorted(set(order_ids))
    judged = {**judge_orders(db, orders_), **judge_payouts(db, payout_ids), **judge_unpaid(db)}
    names = [*(f"order:{each}" for each in orders_), *(f"payout:{each}" for each in payout_ids)]
    _keep(db, judged, names, now)


def judge_orders(db: Connection, order_ids: Sequence[int]) -> Judged:
    """Return what is wrong with what was paid for orders."""
    rules, accounts = facts.fee_rules(db), _accounts(db, order_ids)
    sold, booked = payout_facts.sold(db, order_ids), payout_facts.booked(db, order_ids)
    judged: Judged = {}
    for order_id, order in sold.items():
        account_id = accounts.get(order_id)
        if account_id is None:
            continue
        about = Subject(account_id, order.currency, order_id=order_id)
        for finding in judge(order, booked.get(order_id, ()), rules.get(account_id, ())):
            judged[finding.trouble.value, about.name, finding.label] = (about, finding)
    return judged


def judge_payouts(db: Connection, payout_ids: Sequence[int]) -> Judged:
    """Return the payouts whose lines are not what went to the bank."""
    judged: Judged = {}
    for row in facts.sums(db, payout_ids):
        if row.paid != row.lines:
            about = Subject(row.account_id, row.currency, payout_id=row.id)
            finding = Finding(Trouble.PAYOUT, int(row.lines), int(row.paid))
            judged[Trouble.PAYOUT.value, about.name, ""] = (about, finding)
    return judged


def judge_unpaid(db: Connection) -> Judged:
    """Return the orders that no payout pays for."""
    rows = facts.unpaid(db)
    worth = payout_facts.sold(db, [row.id for row in rows])
    judged: Judged = {}
    for row in rows:
        expected = worth[row.id].without_tax
        if expected > 0:  # a replacement is sent for nothing
            about = Subject(row.account_id, row.currency, order_id=row.id)
            judged[Trouble.UNPAID.value, about.name, ""] = (
                about, Finding(Trouble.UNPAID, expected, 0)
            )  # fmt: skip
    return judged


def _accounts(db: Connection, order_ids: Sequence[int]) -> dict[int, int]:
    """Return in which account each order was paid."""
    query = (
        select(_line.order_id, _line.account_id)
        .where(among(_line.order_id, "orders"), _line.is_live)
        .distinct()
    )
    return {row.order_id: row.account_id for row in db.execute(query, {"orders": list(order_ids)})}


# ---- keeping ------------------------------------------------------------------------------------


def _keep(db: Connection, judged: Judged, looked_at: Sequence[str], now: datetime) -> None:
    """Write what is new or different; what was looked at and fits now has gone."""
    wanted = [*looked_at, *(about.name for about, _finding in judged.values())]
    query = select(payout_findings).where(
        or_(among(_found.subject, "subjects"), _found.trouble == Trouble.UNPAID.value)
    )
    known = {
        (row.trouble, row.subject, row.label): row
        for row in db.execute(query, {"subjects": sorted(set(wanted))})
    }
    ids = Identity(db, payout_findings)
    for key, (about, finding) in judged.items():
        row = known.pop(key, None)
        if row is None:
            values = _new(ids.take(payout_findings), about, finding, now)
            db.execute(payout_findings.insert(), [values])
        elif row.state == "gone" or (row.expected, row.actual) != (
            finding.expected,
            finding.actual,
        ):
            _write(db, row.id, expected=finding.expected, actual=finding.actual, state="open",
                   found_at=now, settled_at=None, settled_by="", reason="")  # fmt: skip
    for row in known.values():
        if row.state != "gone":
            _write(db, row.id, state="gone", settled_at=now)


def _new(key: int, about: Subject, finding: Finding, now: datetime) -> dict[str, Any]:
    return {
        "id": key, "trouble": finding.trouble.value, "subject": about.name, "label": finding.label,
        "account_id": about.account_id, "order_id": about.order_id, "payout_id": about.payout_id,
        "expected": finding.expected, "actual": finding.actual, "currency": about.currency,
        "state": "open", "found_at": now, "settled_at": None, "settled_by": "", "reason": "",
    }  # fmt: skip


def _write(db: Connection, key: int, **values: Any) -> None:
    db.execute(payout_findings.update().where(_found.id == key).values(**values))


def _open_ids(db: Connection) -> set[int]:
    return set(db.execute(select(_found.id).where(_found.state == "open")).scalars())


# ---- accepting ----------------------------------------------------------------------------------


def accept_payout_findings(
    db: Connection, actor: Actor, *, finding_ids: Sequence[int], reason: str, now: datetime
) -> Changes:
    """Say that something is right as it was paid; it is asked about again once its amount changes.

    Raises:
        NotFoundError: none of it is open.
    """
    return _turn(db, actor, finding_ids, "open", "accepted", reason, now)


def reopen_payout_findings(
    db: Connection, actor: Actor, *, finding_ids: Sequence[int], now: datetime
) -> Changes:
    """Ask about accepted differences again.

    Raises:
        NotFoundError: none of it is accepted.
    """
    return _turn(db, actor, finding_ids, "accepted", "open", "", now)


def _turn(
    db: Connection, actor: Actor, finding_ids: Sequence[int], was: str, becomes: str, why: str,
    now: datetime,
) -> Changes:  # fmt: skip
    actor.must(Permission.WORK)
    query = (
        select(_found.id).where(among(_found.id, "rows"), _found.state == was).order_by(_found.id)
    )
    ids = list(db.execute(query, {"rows": list(finding_ids)}).scalars())
    if not ids:
        raise NotFoundError("None of these differences is like that any more; nothing was changed.",
                            "Look at the payouts again.")  # fmt: skip
    is_accepted = becomes == "accepted"
    for key in ids:
        _write(db, key, state=becomes, settled_at=now if is_accepted else None,
               settled_by=actor.name if is_accepted else "", reason=why)  # fmt: skip
    verb = "Accept" if is_accepted else "Ask again about"
    deed = audit.Deed(f"{verb.lower()} payout differences", f"payout finding:{ids[0]}", why,
                      after={"rows": len(ids)})  # fmt: skip
    audit.record(db, actor, now, deed)
    left = len(set(finding_ids)) - len(ids)
    skipped = (Skipped(counted(left, "difference"), "it has changed meanwhile"),) if left else ()
    opposite = "reopen_payout_findings" if is_accepted else ""
    undo = Undo(opposite, {"finding_ids": ids}, subjects="finding_ids") if opposite else None
    return Changes(
        f"{verb} {counted(len(ids), 'payout difference')}", TOUCHED, tuple(ids), skipped, undo
    )
