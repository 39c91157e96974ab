"""The page Rules: what is to be done with which orders, tried before it decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QWidget

from app.domain.changes import Changes, Touched
from app.domain.rulebook import editing
from app.domain.rulebook.fields import RULE_FIELDS
from app.domain.rulebook.rules import EMPTY, Rule, Rulebook
from app.domain.rulebook.saying import Called
from app.domain.rulebook.text import parsed, written
from app.errors import RefusedError
from app.services.rules.living import Judged, Surroundings, judge, surroundings
from app.services.rules.previewing import Preview, preview
from app.ui.commands import Command, always
from app.ui.lists.bulk import BulkRun
from app.ui.lists.search_filter import FilterPanel
from app.ui.operations import Problem, Then
from app.ui.pages.asking import QuestionPlace, of_reason
from app.ui.pages.page import Page, Shell
from app.ui.pages.rules.editor import RuleEditor
from app.ui.pages.rules.lessons import LessonsView
from app.ui.pages.rules.picking import DeedPanel
from app.ui.pages.rules.previewed import PreviewView
from app.ui.pages.rules.routing.rates import RatesView
from app.ui.pages.rules.routing.view import RoutingView
from app.ui.pages.rules.rule_list import RuleList
from app.ui.pages.rules.trace import TraceView
from app.ui.pages.rules.versions import VersionsView
from app.ui.widgets.controls import across, boxed, button, down, rule, scrolling
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.text import Text
from app.ui.words import moment

_EXAMPLE = (
    "For example: orders with teapots ship from the studio; big orders open a case first. "
    "Until then orders go by stock, promise and money alone."
)


PARTS = ("Rules", "Routing policy", "Rate tables")
RULES, ROUTING, RATES = range(3)


class RulesPage(Page):
    """Write rules as a draft, see what they mean, put them in force."""

    id = "rules"
    title = "Rules"
    icon = "rules"
    letter = "R"
    interests = Touched.RULES | Touched.ORDERS | Touched.SETTINGS

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.book, self.at = EMPTY, 0
        self.around: Surroundings | None = None
        self.judged: Judged | None = None
        self._saved = ""
        self.list, self.editor, self.trace = RuleList(), RuleEditor(), TraceView()
        self.versions = VersionsView(self.put_in_force)
        self.previewed = PreviewView(self.put_in_force_and_apply, shell.open_order)
        self.lessons = LessonsView(self.learn, self.dismiss)
        self.state_words = Text("", quiet=True)
        self.routing, self.rates = RoutingView(shell), RatesView(shell)
        self._stack = QStackedWidget()
        self._empty = EmptyState()
        self.asking = QuestionPlace(shell)
        self._wants_preview = False
        self._lay_out()
        self.filter = FilterPanel(self, self.editor.add_condition, self.operations, RULE_FIELDS,
                                  self.editor.add_term, "Condition")  # fmt: skip
        self.doing = DeedPanel(self, self.editor.add_deed, self.editor.add_line)
        self.editor.condition_wanted.connect(self.filter.open)
        self.editor.deed_wanted.connect(self.doing.open)
        self.list.chosen.connect(self._choose)
        self.list.moving.connect(self.shift)
        self.editor.changed.connect(self._edited)
        self.editor.left.connect(self.save)
        self.trace.asked.connect(lambda _number: self._judge())

    def _lay_out(self) -> None:
        self.buttons = {
            name: button(title, run, kind=kind, icon_name=icon, hint=hint)
            for name, title, run, kind, icon, hint in (
                ("add", "New rule", self.add, "", "plus", "N, in the list"),
                ("preview", "Preview…", self.preview, "", "search",
                 "What the rules would change of the open orders"),
                ("discard", "Discard the draft", self.discard, "quiet", "", ""),
                ("activate", "Put in force", self.put_in_force, "primary", "accept", "Ctrl+Return"),
            )
        }  # fmt: skip
        head = boxed(
            across(Text(self.title, step="heading"), 10, *self._tabs(), self.state_words, None,
                   *self.buttons.values(), spacing=8, margins=(14, 7, 12, 7))
        )  # fmt: skip
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = boxed(
            down(self.lessons, self.previewed, self.editor, rule(), self.trace, rule(), self.versions, None,
                 spacing=14, margins=(20, 14, 22, 22))
        )  # fmt: skip
        body.setObjectName("body")
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self.list)
        self._scroll = scrolling(body, "The rule")
        self._split.addWidget(self._scroll)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([330, 900])
        rules = down(self.asking, self._empty, self._split, spacing=0)
        rules.setStretch(1, 1)
        rules.setStretch(2, 1)
        for part in (boxed(rules), self.routing, self.rates):
            self._stack.addWidget(part)
        layout = down(head, self._stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_part(RULES)
        self._empty.say("rules", "No rules yet", _EXAMPLE, ("Write the first rule", self.add))
        self._empty.hide()

    def _tabs(self) -> list[QPushButton]:
        self._parts = [
            button(title, partial(self.show_part, at), kind="tab") for at, title in enumerate(PARTS)
        ]
        for tab in self._parts:
            tab.setCheckable(True)
        return self._parts

    def show_part(self, at: int) -> None:
        """Show the rules, or what orders are routed by where no rule says otherwise."""
        self._stack.setCurrentIndex(at)
        for n, tab in enumerate(self._parts):
            tab.setChecked(n == at)
        self.state_words.setVisible(at == RULES)
        for made in self.buttons.values():
            made.setVisible(at == RULES)
        if at == RULES:
            self._show_buttons()
        else:
            self._refresh_part()

    def search(self, query: str) -> None:
        """Open the part that is meant: "routing" is the policy, "rates" what services cost.

        "preview" says what the rules would change of the open orders.
        """
        named = {"routing": ROUTING, "rates": RATES}
        self.show_part(named.get(query.partition(":")[0], RULES))
        self._wants_preview = query == "preview"
        if self._wants_preview:
            self.refresh()

    def _refresh_part(self) -> None:
        part = self._stack.currentWidget()
        if isinstance(part, RoutingView | RatesView):
            part.refresh()

    # ---- reading --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the rules, and what they are held against."""
        self._refresh_part()
        self.operations.query(
            surroundings, now=self.operations.now(), then=self._show, slot=(self.id, "all")
        )

    def _show(self, around: Surroundings) -> None:
        self.around = around
        row = around.version("draft") or around.version("active")
        text = row.text if row else ""
        if text != self._saved or not self.book.rules:
            self._saved = text
            self.book = _readable(text)
        self.at = min(self.at, max(0, len(self.book.rules) - 1))
        has_something = row is not None or bool(around.lessons)
        self._empty.setVisible(not has_something)
        self._split.setVisible(has_something)
        self.lessons.fill(around.lessons, around.called)
        self.editor.know(around.called)
        self.doing.offer_places(around.called.places)
        is_damaged = bool(text.strip()) and not self.book.rules
        self.state_words.say(_DAMAGED if is_damaged else _state(around, self.operations.now()))
        self.versions.fill(around.versions, self.operations.now())
        self._show_book()
        self.shell.state_changed()
        if self._wants_preview:
            self._wants_preview = False
            self.preview()

    def _show_book(self) -> None:
        self.list.fill(self.book, self.judged, self.at)
        self.editor.show_rule(self.current)
        self._show_buttons()
        self._judge()

    def _show_buttons(self) -> None:
        is_draft = self._has_draft()
        self.buttons["discard"].setVisible(is_draft and self._stack.currentIndex() == RULES)
        self.buttons["activate"].setEnabled(is_draft)

    @property
    def current(self) -> Rule | None:
        """The rule that is edited."""
        return self.book.rules[self.at] if self.at < len(self.book.rules) else None

    def _judge(self) -> None:
        """Say what can be said of the rules as they read now."""
        if self.around is not None:
            question = partial(judge, self.book, self.around, self.trace.number.text())
            self.operations.ask(question, then=self._judged, slot=(self.id, "judged"))

    def _judged(self, judged: Judged) -> None:
        self.judged = judged
        self.trace.suggest(judged.number)
        self.list.fill(self.book, judged, self.at)
        name = self.current.name if self.current else ""
        self.editor.judged(judged.counts.get(name), judged.waiting, judged.of(name))
        self.trace.show_trace(judged, self.around.called if self.around else Called())

    # ---- writing --------------------------------------------------------------------------------

    def _choose(self, at: int) -> None:
        if 0 <= at < len(self.book.rules):
            self.at = at
            self._show_book()
            self.shell.state_changed()

    def _edited(self, rule: Rule) -> None:
        try:
            self.book = editing.with_rule(self.book, self.at, rule)
        except RefusedError as error:
            self.shell.complain(error.title, error.advice)
            return
        self._judge()

    def save(self) -> None:
        """Keep what was written as the draft."""
        text = written(self.book)
        if text != self._saved:
            self._saved = text
            self.operations.run("save_rules", text=text, otherwise=self._not_saved)

    def _not_saved(self, problem: Problem) -> None:
        self._saved = ""
        self.shell.complain(problem.title, problem.advice)

    def _changed(self, book: Rulebook, at: int) -> None:
        self.book, self.at = book, max(0, min(at, len(book.rules) - 1))
        self._empty.setVisible(not book.rules)
        self._split.setVisible(bool(book.rules))
        self._show_book()
        self.save()

    def add(self) -> None:
        """Write a new rule behind the chosen one."""
        at = min(self.at + 1, len(self.book.rules))
        self._changed(editing.added(self.book, at), at)
        self.editor.start()

    def shift(self, step: int) -> None:
        """Move the rule up or down."""
        book = editing.moved(self.book, self.at, step)
        if book != self.book:
            self._changed(book, self.at + step)

    def turn(self) -> None:
        """Switch the rule off, or on again."""
        self._changed(editing.turned(self.book, self.at), self.at)

    def delete(self) -> None:
        """Take the rule out."""
        self._changed(editing.without(self.book, self.at), self.at)
        self.list.setFocus()

    def discard(self) -> None:
        """Throw the draft away."""
        self._saved = ""
        self.operations.run("discard_rules", then=self.shell.say_done)

    # ---- learning -------------------------------------------------------------------------------

    def learn(self, pattern: str, in_force: bool) -> None:
        """Take over a rule that overrides suggest."""
        self._saved = ""
        self.operations.run(
            "learn", pattern=pattern, in_force=in_force, then=self.shell.say_done,
            otherwise=self._refused,
        )  # fmt: skip

    def learn_first(self) -> None:
        """Put the first rule that overrides suggest in force."""
        if self.lessons.found:
            self.learn(self.lessons.found[0].pattern, True)

    def dismiss(self, pattern: str) -> None:
        """Say that people go on deciding it."""
        self.operations.run(
            "dismiss_lesson", pattern=pattern, then=self.shell.say_done, otherwise=self._refused
        )

    # ---- in force -------------------------------------------------------------------------------

    def show_trace(self) -> None:
        """Show what each rule says of an order, and ask of which."""
        self._scroll.ensureWidgetVisible(self.trace)
        self.trace.number.setFocus()
        self.trace.number.selectAll()

    def preview(self) -> None:
        """Say what the rules would change of the open orders."""
        self.editor.take()
        self.save()
        self.previewed.wait()
        self.operations.query(
            preview, text=written(self.book), now=self.operations.now(), slot=(self.id, "preview"),
            then=self._previewed, otherwise=self.previewed.complain,
        )  # fmt: skip

    def _previewed(self, found: Preview) -> None:
        self.previewed.show_preview(found, can_activate=self._is_other_than_in_force())

    def _is_other_than_in_force(self) -> bool:
        """Return whether what is written is not what decides; a draft of it may be on its way yet."""
        active = self.around.version("active") if self.around is not None else None
        return self._has_draft() or written(self.book) != (active.text if active else "")

    def _has_draft(self) -> bool:
        return self.around is not None and self.around.version("draft") is not None

    def put_in_force(self, version: int | None = None) -> None:
        """Let the draft decide, or an earlier version again."""
        self.editor.take()
        self.save()
        self._activate(self._in_force, version=version)

    def _activate(self, then: Then, **named: Any) -> None:
        """Put rules in force; where a back-test does not speak for them, ask why all the same."""
        self.asking.answered()
        self.operations.run(
            "activate_rules", then=then, otherwise=partial(self._unproven, then), **named
        )

    def _unproven(self, then: Then, problem: Problem) -> None:
        if problem.takes_reason:
            self.show_part(RULES)
            self.asking.ask(of_reason(
                problem, lambda reason: self._activate(then, anyway=True, reason=reason)))  # fmt: skip
        else:
            self._refused(problem)

    def _in_force(self, changes: Changes) -> None:
        self.shell.say_done(changes)
        self.previewed.close_preview()

    def put_in_force_and_apply(self, order_ids: Sequence[int]) -> None:
        """Let the draft decide, and ask it about the open orders again."""
        if self._is_other_than_in_force():
            self._activate(lambda _done: self._apply(order_ids))
        else:
            self._apply(order_ids)
        self.previewed.close_preview()

    def _apply(self, order_ids: Sequence[int]) -> None:
        if order_ids:
            run = BulkRun(
                self.operations, "Ask the rules about", "apply_rules", order_ids, {}, self
            )
            run.finished.connect(self.shell.say_done)
            run.stopped.connect(self._refused)
            run.start()

    def _refused(self, problem: Problem) -> None:
        self.shell.complain(problem.title, problem.advice)

    def lists(self) -> Sequence[QWidget]:
        """Return where plain letters are commands."""
        return (self.list,)

    def start(self) -> None:
        """Put the cursor into the list."""
        (self.list if self._split.isVisible() else self).setFocus()

    def commands(self) -> Sequence[Command]:
        """Declare what can be done here."""

        def there() -> str:
            return "" if self.current is not None else "there is no rule"

        def can_go(step: int) -> str:
            is_inside = 0 <= self.at + step < len(self.book.rules)
            return there() or ("" if is_inside else "it is at the end already")

        def taught() -> str:
            return "" if self.lessons.found else "overrides suggest no rule"

        def drafted() -> str:
            return "" if self._has_draft() else "there is no draft"

        def command(
            name: str, title: str, run: Callable[[], object], key: str, icon: str,
            why_not: Callable[[], str] = there, help_: str = "",
        ) -> Command:  # fmt: skip
            return Command(f"rules.{name}", title, run, key, icon, "Rule", self.id, why_not, help_)

        return (
            command("add_rule", "New rule", self.add, "N", "plus", always,
                    "Behind the one that is chosen; it is off until it says something"),
            command("move_up", "Move the rule up", partial(self.shift, -1), "", "up",
                    partial(can_go, -1), "Alt and the up arrow do so in the list"),
            command("move_down", "Move the rule down", partial(self.shift, 1), "", "down",
                    partial(can_go, 1), "Alt and the down arrow do so in the list"),
            command("turn_rule", "Switch the rule off or on", self.turn, "", "minus",
                    help_="A rule that is off is kept and asked about no order"),
            command("delete_rule", "Delete the rule", self.delete, "Del", "cancel",
                    help_="Undo brings it back"),
            command("preview_rules", "Preview what the rules change…", self.preview,
                    "P", "search", help_="Which open orders would ship from elsewhere, and for what"),
            command("try_rules", "Try the rules on an order", self.show_trace, "T", "search",
                    help_="What each of them says of it, one after the other"),
            command("discard_draft", "Discard the draft", self.discard, "", "withdraw", drafted,
                    "The version in force stays as it is"),
            command("learn_rule", "Put in force what overrides suggest", self.learn_first, "L",
                    "override", taught, "The first of the rules that are drafted from overrides"),
            command("activate_rules", "Put the rules in force", self.put_in_force, "Ctrl+Return",
                    "accept", drafted, "New orders go by them; open ones when you ask again"),
        )  # fmt: skip


_DAMAGED = "These rules are damaged. Put another version in force, or restore a backup."


def _readable(text: str) -> Rulebook:
    """Return the rules of a text; of a damaged one none, which the page says."""
    try:
        return parsed(text)
    except RefusedError:
        return EMPTY


def _state(around: Surroundings, now: datetime) -> str:
    draft, active = around.version("draft"), around.version("active")
    if draft is not None:
        decides = f"version {active.version} decides" if active else "no rules decide yet"
        return f"Draft {draft.version}; {decides}"
    if active is None or active.activated_at is None:
        return ""
    return f"Version {active.version} decides, in force since {moment(active.activated_at, now)}"
