"""How is a channel connected? Three questions: which one, with which keys, and by which rules.

Between the second and the third the connection is tried out, read-only; nothing is stored before the last
answer, and nothing is told to a channel before it either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from app.domain.connecting import Connectable, Glimpsed, TriedOut
from app.services.desk import Connector
from app.ui.operations import Operations
from app.ui.pages.asking import Asker
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import count_of, exact

_FROM: Final = (
    (0, "Only orders from now on"), (7, "Orders of the last 7 days"),
    (30, "Orders of the last 30 days"), (60, "Orders of the last 60 days"),
)  # fmt: skip
_PUSH: Final = (
    ("no", "Tell it nothing about quantities yet"),
    ("yes", "Tell it what may be sold, by the rules under Inventory"),
)


@dataclass(slots=True)
class Guide:
    """Leads through connecting, a question after the other."""

    operations: Operations
    connector: Connector
    place: Asker

    def start(self) -> None:
        """Ask which channel."""
        self.operations.ask(self.connector.offered, then=self._choose)

    def _choose(self, offered: Sequence[Connectable]) -> None:
        note = (
            "From then on its orders come in by themselves, and it is told what has shipped. "
            "Until the last step nothing is stored, and the channel is only read."
        )
        self.place.ask(which_question("channel", offered, self._keys, note))

    def _keys(self, channel: Connectable) -> None:
        self.place.ask(keys_question(channel, partial(self._try, channel)))

    def _try(self, channel: Connectable, values: Values) -> None:
        entered = {name: str(value) for name, value in values.items()}
        self.operations.ask(
            partial(self.connector.try_out, channel.channel, entered),
            then=partial(self._rules, channel, entered), otherwise=self.place.complain,
        )  # fmt: skip

    def _rules(self, channel: Connectable, entered: Mapping[str, str], tried: TriedOut) -> None:
        fields = [Field("days", "Take in", 7, _FROM)]
        if tried.places:
            fields.append(Field("location", "Its stock is at", tried.places[0][0], tried.places))
        if tried.pushes:
            fields.append(Field("push", "Quantities", "no", _PUSH))
        self.place.ask(Question(
            f"{tried.shop} answers", fields, f"Connect {channel.title}",
            partial(self._connect, channel, entered, tried.shop), note=_seen(tried),
        ))  # fmt: skip

    def _connect(
        self, channel: Connectable, entered: Mapping[str, str], shop: str, values: Values
    ) -> None:
        since = self.operations.now() - timedelta(days=int(str(values["days"])))
        chosen = {"name": f"{channel.title}: {shop}"}
        if "location" in values:
            chosen["location"] = str(values["location"])
        self.operations.write(
            partial(self.connector.connect, channel.channel, entered, chosen, since=since,
                    pushes_quantities=values.get("push") == "yes"),
            then=self.place.done, otherwise=self.place.complain,
        )  # fmt: skip


def which_question(
    what: str, offered: Sequence[Connectable], go: Callable[[Connectable], object], note: str
) -> Question:
    """Return the question which channel or carrier it is."""
    by_code = {each.channel: each for each in offered}
    choices = [(each.channel, each.title) for each in offered]
    return Question(
        f"Connect a {what}", [Field(what, what.capitalize(), choices[0][0], choices)], "Go on",
        lambda v: go(by_code[str(v[what])]), note=note,
    )  # fmt: skip


def keys_question(whom: Connectable, answer: Callable[[Values], object]) -> Question:
    """Return the question for the keys to a channel or carrier, with what they must allow."""
    fields = [
        Field(each.name, each.label, each.default, placeholder=each.hint,
              is_needed=each.is_required, is_secret=each.is_secret)
        for each in whom.entries
    ]  # fmt: skip
    asked = "\n".join(f"{name}: {why}" for name, why in whom.permissions)
    notes = [whom.notice, f"It needs these permissions:\n{asked}" if asked else "",
             "Keys go to this computer's safe place for keys, never into the desk's data."]  # fmt: skip
    return Question(
        f"Connect {whom.title}", fields, "Try it out (only reads)", answer,
        note="\n\n".join(filter(None, notes)),
    )  # fmt: skip


def _seen(tried: TriedOut) -> str:
    """Say what the look has shown: the shop, what is missing, and its first orders."""
    words = []
    if tried.missing:
        words.append("It does not allow yet: " + ", ".join(tried.missing)
                     + ". What needs that will not work.")  # fmt: skip
    if not tried.orders:
        words.append("It has no orders of the last 7 days.")
    else:
        more = "the first of its orders" if tried.has_more else "its orders"
        words.append(f"These are {more} of the last 7 days; nothing is stored yet:")
        words += [_line(each) for each in tried.orders]
    return "\n".join(words)


def _line(each: Glimpsed) -> str:
    if each.problem:
        return f"{each.number}: could not be read, {each.problem}"
    return f"{each.number}: {count_of(each.units, 'unit')}, {_when(each.placed_at)}"


def _when(moment: datetime | None) -> str:
    return exact(moment) if moment is not None else ""
