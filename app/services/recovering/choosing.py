"""Choose how a parcel is made good, with what it costs written down; and take that back again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Touched, Undo
from app.domain.orders import OrderStatus
from app.domain.recovering.claims import CLAIMABLE
from app.domain.recovering.matrix import (
    SITUATIONS,
    Offer,
    OfferKind,
    Situation,
    read_matrix,
)
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.bulk import insert_rows
from app.models.identity import Identity
from app.models.orders import orders
from app.models.returns import recoveries
from app.services import audit, cancelling
from app.services.cases import resolve_cases
from app.services.policy_versions import refuse_overtaken, write_policy
from app.services.recovering import claiming, replacing, weighing
from app.services.recovering.weighing import MATRIX, Weighed
from app.services.returning import paying

TOUCHED = Touched.ORDERS | Touched.STOCK | Touched.SHIPMENTS | Touched.CASES
_LABELS = {
    OfferKind.WAIT: "Wait for the parcel of order {number}",
    OfferKind.RESHIP: "Send order {number} again",
    OfferKind.REFUND: "Promise the money of order {number}",
    OfferKind.PARTIAL: "Promise a part of the money of order {number}",
}
_SAID = {
    OfferKind.WAIT: "wait until {day}",
    OfferKind.RESHIP: "send it again",
    OfferKind.REFUND: "give the money back",
    OfferKind.PARTIAL: "give a part of the money back",
}


def recover(
    db: Connection, actor: Actor, *, shipment_id: int, situation: str, kind: str,
    amount: int | None = None, wait_until: datetime | None = None, reason: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Make a parcel good in one of the ways that the matrix offers, at its price or another.

    Sending again opens an order of its own; giving money back promises it; and what its carrier can be
    asked for is claimed. The cases about the parcel close.

    Raises:
        RefusedError: the matrix does not offer that here, it cannot be done, or it was done already.
    """
    actor.must(Permission.WORK if kind == OfferKind.WAIT else Permission.REFUND)
    _must_be_known(situation, kind)
    row = weighing.parcel_row(db, shipment_id)
    _end_what_was_before(db, shipment_id, now)
    found = weighing.weigh(db, shipment_id, situation, now=now)
    offer = _offered(found, OfferKind(kind))
    values = _carry_out(db, actor, row, offer, found, amount, wait_until, reason, now)
    recovery_id = _write(db, actor, row, found, offer, values, reason, now)
    if Situation(situation) in CLAIMABLE and offer.kind is not OfferKind.WAIT:
        claiming.open_for(db, actor, row, Situation(situation), found.parcel.value, now=now)
    words = _SAID[offer.kind].format(day=f"{(values['wait_until'] or now):%Y-%m-%d}")
    resolve_cases(db, list(CaseKind), "shipment", [shipment_id],
                  resolution=f"Decided to {words}.", now=now)  # fmt: skip
    return Changes(
        _LABELS[offer.kind].format(number=row.number), TOUCHED, (recovery_id,),
        undo=Undo("withdraw_recovery", {"recovery_id": recovery_id, "reason": "Taken back."}),
    )  # fmt: skip


def withdraw_recovery(
    db: Connection, actor: Actor, *, recovery_id: int, reason: str, now: datetime
) -> Changes:
    """Take a way back that was chosen, as long as nothing of it has left the house.

    Raises:
        RefusedError: the replacement has shipped, or the money was given.
    """
    row = db.execute(select(recoveries).where(recoveries.c.id == recovery_id)).first()
    only_waits = row is not None and row.kind == OfferKind.WAIT
    actor.must(Permission.WORK if only_waits else Permission.REFUND)
    if row is None or row.state != "live":
        raise NotFoundError("That was taken back already, or never chosen; nothing was changed.",
                            "Look at the parcel again.")  # fmt: skip
    if row.replacement_order_id is not None:
        _cancel_replacement(db, actor, row.replacement_order_id, reason, now)
    if row.refund_id is not None:
        paying.withdraw_refund(db, actor, refund_id=row.refund_id, reason=reason, now=now)
    _end(db, row.id, "withdrawn", now)
    claiming.drop_unfiled(db, actor, row.shipment_id, now=now)
    _record(db, actor, "withdraw recovery", row.order_id, reason, {"recovery": row.id}, now)
    return Changes("Take the decision about the parcel back", TOUCHED, (row.id,))


def save_recovery_matrix(
    db: Connection, actor: Actor, *, rows: list[dict[str, Any]], based_on: int | None = None,
    reason: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Write a new version of the matrix, if it says anything new.

    Raises:
        RefusedError: it cannot be understood, or somebody else has changed it meanwhile.
    """
    actor.must(Permission.ADMINISTER)
    try:
        read_matrix(0, rows)
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError("The matrix cannot be read like this; nothing was changed.",
                           "Take the one that is in force and change single rows.") from error  # fmt: skip
    refuse_overtaken(db, MATRIX, based_on, "recovery matrix")
    before = weighing.stored(db)[1]
    if rows == before:
        return Changes("Change the recovery matrix", Touched.NOTHING)
    version = write_policy(
        db, actor, MATRIX, rows, "change recovery policy", reason=reason, now=now
    )
    back = {"rows": before, "based_on": version, "reason": "Taken back."}
    return Changes("Change the recovery matrix", Touched.SETTINGS, (version,),
                   undo=Undo("save_recovery_matrix", back, subjects=""))  # fmt: skip


def _must_be_known(situation: str, kind: str) -> None:
    if situation not in set(Situation) or kind not in set(OfferKind):
        raise RefusedError(
            f"A parcel that is “{situation}” cannot be made good by “{kind}”; nothing was changed.",
            f"Situations: {', '.join(SITUATIONS)}. Ways: {', '.join(OfferKind)}.",
        )


def _end_what_was_before(db: Connection, shipment_id: int, now: datetime) -> None:
    """Let waiting end; anything else that counts is in the way.

    Raises:
        RefusedError: the parcel was made good already.
    """
    live = weighing.live_recovery(db, shipment_id)
    if live is None:
        return
    if live.kind == OfferKind.WAIT:
        _end(db, live.id, "ended", now)
        return
    status = db.execute(
        select(orders.c.status).where(orders.c.id == live.replacement_order_id)
    ).scalar()
    if status == OrderStatus.CANCELLED:
        _end(db, live.id, "withdrawn", now)
        return
    raise RefusedError("This parcel was made good already; nothing was changed.",
                       "Take that back first, if it was wrong.")  # fmt: skip


def _offered(found: Weighed, kind: OfferKind) -> Offer:
    offer = next((each for each in found.offers if each.kind is kind), None)
    if offer is None:
        raise RefusedError("Your matrix does not offer that for this parcel; nothing was changed.",
                           "Choose one of the ways that it offers, or change the matrix.")  # fmt: skip
    if offer.why_not:
        raise RefusedError(f"That cannot be done: {offer.why_not}. Nothing was changed.",
                           "Choose another way out.")  # fmt: skip
    return offer


def _carry_out(
    db: Connection, actor: Actor, row: Any, offer: Offer, found: Weighed, amount: int | None,
    wait_until: datetime | None, reason: str, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Do what was chosen, and return what it wrote."""
    done: dict[str, Any] = {
        "wait_until": None, "replacement_order_id": None, "refund_id": None, "refund_cost": 0,
        "goods_cost": 0, "postage_cost": 0,
    }  # fmt: skip
    if offer.kind is OfferKind.WAIT:
        return {**done, "wait_until": wait_until or offer.wait_until}
    if offer.kind is OfferKind.RESHIP:
        packed = weighing.contents(db, row.shipment_id)
        order_id = replacing.send_again(db, actor, row, packed, now=now)
        return {**done, "replacement_order_id": order_id, "goods_cost": offer.goods_cost,
                "postage_cost": offer.postage_cost}  # fmt: skip
    given = offer.refund if amount is None else amount
    if given > found.parcel.value - found.parcel.given_back:
        raise RefusedError("No more can be given back than was paid; nothing was changed.",
                           "Choose a smaller amount.")  # fmt: skip
    refund_id = paying.write_refund(
        db, actor, row.order_id, given, row.currency, reason or "A parcel went wrong.", now=now
    )
    return {**done, "refund_id": refund_id, "refund_cost": given}


def _write(
    db: Connection, actor: Actor, row: Any, found: Weighed, offer: Offer, values: dict[str, Any],
    reason: str, now: datetime,
) -> int:  # fmt: skip
    recovery_id = Identity(db, recoveries).take(recoveries)
    new = {
        "id": recovery_id, "order_id": row.order_id, "shipment_id": row.shipment_id,
        "situation": found.parcel.situation, "kind": offer.kind, "state": "live",
        "policy_version": found.matrix_version, "currency": row.currency,
        "reason": reason.strip(), "chosen_by": actor.name, "chosen_at": now, "ended_at": None, **values,
    }  # fmt: skip
    insert_rows(db, recoveries, [new])
    after = {"recovery": recovery_id, "kind": offer.kind.value, "situation": found.parcel.situation.value,
             "cost": values["goods_cost"] + values["postage_cost"] + values["refund_cost"]}  # fmt: skip
    _record(db, actor, "recover", row.order_id, reason, after, now)
    return recovery_id


def _cancel_replacement(
    db: Connection, actor: Actor, order_id: int, reason: str, now: datetime
) -> None:
    row = db.execute(select(orders.c.status).where(orders.c.id == order_id)).one()
    if row.status == OrderStatus.CANCELLED:
        return
    done = cancelling.cancel_orders(
        db, actor, [order_id], reason=reason, now=now, tell_channel=False
    )
    if done.skipped:
        raise RefusedError("What replaces it has left already; nothing was changed.",
                           "Take its shipment back first, if it did not leave.")  # fmt: skip


def _end(db: Connection, recovery_id: int, state: str, now: datetime) -> None:
    db.execute(
        recoveries.update().where(recoveries.c.id == recovery_id).values(state=state, ended_at=now)
    )


def _record(
    db: Connection, actor: Actor, action: str, order_id: int, reason: str,
    after: dict[str, object], now: datetime,
) -> None:  # fmt: skip
    audit.record(db, actor, now, audit.Deed(action, f"order:{order_id}", reason, after=after))
