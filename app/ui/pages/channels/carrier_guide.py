"""How is a carrier connected? Two questions: which one, and with which keys; between them it is tried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.connecting import Connectable
from app.services.desk import CarrierConnector
from app.ui.operations import Operations
from app.ui.pages.asking import Asker
from app.ui.pages.channels.guide import keys_question, which_question
from app.ui.widgets.form import Question, Values
from app.ui.words import count_of


@dataclass(slots=True)
class CarrierGuide:
    """Leads through connecting a carrier, a question after the other."""

    operations: Operations
    connector: CarrierConnector
    place: Asker

    def start(self) -> None:
        """Ask which carrier."""
        self.operations.ask(self.connector.offered, then=self._choose)

    def _choose(self, offered: Sequence[Connectable]) -> None:
        note = (
            "From then on it is asked where your parcels are, more often the closer they are to the "
            "door. Nothing is told to it, and what it reports by files still counts."
        )
        self.place.ask(which_question("carrier", offered, self.keys, note))

    def keys(self, carrier: Connectable) -> None:
        """Ask for a carrier's keys."""
        self.place.ask(keys_question(carrier, partial(self._try, carrier)))

    def _try(self, carrier: Connectable, values: Values) -> None:
        entered = {name: str(value) for name, value in values.items()}
        self.operations.ask(
            partial(self.connector.try_out, carrier.channel, entered),
            then=partial(self._last, carrier, entered), otherwise=self.place.complain,
        )  # fmt: skip

    def _last(self, carrier: Connectable, entered: Mapping[str, str], waiting: int) -> None:
        parcels = count_of(waiting, "parcel") if waiting else "no parcel yet"
        self.place.ask(Question(
            f"{carrier.title} lets you in", (), f"Connect {carrier.title}",
            lambda _: self._connect(carrier, entered),
            note=f"It is asked about {parcels} first, and then about each that leaves with it.",
        ))  # fmt: skip

    def _connect(self, carrier: Connectable, entered: Mapping[str, str]) -> None:
        self.operations.write(
            partial(self.connector.connect, carrier.channel, entered),
            then=self.place.done, otherwise=self.place.complain,
        )  # fmt: skip
