"""How does a page ask something, and say why nothing was done? In the pane beside what it is about."""

from __future__ import annotations

from typing import Protocol

from app.ui.operations import Problem
from app.ui.pages.page import Page
from app.ui.widgets.form import InlineForm, Question
from app.ui.widgets.pane import DetailPane


class Asker(Protocol):
    """The page, as its actions see it."""

    def ask(self, question: Question) -> InlineForm:
        """Ask something beside the list."""

    def answered(self) -> None:
        """Close the question."""

    def complain(self, problem: Problem) -> None:
        """Say in the question, or else as a message of the window, why nothing was done."""


class AskingPage(Page):
    """A page with a pane in which one question at a time is asked."""

    pane: DetailPane

    def ask(self, question: Question) -> InlineForm:
        """Ask beside the list."""
        return self.pane.ask(question)

    def answered(self) -> None:
        """Close the question."""
        self.pane.close_question()

    def complain(self, problem: Problem) -> None:
        """Say in the question why nothing was done, or else as a message of the window."""
        if self.pane.form is not None:
            self.pane.form.complain(f"{problem.title} {problem.advice}".strip())
        elif not problem.details:
            self.operations.failed.emit(problem.title, problem.advice)
