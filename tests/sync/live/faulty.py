"""What the cases of the fault suite have in common: a shop, its faults, and what is looked at."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.models.cases import exception_cases
from app.models.orders import orders
from app.sync.loopback.faults import Does
from tests.sync.live.world import World


class Killed(BaseException):
    """The program ended here, as by kill -9."""


def sell(made: World, count: int) -> list[str]:
    return [made.sell("shopify", ("MUG", 1)).id for _ in range(count)]


def here(made: World) -> list[str]:
    return made.desk.read(lambda db: sorted(db.execute(select(orders.c.external_id)).scalars()))


def fails(made: World, does: Does, operation: str, **how: object) -> None:
    made.shops["shopify"].faults.add(does, operation, **how)


def confirmed(made: World) -> list[str]:
    return [effect.detail["tracking"] for effect in made.shops["shopify"].told("confirm")]


def cases(made: World, kind: str) -> list[str]:
    table = exception_cases.c
    query = select(table.title).where(table.kind == kind, table.state == "open")
    return made.desk.read(lambda db: list(db.execute(query).scalars()))


def killed_at(place: str, nth: int) -> Callable[[str], None]:
    """End the program at the n-th passing of a place."""
    left = [nth]

    def breaks(here_: str) -> None:
        if here_ == place:
            left[0] -= 1
            if not left[0]:
                raise Killed

    return breaks
