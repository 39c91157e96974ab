"""One rule as it is written: its name, its condition, what it does, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from app.domain.rulebook.actions import VERBS, Verb
from app.domain.rulebook.counting import RuleCount
from app.domain.rulebook.editing import actions_of, drafted
from app.domain.rulebook.fields import RULE_FIELDS
from app.domain.rulebook.findings import BLOCKING, TITLES, Lint
from app.domain.rulebook.rules import ALWAYS, Rule
from app.domain.rulebook.saying import Called, deeds, orders_meant
from app.domain.search_terms import and_also
from app.errors import RefusedError
from app.ui.timers import once
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, button, down, empty_out, frame, line, lines
from app.ui.widgets.text import Text
from app.ui.words import count_of

PAUSE_MS = 250


class RuleEditor(QWidget):
    """Edits one rule; says so after each pause, and when the person goes elsewhere."""

    changed = Signal(object)  # the rule as it reads now
    left = Signal()
    condition_wanted = Signal()
    deed_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rule: Rule | None = None
        self.name = line("Name of the rule")
        self.condition = line("Which orders", placeholder="channel:etsy ANY(sku:POT-* qty:>1)")
        self.deeds = lines("What is done", placeholder="ship STUDIO, else RENO")
        self.about = line("Note about the rule", placeholder="Why it is there")
        self.is_on = QCheckBox("On")
        self.is_on.setAccessibleName("The rule is on")
        self.said = Text("", wraps=True)
        self.meant, self.done = Text("", step="strong", wraps=True), Text("", wraps=True)
        self._called = Called()
        self.wrong = Text("", tone=Tone.BAD, wraps=True)
        self._findings = down(spacing=6)
        self._soon = once(self, PAUSE_MS, self._tell)
        self._lay_out()
        for field in (self.name, self.condition, self.about):
            field.textEdited.connect(lambda _text: self._soon.start())
            field.editingFinished.connect(self._leave)
        self.deeds.textChanged.connect(self._typed)
        self.is_on.clicked.connect(lambda _on: self._leave())

    def _lay_out(self) -> None:
        self.add_condition = button("Add a condition…", self.condition_wanted.emit, kind="link",
                                    icon_name="plus", hint="Choose it from lists")  # fmt: skip
        self.add_deed = button("Add what is done…", self.deed_wanted.emit, kind="link",
                               icon_name="plus", hint="Choose it from a list")  # fmt: skip
        hint = Text("One line each, as the list writes them.", quiet=True, step="small", wraps=True)
        hint.hint("\n".join(f"{VERBS[v].example}: {VERBS[v].says.lower()}" for v in Verb))
        written = Text(
            "As the search writes it, or “always”.", quiet=True, step="small", wraps=True
        )
        written.hint("Of the items of an order: ANY(…), ALL(…), NONE(…), ONLY(…), COUNT>=2(…)")
        self.setLayout(
            down(
                across(self.name, self.is_on, spacing=12), self._in_words(),
                across(Text("Which orders", step="strong"), None, self.add_condition),
                self.condition, written, self.said,
                across(Text("What is done", step="strong"), None, self.add_deed),
                self.deeds, hint, self.wrong,
                Text("Note", step="strong"), self.about, boxed(self._findings),
                spacing=5,
            )
        )  # fmt: skip
        self.deeds.setFixedHeight(5 * self.deeds.fontMetrics().lineSpacing() + 18)
        self.wrong.hide()

    def _in_words(self) -> QWidget:
        card = frame("well")
        card.setLayout(down(self.meant, self.done, spacing=3, margins=(13, 9, 13, 10)))
        return card

    def add_term(self, term: str) -> None:
        """Let the rule ask for one thing more."""
        said = self.condition.text().strip()
        is_bare = not said or said.casefold() == ALWAYS
        self.condition.setText(term if is_bare else and_also(said, term, RULE_FIELDS))
        self._leave()

    def add_line(self, written: str) -> None:
        """Let the rule do one thing more."""
        lines_ = [each for each in self.deeds.toPlainText().splitlines() if each.strip()]
        self.deeds.setPlainText("\n".join([*lines_, written]))
        self._leave()

    def know(self, called: Called) -> None:
        """Take what locations and channels are called."""
        self._called = called
        self._say_in_words()

    def _say_in_words(self) -> None:
        """Say the rule as a person would."""
        rule = self._rule
        meant = orders_meant(rule, self._called) if rule is not None else ""
        done = [f"• {each}." for each in deeds(rule, self._called)] if rule is not None else []
        self.meant.say(meant or "Say which orders it is for.")
        self.done.say("\n".join(done) or "Say what is done with them.")

    @property
    def rule(self) -> Rule | None:
        """The rule that was shown or edited last."""
        return self._rule

    def show_rule(self, rule: Rule | None) -> None:
        """Show a rule; one that is being typed already stays as it is typed."""
        self.setEnabled(rule is not None)
        is_same = rule is None or rule == self._rule
        self._rule = rule
        self._say_in_words()
        if rule is None or is_same:
            return
        self._soon.stop()
        self.deeds.blockSignals(True)
        self.name.setText(rule.name)
        self.condition.setText(rule.condition)
        self.deeds.setPlainText(actions_of(rule))
        self.about.setText(rule.about.replace("\n", " "))
        self.is_on.setChecked(rule.is_on)
        self.deeds.blockSignals(False)
        self._complain("")

    def judged(self, count: RuleCount | None, waiting: int, found: Sequence[Lint]) -> None:
        """Say how many open orders it means, and what is wrong with it."""
        self.said.say(_matches(self._rule, count, waiting))
        empty_out(self._findings)
        for each in found:
            tone = Tone.BAD if each.kind in BLOCKING else Tone.WARN
            words = down(Text(TITLES[each.kind], step="strong"), Text(each.sentence, wraps=True),
                         spacing=1)  # fmt: skip
            row = across(IconLabel("exceptions", tone), spacing=9)
            row.addLayout(words, 1)
            self._findings.addLayout(row)

    def _typed(self) -> None:
        self._soon.start()

    def take(self) -> None:
        """Take over what was typed a moment ago."""
        self._tell()

    def _tell(self) -> None:
        """Say what the rule reads now, or what cannot be read."""
        self._soon.stop()
        if self._rule is None:
            return
        try:
            rule = drafted(
                self.name.text(), self.condition.text(), self.deeds.toPlainText(),
                self.about.text(), is_on=self.is_on.isChecked(),
            )  # fmt: skip
        except RefusedError as error:
            self._complain(f"{error.title} {error.advice}")
            return
        self._complain("")
        if rule != self._rule:
            self._rule = rule
            self._say_in_words()
            self.changed.emit(rule)

    def _complain(self, words: str) -> None:
        self.wrong.say(words)
        self.wrong.setVisible(bool(words))

    def _leave(self) -> None:
        self._tell()
        self.left.emit()

    def start(self, part: QPlainTextEdit | None = None) -> None:
        """Put the cursor where one begins to write."""
        (part or self.name).setFocus()
        self.name.selectAll()


def _matches(rule: Rule | None, count: RuleCount | None, waiting: int) -> str:
    if rule is None or count is None:
        return "" if rule is None or rule.is_on else "It is off, and asked about no order."
    said = f"Matches {count_of(count.means, 'open order')} of {waiting:,}."
    if count.applies < count.means:
        said += f" It is asked about {count.applies:,} of them: rules above stop at the others."
    return said
