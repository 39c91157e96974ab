"""What does the list of Today say of each line? Why it is here, until when, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.queries.today_items import Doing, Item
from app.ui import statuses
from app.ui.lists.columns import Column, Pill
from app.ui.pages.exceptions.effects import worth
from app.ui.pages.today.choices import Choices
from app.ui.tokens import Tone
from app.ui.words import ago, exact, left

_ICONS = {
    Doing.ACCEPT: "override", Doing.SHIP: "ship", Doing.HELD: "hold", Doing.CASE: "exceptions",
    Doing.CASES: "exceptions", Doing.PARCELS: "shipments", Doing.TELL: "export",
}  # fmt: skip
URGENT, SOON = 60, 35


def item_columns(choices: Choices, now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because hours left run down."""

    def keys(item: Item) -> str:
        return "   ".join(f"{at} {each.short}" for at, each in enumerate(choices.of(item), 1))

    def whole(item: Item) -> str:
        return "\n".join(f"{at}: {each.title}" for at, each in enumerate(choices.of(item), 1))

    return (
        Column("Score", lambda item: str(item.score.total), 7, pill=score_pill, hint=why,
               about="From 0 to 100: the deadline, the money at stake, and whether harm lasts"),
        Column("What needs you", lambda item: item.title, 42, stretches=True, is_strong=True,
               hint=lambda item: f"{item.title}\n{item.why}"),
        Column("At stake", lambda item: worth(item.money), 12, is_numeric=True,
               about="What the orders in it are worth"),
        Column("Time left", lambda item: left(item.due_at, now()) if item.due_at else "", 11,
               tone=lambda item: statuses.urgency(item.due_at, now()),
               hint=lambda item: exact(item.due_at) if item.due_at else ""),
        Column("You can", keys, 27, hint=whole, leaves=4,
               about="Press 1, 2 or 3 to do it at once"),
        Column("Why", lambda item: item.why, 32, is_quiet=True, leaves=1),
        Column("Owner", lambda item: item.owner, 10, is_quiet=True, leaves=2),
        Column("Waiting", lambda item: waiting(item, now()), 9,
               is_quiet=True, leaves=3, hint=lambda item: exact(item.since) if item.since else ""),
    )  # fmt: skip


def waiting(item: Item, now: datetime) -> str:
    """Say how long it has been waiting."""
    return ago(item.since, now).removesuffix(" ago") if item.since else ""


def score_pill(item: Item) -> Pill:
    """Return the score with the icon of its kind; the colour says no more than the number."""
    total = item.score.total
    tone = Tone.BAD if total >= URGENT else Tone.WARN if total >= SOON else Tone.NEUTRAL
    return Pill(str(total), tone, _ICONS[item.doing])


def why(item: Item) -> str:
    """Say how the score is made up."""
    return "\n".join(
        f"{part.name}: {part.points} of {part.most}. {part.sentence}" for part in item.score.parts
    )
