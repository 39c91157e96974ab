"""The pane of codes without a meaning: what a carrier said, and the question what it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtWidgets import QLayout, QWidget

from app.domain.tracking.statuses import Incident, TrackingStatus
from app.domain.tracking.wording import WORDS
from app.queries.carrier_codes import UnmappedCode
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.text import Text
from app.ui.words import ago, count_of

STATES: Final = tuple(
    (status.value, words)
    for status, words in WORDS.items()
    if status is not TrackingStatus.UNMAPPED
)
REASONS: Final = (
    ("", "No reason"),
    *((each.name.lower(), each.value.capitalize()) for each in Incident),
)


def head_of(codes: Sequence[UnmappedCode], leave: Callable[[], object]) -> list[QWidget | QLayout]:
    """Say how many codes wait."""
    many = count_of(len(codes), "code")
    words = f"{many} of carriers without a meaning" if codes else "Every code has a meaning"
    return [
        Text(words, step="heading", wraps=True),
        across(button("Close", leave, icon_name="close", name="Close the codes"), None),
        Text("Say once what a code means. It is read into everything that carriers reported before, "
             "and the parcels move to where they belong.", quiet=True, wraps=True),
    ]  # fmt: skip


def body_of(
    codes: Sequence[UnmappedCode], ask: Callable[[UnmappedCode], object], now: datetime
) -> list[QWidget | QLayout]:
    """Show each code with its words, and the way to give it a meaning."""
    return [_code(each, ask, now) for each in codes]


def _code(code: UnmappedCode, ask: Callable[[UnmappedCode], object], now: datetime) -> QWidget:
    said = f"“{code.words}”" if code.words else "No words stand beside it."
    about = f"{count_of(code.parcels, 'parcel')}, last {ago(code.last_at, now)}"
    verb = button("Say what it means…", partial(ask, code), name=f"Say what {name_of(code)} means")
    return boxed(
        down(
            Text(name_of(code), step="strong", wraps=True),
            Text(said, wraps=True),
            Text(about, quiet=True, step="small"),
            across(verb, None),
            spacing=4, margins=(12, 9, 12, 10),
        ),
        "card",
    )  # fmt: skip


def name_of(code: UnmappedCode) -> str:
    """Return "USPS code Q7", or whose words they are."""
    house = code.carrier.upper() if len(code.carrier) <= 5 else code.carrier.title()
    return f"{house} code {code.code}" if code.code else f"Words of {house or 'a carrier'}"


def question_of(code: UnmappedCode, answer: Callable[[Values], object]) -> Question:
    """Ask what a code means."""
    scope = (
        [Field("scope", "Where", "code", (
            ("code", f"Wherever code {code.code} stands"),
            ("words", f"Only with the words “{_short(code.words)}”")))]
        if code.code and code.words else []
    )  # fmt: skip
    return Question(
        f"What does {name_of(code)} mean?",
        [
            Field("status", "The parcel is", "in_transit", STATES),
            Field("incident", "Because", "", REASONS),
            *scope,
        ],
        "That is what it means", answer,
        note=f"The carrier wrote: {code.words}" if code.words else "",
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
