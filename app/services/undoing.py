"""Take something large back, a part at a time; what cannot be taken back is left alone and named."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, Undo
from app.errors import NotAllowedError, RefusedError
from app.models.orders import orders
from app.services.desk import Desk

PART = 200


def take_back(desk: Desk, undo: Undo) -> Iterator[Changes]:
    """Carry out an opposite in short write units, and yield each one's receipt after its commit.

    An operation refuses all of its subjects for the sake of one; a part that is refused is halved
    until only those that really cannot be taken back are left alone.

    Raises:
        RefusedError: nothing at all could be taken back.
    """
    waiting = undo.parts(PART)
    refusal: RefusedError | None = None
    is_any_done = False
    while waiting:
        part = waiting.pop(0)
        try:
            receipt = desk.undo(part)
        except NotAllowedError:
            raise
        except RefusedError as error:
            refusal = refusal or error
            if len(part.ids) > 1:
                waiting = [*part.parts((len(part.ids) + 1) // 2), *waiting]
                continue
            receipt = Changes("", Touched.NOTHING, (), desk.read(_left_alone, part, error))
        is_any_done = is_any_done or bool(receipt.done)
        yield receipt
    if refusal is not None and not is_any_done:
        raise refusal


def _left_alone(db: Connection, part: Undo, error: RefusedError) -> tuple[Skipped, ...]:
    numbers = db.execute(select(orders.c.number).where(orders.c.id.in_(part.ids))).scalars()
    return tuple(Skipped(number, error.title) for number in numbers)
