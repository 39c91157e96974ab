"""Ask a carrier to pay for a parcel that it lost or broke: open, filed, paid or refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.recovering.claims import rule_for
from app.domain.recovering.matrix import Situation
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.bulk import insert_rows
from app.models.identity import Identity
from app.models.returns import carrier_claims
from app.services import audit
from app.services.recovering import weighing

_TOUCHED = Touched.SHIPMENTS | Touched.ORDERS | Touched.CASES
_STATES = {"open": "not filed yet", "filed": "filed", "paid": "paid", "refused": "refused",
           "dropped": "dropped"}  # fmt: skip


def open_claim(
    db: Connection, actor: Actor, *, shipment_id: int, situation: str, amount: int | None = None,
    now: datetime,
) -> Changes:  # fmt: skip
    """Put a parcel on the list of what is claimed of its carrier, with the day by which.

    Raises:
        RefusedError: it is claimed already, or its carrier takes no claim for that.
    """
    actor.must(Permission.WORK)
    row = weighing.parcel_row(db, shipment_id)
    worth = sum(each.value for each in weighing.contents(db, shipment_id))
    if situation not in set(Situation):
        raise RefusedError(f"“{situation}” is nothing to claim for; nothing was changed.",
                           f"Choose one of: {', '.join(Situation)}.")  # fmt: skip
    claim_id = open_for(
        db, actor, row, Situation(situation), worth if amount is None else amount, now=now
    )
    if claim_id is None:
        raise RefusedError(
            f"This parcel is claimed of {row.carrier} already, or it is too late for that; nothing was "
            "changed.", "Look at its claim, and at when it left.",
        )  # fmt: skip
    return Changes(f"Claim {row.tracking_number} of {row.carrier}", _TOUCHED, (claim_id,),
                   undo=Undo("drop_claim", {"claim_id": claim_id, "reason": "Taken back."}))  # fmt: skip


def open_for(
    db: Connection, actor: Actor, row: Any, situation: Situation, amount: int, *, now: datetime
) -> int | None:
    """Open the claim of a parcel unless there is one, or its time is over; return its id."""
    table = carrier_claims.c
    live = (table.shipment_id == row.shipment_id) & (table.state != "dropped")
    rule = rule_for(row.carrier)
    is_over = rule.due_at(row.shipped_at) < now
    if amount <= 0 or is_over or db.execute(select(table.id).where(live)).first():
        return None
    claim_id = Identity(db, carrier_claims).take(carrier_claims)
    new = {
        "id": claim_id, "shipment_id": row.shipment_id, "order_id": row.order_id,
        "carrier": row.carrier, "situation": situation, "amount": amount, "currency": row.currency,
        "state": "open", "opens_at": rule.opens_at(row.shipped_at, situation),
        "due_at": rule.due_at(row.shipped_at), "opened_by": actor.name, "opened_at": now,
    }  # fmt: skip
    insert_rows(db, carrier_claims, [new])
    _record(db, actor, "open claim", row.order_id, "", {"claim": claim_id, "amount": amount}, now)
    return claim_id


def file_claim(
    db: Connection, actor: Actor, *, claim_id: int, reference: str = "", now: datetime
) -> Changes:
    """Say that the claim was handed in, under which number of the carrier's.

    Raises:
        RefusedError: it is not open.
    """
    actor.must(Permission.WORK)
    row = claim(db, claim_id, "open")
    _set(db, claim_id, state="filed", reference=reference.strip(), filed_at=now)
    _record(db, actor, "file claim", row.order_id, "", {"claim": claim_id}, now)
    return Changes(f"Note that {row.carrier} has the claim", _TOUCHED, (claim_id,),
                   undo=Undo("take_back_claim", {"claim_id": claim_id}))  # fmt: skip


def take_back_claim(db: Connection, actor: Actor, *, claim_id: int, now: datetime) -> Changes:
    """Say that the claim was not handed in or not answered after all.

    Raises:
        NotFoundError: there is no such claim.
    """
    actor.must(Permission.WORK)
    row = claim(db, claim_id)
    before = {"filed": "open", "paid": "filed", "refused": "filed"}.get(row.state)
    if before is None:
        raise RefusedError(f"The claim is {_STATES[row.state]}; nothing was changed.",
                           "There is nothing to take back.")  # fmt: skip
    filed_at = None if before == "open" else row.filed_at
    _set(db, claim_id, state=before, filed_at=filed_at, answered_at=None, paid=0)
    _record(db, actor, "take back claim", row.order_id, "", {"claim": claim_id}, now)
    return Changes("Take the last step of the claim back", _TOUCHED, (claim_id,))


def answer_claim(
    db: Connection, actor: Actor, *, claim_id: int, paid: int, note: str = "", now: datetime
) -> Changes:
    """Write down what the carrier paid; nothing means that it refused.

    Raises:
        RefusedError: it was not filed, or more was paid than was claimed.
    """
    actor.must(Permission.WORK)
    row = claim(db, claim_id, "filed")
    if not 0 <= paid <= row.amount:
        raise RefusedError("A carrier pays between nothing and what was claimed; nothing was changed.",
                           "Look at the amount again.")  # fmt: skip
    state = "paid" if paid else "refused"
    _set(db, claim_id, state=state, paid=paid, note=note.strip(), answered_at=now)
    _record(db, actor, "answer claim", row.order_id, note, {"claim": claim_id, "paid": paid}, now)
    return Changes(f"{row.carrier} {'pays' if paid else 'refuses'}", _TOUCHED, (claim_id,),
                   undo=Undo("take_back_claim", {"claim_id": claim_id}))  # fmt: skip


def drop_claim(
    db: Connection, actor: Actor, *, claim_id: int, reason: str, now: datetime
) -> Changes:
    """Ask the carrier for nothing after all.

    Raises:
        RefusedError: it was handed in already.
    """
    actor.must(Permission.WORK)
    row = claim(db, claim_id, "open")
    _set(db, claim_id, state="dropped", note=reason.strip())
    _record(db, actor, "drop claim", row.order_id, reason, {"claim": claim_id}, now)
    return Changes(f"Claim nothing of {row.carrier}", _TOUCHED, (claim_id,))


def drop_unfiled(db: Connection, actor: Actor, shipment_id: int, *, now: datetime) -> None:
    """Let the claim of a parcel go that nobody has handed in."""
    table = carrier_claims.c
    query = select(table.id).where(table.shipment_id == shipment_id, table.state == "open")
    for claim_id in db.execute(query).scalars().all():
        drop_claim(db, actor, claim_id=claim_id, reason="Taken back.", now=now)


def claim(db: Connection, claim_id: int, state: str = "") -> Any:
    """Return a claim, which must be in this state if one is named.

    Raises:
        NotFoundError: there is none.
        RefusedError: it is in another state.
    """
    row = db.execute(select(carrier_claims).where(carrier_claims.c.id == claim_id)).first()
    if row is None:
        raise NotFoundError("There is no such claim; nothing was changed.",
                            "Look at the parcel again.")  # fmt: skip
    if state and row.state != state:
        raise RefusedError(f"The claim is {_STATES[row.state]}; nothing was changed.",
                           "Look at the parcel again.")  # fmt: skip
    return row


def _set(db: Connection, claim_id: int, **values: object) -> None:
    db.execute(carrier_claims.update().where(carrier_claims.c.id == claim_id).values(**values))


def _record(
    db: Connection, actor: Actor, action: str, order_id: int, reason: str,
    after: dict[str, object], now: datetime,
) -> None:  # fmt: skip
    audit.record(db, actor, now, audit.Deed(action, f"order:{order_id}", reason, after=after))
