"""What stands beside the inbox: one card with its facts, its score, its choices and how it is done here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from app.domain.cases import CaseKind
from app.domain.casework.matrix import Default
from app.queries.cases import CaseRow
from app.queries.inbox.cards import Card
from app.queries.inbox.notes import CardMore
from app.ui import statuses
from app.ui.pages.exceptions.columns import score_pill
from app.ui.pages.exceptions.effects import effect, worth
from app.ui.pages.exceptions.way import Way
from app.ui.pages.score import score_well
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.pane import Beside
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import ago, count_of, exact, left, moment, number, sentence

ASIDE_YEAR = 9999  # until it changes
_ABOUT_THE_ADDRESS = (CaseKind.ADDRESS_INVALID, CaseKind.TEXT_SUSPECT)
_BY_ITSELF = {
    Default.HOLD: "puts the order on hold",
    Default.KEEP_NUMBERS: "leaves the channel with its numbers",
    Default.PUT_ASIDE: "puts it aside",
}


def head_of(
    card: Card, now: datetime, open_score: Callable[[], object], *, is_open: bool
) -> list[QWidget | QLayout]:
    """Return the title, how urgent it is, and the way into the score."""
    row = card.case
    if row.resolved_at is not None:
        about = f"{row.owner} · opened {ago(row.opened_at, now)}"
        return [Text(row.title, step="heading", wraps=True), Text(about, quiet=True)]
    pills: list[QWidget] = [
        PillLabel(score_pill(card)),
        PillLabel(statuses.SEVERITIES[card.severity]),
    ]
    due = statuses.promise(card.due_at, now)
    if due is not None:
        pills.append(PillLabel(due, exact(card.due_at) if card.due_at else ""))
    words = "Close the score" if is_open else f"Why {card.score.total} of 100?"
    opens = button(words, open_score, kind="link", hint="How the score is made up (E)")
    parts: list[QWidget | QLayout] = [
        Text(card.title, step="heading", wraps=True),
        Beside(boxed(across(*pills, spacing=7)), opens),
    ]  # fmt: skip
    if card.money:
        parts.append(Text(f"{worth(card.money)} at risk", step="strong"))
    parts.append(Text(_whose(card, now), quiet=True, wraps=True))
    if is_open:
        parts.append(score_well(card.score))
    return parts


def _whose(card: Card, now: datetime) -> str:
    row = card.case
    person = f"{row.assigned_to}, for {row.owner}" if row.assigned_to else row.owner
    said = [person, f"opened {ago(row.opened_at, now)}"]
    if card.due_at is not None:
        said.append(f"to be decided {moment(card.due_at, now)} ({left(card.due_at, now)})")
    if row.step:
        said.append("nobody decided in time, so it has climbed")
    return " · ".join(said)


def body_of(
    card: Card, more: CardMore | None, choices: Sequence[Way], now: datetime, *,
    turn_into_rule: Callable[[], object], open_order: Callable[[int], object],
) -> list[QWidget | QLayout]:  # fmt: skip
    """Return the facts, the choices, the others that the cause has hit, notes, and how it is done."""
    row = card.case
    parts = [*_facts(row, now), _choices(card, choices)]
    if card.comes_again is not None and row.resolved_at is None:
        parts.append(_again(card, turn_into_rule))
    if more is not None and card.count > 1:
        parts.append(_others(card, more, open_order))
    if more is not None and more.notes:
        parts.append(_notes(more, now))
    return parts if row.resolved_at is not None else [*parts, _how(row)]


def _facts(row: CaseRow, now: datetime) -> list[QWidget | QLayout]:
    """Return what was found, what it means, and where it is if it is out of the way or over."""
    parts: list[QWidget | QLayout] = []
    if row.snoozed_until is not None:
        is_lasting = row.snoozed_until.year == ASIDE_YEAR
        when = "when it changes" if is_lasting else moment(row.snoozed_until, now)
        parts.append(_titled("Put aside", f"{sentence(row.snooze_reason)} It is back {when}."))
    if row.reason:
        parts.append(_titled("What was found", row.reason))
    if row.address and row.kind in _ABOUT_THE_ADDRESS:
        parts.append(_titled("Where it would go", row.address))
    parts.append(_titled("What it means", sentence(row.impact)))
    if row.resolved_at is not None:
        parts.append(
            _titled("How it ended", f"{sentence(row.resolution)} ({moment(row.resolved_at, now)})")
        )
    return parts


def _notes(more: CardMore, now: datetime) -> QWidget:
    said = (f"{each.text} ({each.actor}, {ago(each.written_at, now)})" for each in more.notes)
    return boxed(down(Text("Notes", step="strong"),
                      *(Text(words, wraps=True, copies=True) for words in said), spacing=4))  # fmt: skip


def _choices(card: Card, choices: Sequence[Way]) -> QWidget:
    rows: list[QWidget | QLayout] = []
    for at, way in enumerate(choices, 1):
        says = effect(way, card.money)
        act = button(
            way.title, way.run, kind=way.kind, icon_name=way.icon, hint=f"{says} ({at})".strip()
        )
        key = Text(str(at), quiet=True).hint(f"Press {at} in the list")
        words = [Text(says, quiet=True, wraps=True)] if says else []
        rows.append(boxed(down(across(act, key, None, spacing=8), *words, spacing=3)))
    return boxed(down(Text("You can", step="strong"), *rows, spacing=9))


def _again(card: Card, turn_into_rule: Callable[[], object]) -> QWidget:
    times = card.comes_again.times if card.comes_again else 0
    act = button("Turn into a rule… (W)", turn_into_rule, icon_name="rules")
    words = f"This came {times} times in the last 30 days. What would make it stop is drafted; you see it first."
    return boxed(down(Text("It comes again and again", step="strong"), Text(words, wraps=True),
                      across(act, None), spacing=5))  # fmt: skip


def _others(card: Card, more: CardMore, open_order: Callable[[int], object]) -> QWidget:
    rows: list[QWidget | QLayout] = []
    for each in more.cases:
        line = across(Elided(each.title), spacing=8)
        if each.order_id is not None:
            line.addWidget(button("Open", partial(open_order, each.order_id), kind="link",
                                  name=f"Open {each.order_number}"))  # fmt: skip
        rows.append(line)
    left_out = card.count - len(more.cases)
    if left_out:
        rows.append(Text(f"and {number(left_out)} more", quiet=True))
    return boxed(
        down(
            Text(f"All {count_of(card.count, 'case')} of one cause", step="strong"),
            *rows,
            spacing=4,
        )
    )


def _how(row: CaseRow) -> QWidget:
    said = [Text(row.how, wraps=True)]
    by_itself = _BY_ITSELF.get(Default(row.default)) if row.default else None
    if by_itself and not row.step:
        said.append(
            Text(f"If nobody decides in time, the desk {by_itself}.", quiet=True, wraps=True)
        )
    return boxed(down(Text("How it is done here", step="strong"), *said, spacing=4))


def _titled(title: str, words: str) -> QLayout:
    return down(Text(title, step="strong"), Text(words, wraps=True, copies=True), spacing=3)
