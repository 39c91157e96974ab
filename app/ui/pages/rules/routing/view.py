"""The routing policy: change a value, see which open orders would change, then save a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.changes import Changes
from app.services.planning.drafts import RoutingNow, drafted, preview_routing, routing_now
from app.services.rules.previewing import Preview
from app.ui import statuses
from app.ui.operations import Problem
from app.ui.pages.asking import Asks
from app.ui.pages.page import Shell
from app.ui.pages.rules.routing import cards, questions, words
from app.ui.pages.rules.routing.changing import Beside
from app.ui.widgets.controls import (
    across,
    boxed,
    button,
    down,
    empty_out,
    rule_down,
    scrolling,
)
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Text
from app.ui.words import NotATimeError, NotMoneyError, minor_units, money, read_clock

PANE = 320
Said = dict[str, Any]


class RoutingView(Asks, QWidget):
    """The policy with its draft, and beside it what is asked and what would change."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell, self._operations = shell, shell.operations
        self._known: RoutingNow | None = None
        self._draft: Said = {}
        self._preview: Preview | None = None
        self._content = down(spacing=10)
        inside = boxed(down(self._content, None, margins=(24, 18, 18, 30)))
        inside.setObjectName("body")
        self.pane = DetailPane("Change the routing policy")
        self.pane.setFixedWidth(PANE)
        self._said_beside = Beside(self.pane, shell.open_order, self.save, self.discard)
        body = across(scrolling(inside, "Routing policy"), rule_down(), self.pane, spacing=0)
        body.setStretch(0, 1)
        self.setLayout(body)
        self._beside()

    def refresh(self) -> None:
        """Read the policy; a draft stays."""
        self._operations.query(routing_now, then=self._read, slot="routing policy")

    def _read(self, known: RoutingNow) -> None:
        self._known = known
        self._show()

    @property
    def found(self) -> RoutingNow | None:
        """The policy as the draft has it."""
        return drafted(self._known, self._draft) if self._known is not None else None

    def _show(self) -> None:
        found, known = self.found, self._known
        if found is None or known is None:
            return
        self.setUpdatesEnabled(False)
        empty_out(self._content)
        sentence = found.policy.objectives.sentence(lambda minor: money(minor, found.currency))
        self._content.addWidget(Text(sentence, step="title", wraps=True))
        version = found.policy.version
        said = (
            f"Version {version}. Each version is kept."
            if version
            else "As a desk begins; nothing was changed yet."
        )
        self._content.addWidget(Text(said, quiet=True))
        self._part("What counts, in this order", cards.objectives(found, self.shift, self.drop_aim, self.ask_within),
                   "Add an objective…", self.ask_aim)  # fmt: skip
        self._part(
            "What goes wrong costs",
            cards.money_by_channel(found, self._new("channels"), self.ask_money),
        )
        self._part("Locations", cards.work_by_place(found, self._new("locations"), self.ask_work))
        boxes = Text(
            f"The box and its filling: {money(found.policy.packaging, found.currency)} a parcel."
        )
        self._part("Packaging", boxes, "Change…", self.ask_packaging, name="Change the packaging")
        self._part(
            "Held for one channel", cards.held(found, self.drop_held), "Hold units…", self.ask_held
        )
        self._part("Sent instead", cards.substitutes(found, self.approve, self.drop_substitute),
                   "Propose a substitute…", self.ask_substitute)  # fmt: skip
        self.setUpdatesEnabled(True)

    def _part(
        self, title: str, body: QWidget, verb: str = "", run: Any = None, name: str = ""
    ) -> None:
        tool = [button(verb, run, icon_name="" if name else "plus", name=name)] if verb else []
        self._content.addSpacing(8)
        self._content.addLayout(across(Text(title, step="heading"), None, *tool))
        self._content.addWidget(body)

    def _new(self, part: str) -> Mapping[str, Mapping[str, Any]]:
        """Return what the draft says of channels or locations that the policy does not."""
        if self._known is None or part not in self._draft:
            return {}
        before = self._known.body[part]
        return {code: {name: value for name, value in row.items() if before.get(code, {}).get(name) != value}
                for code, row in self._draft[part].items()}  # fmt: skip

    # ---- asking ---------------------------------------------------------------------------------

    def ask_within(self, at: int) -> None:
        """Ask for the tolerance of the money."""
        if (found := self.found) is not None:
            within = found.policy.objectives.order[at].within
            self.pane.ask(questions.of_tolerance(within, found.currency, partial(self._within, at)))

    def _within(self, at: int, typed: object) -> None:
        within, aims = self._amount(typed), self._aims()
        if within is not None:
            aims[at] = f"money within {within}" if within else "money"
            self.draft("objectives", aims)

    def ask_aim(self) -> None:
        """Ask for one more objective."""
        if (found := self.found) is not None:
            order = found.policy.objectives.order
            self.pane.ask(
                questions.of_new_aim(
                    order, lambda aim: self.draft("objectives", [*self._aims(), aim])
                )
            )

    def shift(self, at: int, step: int) -> None:
        """Let an objective count earlier or later."""
        aims = self._aims()
        aims[at], aims[at + step] = aims[at + step], aims[at]
        self.draft("objectives", aims)

    def drop_aim(self, at: int) -> None:
        """Let an objective count no more."""
        self.draft("objectives", [each for n, each in enumerate(self._aims()) if n != at])

    def _aims(self) -> list[str]:
        return self.found.policy.objectives.as_said() if self.found is not None else []

    def ask_money(self, channel: str, field: str) -> None:
        """Ask for one value of a channel."""
        if (found := self.found) is not None:
            row = found.policy.money(channel, found.channels[channel])
            self._ask_value("channels", channel, statuses.channel(channel), words.MONEY, field, row)

    def ask_work(self, place: str, field: str) -> None:
        """Ask for one value of a location."""
        if (found := self.found) is not None:
            row = found.policy.work(place)
            self._ask_value("locations", place, found.places[place], words.WORK, field, row)

    def _ask_value(
        self,
        part: str,
        code: str,
        title: str,
        columns: Sequence[words.Column],
        field: str,
        row: object,
    ) -> None:
        found = self.found
        assert found is not None
        column = next(each for each in columns if each.field == field)
        take = partial(self._put, part, code, column)
        self.pane.ask(questions.of_value(title, column, getattr(row, field), found, take))

    def _put(self, part: str, code: str, column: words.Column, value: Any) -> None:
        value = self._typed(column, value)
        if value is None:
            return
        rows = {key: dict(row) for key, row in self._now()[part].items()}
        rows.setdefault(code, {})[column.field] = value
        self.draft(part, rows)

    def _typed(self, column: words.Column, value: Any) -> Any:
        """Return a value as the policy keeps it; nothing where it is none, which is said."""
        if column.kind == "money":
            return self._amount(value)
        return self._clock(value) if column.kind == "clock" else value

    def _clock(self, typed: object) -> str | None:
        try:
            return f"{read_clock(str(typed)):%H:%M}"
        except NotATimeError as error:
            self.complain(Problem(str(error), ""))
            return None

    def _amount(self, typed: object) -> int | None:
        """Return what was typed as minor units; what is no amount is said at the question."""
        try:
            return minor_units(
                str(typed), self._known.currency if self._known is not None else "USD"
            )
        except NotMoneyError as error:
            self.complain(Problem(str(error), ""))
            return None

    def _now(self) -> Mapping[str, Any]:
        return self.found.body if self.found is not None else {}

    def ask_packaging(self) -> None:
        """Ask what packaging costs."""
        if (found := self.found) is not None:
            self.pane.ask(questions.of_packaging(found, self._package))

    def _package(self, typed: object) -> None:
        if (amount := self._amount(typed)) is not None:
            self.draft("packaging", amount)

    def ask_held(self) -> None:
        """Ask which units to hold."""
        if (found := self.found) is not None:
            self.pane.ask(
                questions.of_held(
                    found, lambda row: self.draft("held", [*self._now()["held"], row])
                )
            )

    def drop_held(self, at: int) -> None:
        """Hold units no longer."""
        self.draft("held", [each for n, each in enumerate(self._now()["held"]) if n != at])

    # ---- the draft ------------------------------------------------------------------------------

    def draft(self, part: str, value: Any) -> None:
        """Take a value into the draft, and say what it would change; what cannot be is not taken over."""
        draft = {**self._draft, part: value}
        self._operations.query(
            preview_routing, said=draft, now=self._operations.now(),
            then=partial(self._tried, draft), otherwise=self.complain, slot="routing preview",
        )  # fmt: skip

    def _tried(self, draft: Said, preview: Preview) -> None:
        self._draft, self._preview = draft, preview
        self.pane.close_question()
        self._show()
        self._beside()

    def _beside(self) -> None:
        if not self._draft or self._preview is None:
            self.pane.fill([], [Text("Choose a value on the left to change it. You see which open orders would "
                                     "ship otherwise before anything is saved.", quiet=True, wraps=True)])  # fmt: skip
            return
        coin = self._known.currency if self._known is not None else ""
        self._said_beside.say(self._preview, coin)

    def save(self) -> None:
        """Save the draft as the next version, and suggest anew what it changes."""
        if self._known is not None and self._preview is not None:
            self._operations.run(
                "save_routing", said=self._draft, based_on=self._known.policy.version,
                then=partial(self._saved, self._preview), otherwise=self.complain,
            )  # fmt: skip

    def _saved(self, found: Preview, changes: Changes) -> None:
        self.discard()
        self.done(changes)
        if found.moved:
            self._operations.run(
                "refresh_suggestions", **found.anew, then=self.done, otherwise=self.complain
            )

    def discard(self) -> None:
        """Leave the policy as it is."""
        self._draft, self._preview = {}, None
        self._show()
        self._beside()

    # ---- substitutes ----------------------------------------------------------------------------

    def ask_substitute(self) -> None:
        """Ask what may be sent instead of what."""
        if (found := self.found) is not None:
            self.pane.ask(questions.of_substitute(found, self._propose))

    def _propose(self, row: Said) -> None:
        if (cost := self._amount(row["cost"])) is not None:
            self.run("propose_substitute", **{**row, "cost": cost})

    def approve(self, sku: str, substitute: str) -> None:
        """Let a substitute be sent."""
        self.run("approve_substitute", sku=sku, substitute=substitute)

    def drop_substitute(self, sku: str, substitute: str) -> None:
        """Take a substitute out."""
        self.run("drop_substitute", sku=sku, substitute=substitute)

    def done(self, changes: Changes) -> None:
        """Read again what is in force now."""
        super().done(changes)
        self.refresh()
