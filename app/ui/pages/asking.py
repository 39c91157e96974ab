"""How does a page ask something, carry the answer out, and say what came of it? In the pane beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.changes import Changes
from app.ui.operations import Problem
from app.ui.pages.page import Page, Shell
from app.ui.widgets.controls import down, empty_out
from app.ui.widgets.form import Field, InlineForm, Question
from app.ui.widgets.pane import DetailPane

WIDEST: Final = 720


class Asker(Protocol):
    """The page, as its actions see it."""

    def ask(self, question: Question) -> InlineForm:
        """Ask something beside the list."""

    def answered(self) -> None:
        """Close the question."""

    def run(self, operation: str, /, **arguments: Any) -> None:
        """Carry out an operation: then the question is closed, and what was done is said."""

    def done(self, changes: Changes) -> None:
        """Close the question, and say what was done."""

    def complain(self, problem: Problem) -> None:
        """Say in the question, or else as a message of the window, why nothing was done."""


class Asks:
    """Asks one question at a time in its pane. Whoever has more to do after an answer adds it to ``done``."""

    shell: Shell
    pane: DetailPane

    @property
    def form(self) -> InlineForm | None:
        """The question that is open, if one is."""
        return self.pane.form

    def ask(self, question: Question) -> InlineForm:
        """Ask in the pane."""
        return self.pane.ask(question)

    def answered(self) -> None:
        """Close the question."""
        self.pane.close_question()

    def run(self, operation: str, /, **arguments: Any) -> None:
        """Carry out an operation: then the question is closed, and what was done is said."""
        self.shell.operations.run(operation, then=self.done, otherwise=self.complain, **arguments)

    def done(self, changes: Changes) -> None:
        """Close the question, and say what was done."""
        self.answered()
        self.shell.say_done(changes)

    def complain(self, problem: Problem) -> None:
        """Say in the question why nothing was done, or else as a message of the window."""
        if self.form is not None:
            self.form.complain(problem.said)
        elif not problem.details:
            self.shell.operations.failed.emit(problem.title, problem.advice)


def of_reason(problem: Problem, take: Callable[[str], object]) -> Question:
    """Ask why something that was refused is to be done all the same."""
    return Question(
        problem.title, [Field("reason", "Why all the same", is_needed=True)], "Let it count",
        lambda values: take(str(values["reason"])), note=f"{problem.advice} The reason is kept.", kind="danger",
    )  # fmt: skip


class AskingPage(Asks, Page):
    """A page with a pane in which questions are asked."""


class QuestionPlace(Asks, QWidget):
    """Where a view without a pane asks: above what it shows, and out of sight otherwise."""

    has_done = Signal()  # an answer was carried out

    def __init__(self, shell: Shell, margins: tuple[int, ...] = (16, 8, 16, 4)) -> None:
        super().__init__()
        self.shell = shell
        self._place = down(margins=margins)
        self.setLayout(self._place)
        self._form: InlineForm | None = None
        self.hide()

    @property
    def form(self) -> InlineForm | None:
        """The question that is open, if one is."""
        return self._form

    def ask(self, question: Question) -> InlineForm:
        """Ask, in place of what was asked before."""
        self.answered()
        form = self._form = InlineForm(question)
        form.setMaximumWidth(WIDEST)
        form.closed.connect(self.answered)
        self._place.addWidget(form)
        self.show()
        form.start()
        return form

    def answered(self) -> None:
        """Ask no longer."""
        self._form = None
        empty_out(self._place)
        self.hide()

    def done(self, changes: Changes) -> None:
        """Close the question, say what was done, and let the view read again."""
        super().done(changes)
        self.has_done.emit()
