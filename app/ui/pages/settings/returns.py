"""Until when may buyers send back, when is money promised, and where does what came back go?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.returning.custody import GRADES, Disposition, Grade
from app.domain.returning.owed import Earliest
from app.domain.returning.policy import ChannelRule, ReturnPolicy, as_said
from app.queries.returns import DISPOSED
from app.ui.pages.settings.section import House, Section, table
from app.ui.widgets.controls import across, boxed, button, frame
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.text import Text
from app.ui.words import count_of

_EARLIEST: Final = {
    Earliest.ANNOUNCED: "as soon as it is announced",
    Earliest.RECEIVED: "when it has arrived",
    Earliest.INSPECTED: "when somebody has looked at it",
}
Done = Callable[[ReturnPolicy, ChannelRule], ReturnPolicy]


class ReturnsSection(Section):
    """A row for each channel with a rule of its own, and one for what is seen of a unit."""

    title = "What comes back"

    def tool(self) -> QWidget:
        """Offer a rule of a channel's own."""
        return button("Add a channel…", self.add, icon_name="plus")

    def content(self, house: House) -> QWidget:
        """List the windows by channel, and where each grade goes."""
        self._policy = house.returns
        self._channels = {x.channel: x.channel_name for x in house.messages.accounts}
        card = frame("card")
        grid = table(("Sold on", "May come back for", "Money is promised", ""))
        self._row(grid, 1, "Everywhere else" if self._policy.channels else "Everywhere",
                  self._policy.usual, button("Change…", self.change_usual, kind="link", name="Change the usual window"))  # fmt: skip
        for at, (code, rule) in enumerate(self._policy.channels.items(), 2):
            name = self._channels.get(code, code)
            change = button("Change…", partial(self.change, code), kind="link", name=f"Change the window of {name}")  # fmt: skip
            remove = button("Remove", partial(self.remove, code), kind="link", name=f"Remove the window of {name}")  # fmt: skip
            self._row(grid, at, name, rule, boxed(across(change, remove, None, spacing=10)))
        last = len(self._policy.channels) + 2
        places = "; ".join(f"{grade} {GRADES[grade]}: {DISPOSED[place]}" for grade, place in self._policy.places.items())  # fmt: skip
        grid.addWidget(Text(f"{places}.", wraps=True), last, 0, 1, 3)
        grid.addWidget(button("Change…", self.change_places, kind="link", name="Change where what came back goes"), last, 3)  # fmt: skip
        version = f"Version {self._policy.version}. What was promised already stays; undo takes a change back."
        grid.addWidget(Text(version, quiet=True, step="small"), last + 1, 0, 1, 4)
        card.setLayout(grid)
        return card

    @staticmethod
    def _row(grid: QGridLayout, at: int, name: str, rule: ChannelRule, verbs: QWidget) -> None:
        for column, part in enumerate((
            Text(name, step="strong"), Text(count_of(rule.window_days, "day")),
            Text(_EARLIEST[rule.earliest]), verbs,
        )):  # fmt: skip
            grid.addWidget(part, at, column)

    # ---- questions ------------------------------------------------------------------------------

    def change_usual(self) -> None:
        """Ask for the rule of every channel that has none of its own."""
        self._ask(
            "The usual window", self._policy.usual, lambda said, rule: replace(said, usual=rule)
        )

    def change(self, code: str) -> None:
        """Ask for the rule of a channel."""
        self._ask(f"The window of {self._channels.get(code, code)}", self._policy.of(code), partial(_with, code))  # fmt: skip

    def remove(self, code: str) -> None:
        """Let the usual rule count for a channel."""
        kept = {key: rule for key, rule in self._policy.channels.items() if key != code}
        self._save(replace(self._policy, channels=kept))

    def add(self) -> None:
        """Ask which channel gets a rule of its own, and which."""
        offered = [(code, name) for code, name in self._channels.items() if code not in self._policy.channels]  # fmt: skip
        if not offered:
            self.page.shell.complain("Every channel has a rule of its own.", "Change the one that is there.")  # fmt: skip
            return
        policy = self._policy
        self.page.ask(Question(
            "A window of a channel's own",
            [Field("channel", "Sold on", offered[0][0], offered), *_fields(policy.usual)],
            "Save this version",
            lambda values: self._save(_with(str(values["channel"]), policy, _rule(values))),
        ))  # fmt: skip

    def _ask(self, title: str, rule: ChannelRule, done: Done) -> None:
        """Ask with the policy as it is now: the page may read a newer one before the answer."""
        policy = self._policy
        self.page.ask(Question(title, _fields(rule), "Save this version",
                               lambda values: self._save(done(policy, _rule(values)))))  # fmt: skip

    def change_places(self) -> None:
        """Ask where each grade goes unless somebody says otherwise."""
        policy = self._policy
        offered = [(each.value, DISPOSED[each.value].capitalize()) for each in Disposition]

        def answer(values: Values) -> None:
            places = {grade: Disposition(str(values[grade.value])) for grade in Grade}
            self._save(replace(policy, places=places))

        self.page.ask(Question(
            "Where what came back goes",
            [Field(grade.value, f"{grade}  {GRADES[grade]}", policy.places[grade].value, offered)
             for grade in Grade],
            "Save this version", answer,
            note="Whoever looks at a unit can still send it elsewhere. Nothing is sold before that.",
        ))  # fmt: skip

    def _save(self, policy: ReturnPolicy) -> None:
        self.page.run("save_return_policy", body=as_said(policy), based_on=policy.version)


def _with(code: str, policy: ReturnPolicy, rule: ChannelRule) -> ReturnPolicy:
    channels: Mapping[str, ChannelRule] = {**policy.channels, code: rule}
    return replace(policy, channels=channels)


def _fields(rule: ChannelRule) -> list[Field]:
    return [
        Field("days", "Days to send back", rule.window_days),
        Field("earliest", "Money is promised", rule.earliest.value,
              [(each.value, words) for each, words in _EARLIEST.items()]),
    ]  # fmt: skip


def _rule(values: Values) -> ChannelRule:
    return ChannelRule(int(str(values["days"])), Earliest(str(values["earliest"])))
