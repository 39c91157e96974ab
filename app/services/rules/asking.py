"""What do the rules ask of stored orders, and what have they done to them already?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from app.domain.rulebook.effects import NOTHING_ASKED, Deeds, Effects
from app.domain.rulebook.facts import OrderFacts
from app.services.rules import deeds
from app.services.rules.in_force import RulesInForce
from app.services.rules.telling import Served, Telling, sku_ids_of


class Moment(Served, Protocol):
    """What knows the policies, and the moment of the write unit."""

    now: datetime


class Asking:
    """The rules' answers about some stored orders."""

    def __init__(
        self, db: Connection, rules: RulesInForce | None, at: Moment, order_ids: Sequence[int]
    ) -> None:
        self.effects: dict[int, Effects] = {}
        self.done: dict[int, frozenset[str]] = {}
        self.told: dict[int, OrderFacts] = {}
        if rules is None:
            return
        told = Telling(db, at.now, at, sku_ids_of(db, order_ids), rules.runner.reads)
        self.told = told.stored(db, order_ids)
        self.effects = {key: rules.runner.run(facts) for key, facts in self.told.items()}
        self.done = deeds.done_before(db, order_ids)

    def of(self, order_id: int) -> Effects:
        """Return what the rules ask of an order."""
        return self.effects.get(order_id, NOTHING_ASKED)

    def to_do(self) -> dict[int, Deeds]:
        """Return what is still to be done to each order."""
        return {
            order_id: asked.deeds.without(self.done.get(order_id, frozenset()))
            for order_id, asked in self.effects.items()
        }

    def done_to(self, order_id: int) -> frozenset[str]:
        """Return what is done to an order once its suggestion is kept."""
        return self.done.get(order_id, frozenset()) | frozenset(self.of(order_id).deeds.words)
