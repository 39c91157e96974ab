"""The question where a parcel is, for what only a person knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.queries.shipments import ParcelRow
from app.ui.pages.shipments.codes import REASONS, STATES
from app.ui.widgets.form import Field, Question, Values


def question_of(row: ParcelRow, answer: Callable[[Values], object]) -> Question:
    """Ask what is known of a parcel."""
    return Question(
        f"Where is the parcel of {row.number}?",
        [
            Field("status", "It is", "delivered", STATES),
            Field("incident", "Because", "", REASONS),
            Field("hours", "Hours ago", 0),
            Field("place", "Where", placeholder="Front porch, Boise ID"),
            Field("words", "Who said so", placeholder="The customer wrote"),
        ],
        "Note it", answer,
        note="It is written into the parcel's timeline beside what its carrier reports.",
    )  # fmt: skip


def answered(values: Values, now: datetime) -> dict[str, Any]:
    """Return what the operation needs of what was entered."""
    hours = int(str(values["hours"] or 0))
    return {
        "status": str(values["status"]), "incident": str(values["incident"]),
        "at": now - timedelta(hours=hours), "place": str(values["place"]),
        "words": str(values["words"]),
    }  # fmt: skip
