"""Promise money for units that came back, say that it was given, deny it; where the goods are is not
asked again, except that nothing is promised before the channel's rule says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.returning import owed
from app.domain.returning.custody import Custody
from app.domain.returning.owed import Earliest, Settling, may_promise, shared
from app.domain.roles import SYSTEM, Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.bulk import insert_rows
from app.models.identity import Identity
from app.models.returns import refund_shares, refunds
from app.services import audit
from app.services.returning import units
from app.services.returning.policy import in_force
from app.services.returning.units import Taken

TOUCHED = Touched.SHIPMENTS | Touched.ORDERS | Touched.CASES
_FIRST = {
    Earliest.RECEIVED: "it is here",
    Earliest.INSPECTED: "somebody has looked at it",
    Earliest.ANNOUNCED: "it is announced",
}


def promise_refund(
    db: Connection, actor: Actor, *, unit_ids: Sequence[int], amount: int | None = None,
    reason: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Promise money for units: all that is left of what was paid, or an amount shared out over them.

    Raises:
        RefusedError: more than was paid, or too early by the channel's rule.
    """
    actor.must(Permission.REFUND)
    rows = units.units(db, unit_ids)
    row = _one_return(rows)
    _must_be_far_enough(db, rows)
    left = [units.account_of(each).left for each in rows]
    total = sum(left) if amount is None else amount
    for each in rows:
        owed.settle(units.account_of(each), Settling.PROMISE, units.account_of(each).left)
    shares = [(each, share) for each, share in zip(rows, shared(total, left), strict=True) if share]
    refund_id = write_refund(
        db, actor, row.order_id, total, row.currency, reason, now=now, return_id=row.return_id
    )
    _share_out(db, refund_id, shares)
    _settle(db, actor, shares, Settling.PROMISE, reason, now)
    return Changes(
        f"Promise a refund for {row.number}", TOUCHED, (refund_id,),
        undo=Undo("withdraw_refund", {"refund_id": refund_id, "reason": "Taken back."}),
    )  # fmt: skip


def pay_refund(db: Connection, actor: Actor, *, refund_id: int, now: datetime) -> Changes:
    """Say that the money was given: by hand on the channel's pages, or as the channel tells.

    Raises:
        RefusedError: it was given or withdrawn before.
    """
    actor.must(Permission.REFUND)
    row = refund(db, refund_id, "due")
    _set(db, refund_id, state="paid", paid_at=now)
    _settle(db, actor, _shares(db, refund_id), Settling.PAY, "", now)
    _record(db, actor, "pay refund", row, "", now)
    return Changes("Mark the refund as given", TOUCHED, (refund_id,),
                   undo=Undo("take_back_payment", {"refund_id": refund_id}))  # fmt: skip


def told_by_channel(db: Connection, told: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Settle what was promised by what a channel says it gave: the same amount of the same order.

    Such money is counted once from then on. What fits no promise is the channel's own.
    """
    table = refunds.c
    for each in told:
        query = select(refunds).where(
            table.order_id == each["order_id"], table.amount == each["amount"],
            table.order_refund_id.is_(None), table.state.in_(("due", "paid")),
        )  # fmt: skip
        mine = db.execute(query.order_by(table.state == "paid", table.id)).first()
        if mine is None:
            continue
        if mine.state == "due":
            pay_refund(db, SYSTEM, refund_id=mine.id, now=now)
        _set(db, mine.id, order_refund_id=each["id"])


def take_back_payment(db: Connection, actor: Actor, *, refund_id: int, now: datetime) -> Changes:
    """Say that the money was not given after all; it is still promised.

    Raises:
        RefusedError: the channel itself says that it was given.
    """
    actor.must(Permission.REFUND)
    row = refund(db, refund_id, "paid")
    if row.order_refund_id is not None:
        raise RefusedError("The channel says that this money was given; nothing was changed.",
                           "Ask the channel if that is wrong.")  # fmt: skip
    _set(db, refund_id, state="due", paid_at=None)
    _settle(db, actor, _shares(db, refund_id), Settling.TAKE_BACK, "Taken back.", now)
    _record(db, actor, "take back payment", row, "", now)
    return Changes("The refund is still to be given", TOUCHED, (refund_id,))


def withdraw_refund(
    db: Connection, actor: Actor, *, refund_id: int, reason: str, now: datetime
) -> Changes:
    """Promise the money no longer, as long as it was not given.

    Raises:
        RefusedError: it was given or withdrawn before.
    """
    actor.must(Permission.REFUND)
    row = refund(db, refund_id, "due")
    _set(db, refund_id, state="withdrawn")
    _settle(db, actor, _shares(db, refund_id), Settling.WITHDRAW, reason, now)
    _record(db, actor, "withdraw refund", row, reason, now)
    return Changes("Withdraw the refund", TOUCHED, (refund_id,))


def deny_refund(
    db: Connection, actor: Actor, *, unit_ids: Sequence[int], reason: str, now: datetime
) -> Changes:
    """Decide that nothing (more) is given for units.

    Raises:
        RefusedError: no reason, or money is promised for one of them.
    """
    actor.must(Permission.REFUND)
    if not reason.strip():
        raise RefusedError("Denying a refund needs a reason; nothing was changed.",
                           "Say in a few words why.")  # fmt: skip
    rows = units.units(db, unit_ids)
    _settle(db, actor, [(row, 0) for row in rows], Settling.DENY, reason, now)
    return Changes(f"Give no money for {counted(len(rows), 'unit')}", TOUCHED, tuple(unit_ids),
                   undo=Undo("reconsider_refund", {"unit_ids": list(unit_ids)}, "unit_ids"))  # fmt: skip


def reconsider_refund(
    db: Connection, actor: Actor, *, unit_ids: Sequence[int], now: datetime
) -> Changes:
    """Leave open again whether money is given.

    Raises:
        RefusedError: it was not denied.
    """
    actor.must(Permission.REFUND)
    rows = units.units(db, unit_ids)
    _settle(db, actor, [(row, 0) for row in rows], Settling.RECONSIDER, "", now)
    return Changes(f"Leave the money for {counted(len(rows), 'unit')} open", TOUCHED,
                   tuple(unit_ids))  # fmt: skip


def write_refund(
    db: Connection, actor: Actor, order_id: int, amount: int, currency: str, reason: str, *,
    now: datetime, return_id: int | None = None,
) -> int:  # fmt: skip
    """Write down money that is owed to a customer; return the id of the refund."""
    if amount <= 0:
        raise RefusedError("A refund is an amount above 0; nothing was changed.",
                           "Choose what the customer gets.")  # fmt: skip
    refund_id = Identity(db, refunds).take(refunds)
    row = {
        "id": refund_id, "order_id": order_id, "return_id": return_id, "amount": amount,
        "currency": currency, "state": "due", "way": "by_hand", "reason": reason.strip(),
        "promised_by": actor.name, "promised_at": now,
    }  # fmt: skip
    insert_rows(db, refunds, [row])
    after = {"refund": refund_id, "amount": amount, "currency": currency}
    audit.record(db, actor, now, audit.Deed("promise refund", f"order:{order_id}", reason,
                                            after=after))  # fmt: skip
    return refund_id


def refund(db: Connection, refund_id: int, state: str) -> Any:
    """Return a refund that must be in this state.

    Raises:
        NotFoundError: there is none.
        RefusedError: it is in another state.
    """
    row = db.execute(select(refunds).where(refunds.c.id == refund_id)).first()
    if row is None:
        raise NotFoundError("There is no such refund; nothing was changed.",
                            "Look at the order again.")  # fmt: skip
    if row.state != state:
        raise RefusedError(f"The refund is {STATES[row.state]}; nothing was changed.",
                           "Look at the order again.")  # fmt: skip
    return row


STATES = {"due": "promised and not given yet", "paid": "given already", "withdrawn": "withdrawn"}


def _one_return(rows: Sequence[Any]) -> Any:
    if len({row.return_id for row in rows}) != 1 or rows[0].order_id is None:
        raise RefusedError(
            "Money is given for the units of one return whose order is known; nothing was changed.",
            "Find out whose parcel it is first.",
        )
    return rows[0]


def _must_be_far_enough(db: Connection, rows: Sequence[Any]) -> None:
    rule = in_force(db).of(rows[0].channel)
    early = [row for row in rows if not may_promise(rule.earliest, Custody(row.custody))]
    if early:
        raise RefusedError(
            f"Your rule for this channel gives money back only when {_FIRST[rule.earliest]}; "
            "nothing was changed.", "Receive and inspect it first, or change the return policy.",
        )  # fmt: skip


def _share_out(db: Connection, refund_id: int, shares: Sequence[tuple[Any, int]]) -> None:
    rows = [{"refund_id": refund_id, "unit_id": row.id, "amount": share} for row, share in shares]
    insert_rows(db, refund_shares, rows)


def _shares(db: Connection, refund_id: int) -> list[tuple[Any, int]]:
    """Return the units that a refund is for, with what each gets; none for money of another kind."""
    query = select(refund_shares).where(refund_shares.c.refund_id == refund_id)
    given = {row.unit_id: row.amount for row in db.execute(query)}
    return [(row, given[row.id]) for row in units.units(db, given)] if given else []


def _settle(
    db: Connection, actor: Actor, shares: Sequence[tuple[Any, int]], settling: Settling, reason: str,
    now: datetime,
) -> None:  # fmt: skip
    taken: list[Taken] = []
    accounts: list[tuple[int, owed.Account]] = []
    for row, share in shares:
        before = units.account_of(row)
        after = owed.settle(before, settling, share)
        taken.append(units.money_step(row, settling, share, before, after, now))
        accounts.append((row.id, after))
    if taken:
        units.pay_into(db, accounts)
        units.write(db, actor, taken, reason=reason, now=now)


def _set(db: Connection, refund_id: int, **values: object) -> None:
    db.execute(refunds.update().where(refunds.c.id == refund_id).values(**values))


def _record(
    db: Connection, actor: Actor, action: str, row: Any, reason: str, now: datetime
) -> None:
    after = {"refund": row.id, "amount": row.amount, "currency": row.currency}
    deed = audit.Deed(action, f"order:{row.order_id}", reason, {"state": row.state}, after)
    audit.record(db, actor, now, deed)
