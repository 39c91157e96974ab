"""What does the inbox say of each card?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.queries.inbox.cards import Card
from app.ui import statuses
from app.ui.lists.columns import Column, Pill
from app.ui.pages.exceptions.effects import worth
from app.ui.tokens import Tone
from app.ui.words import ago, exact, left

URGENT, SOON = 60, 35


def score_pill(card: Card) -> Pill:
    """Return the score in the colour of its weight; the number alone says it, too."""
    total = card.score.total
    tone = Tone.BAD if total >= URGENT else Tone.WARN if total >= SOON else Tone.NEUTRAL
    return Pill(str(total) if card.score.parts else "over", tone, "exceptions")


def card_columns(now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because hours left run down."""

    def due(card: Card) -> str:
        return left(card.due_at, now()) if card.due_at and card.score.parts else ""

    def why(card: Card) -> str:
        return "\n".join(f"{each.name}: {each.points} of {each.most}. {each.sentence}"
                         for each in card.score.parts)  # fmt: skip

    def whose(card: Card) -> str:
        return card.case.assigned_to or card.case.owner

    return (
        Column("Score", lambda card: str(card.score.total), 7, "score", pill=score_pill, hint=why,
               about="From 0 to 100: deadline, money, how bad it is, whether that lasts, who waits and how many"),
        Column("Severity", lambda card: card.severity, 11, "severity", leaves=3,
               pill=lambda card: statuses.SEVERITIES[card.severity]),
        Column("What is wrong", lambda card: card.title, 42, "title", stretches=True, is_strong=True),
        Column("Decide in", due, 10, "due_at", tone=lambda card: statuses.urgency(card.due_at, now()),
               hint=lambda card: exact(card.due_at) if card.due_at else ""),
        Column("At risk", lambda card: worth(card.money), 11, "money_at_risk", is_numeric=True,
               about="What the orders in it are worth"),
        Column("Whose", whose, 12, "owner", leaves=2),
        Column("What it means", lambda card: card.case.impact, 30, is_quiet=True, leaves=1),
        Column("Opened", lambda card: ago(card.case.opened_at, now()), 10, "opened_at", is_quiet=True,
               leaves=4, hint=lambda card: exact(card.case.opened_at)),
    )  # fmt: skip
