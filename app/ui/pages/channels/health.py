"""The strip of connected accounts: is each in step, since when, and what is to be done if it is not?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.syncing import SyncState, SyncStatus, SyncStep
from app.queries.accounts import HealthRow
from app.ui import statuses
from app.ui.lists.columns import Pill
from app.ui.operations import Operations
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, button, down, frame
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import count_of, exact, moment

PILLS: Final = {
    SyncState.UP_TO_DATE: Pill("Up to date", Tone.GOOD, "accept"),
    SyncState.SYNCING: Pill("Syncing", Tone.INFO, "refresh"),
    SyncState.WAITING: Pill("Waiting", Tone.NEUTRAL, "clock"),
    SyncState.OFFLINE: Pill("Offline", Tone.WARN, "channels"),
    SyncState.ATTENTION: Pill("Needs attention", Tone.BAD, "exceptions"),
    SyncState.PAUSED: Pill("Paused", Tone.NEUTRAL, "hold"),
}
_COUNTED: Final = {
    SyncStep.ORDERS: "{} orders in",
    SyncStep.OPEN_ORDERS: "{} open orders looked at again",
    SyncStep.MESSAGES: "{} messages told",
    SyncStep.QUANTITIES: "{} quantities told",
    SyncStep.PARCELS: "{} parcels asked about",
}
Act = Callable[[str, HealthRow], object]


def health_cards(
    rows: Sequence[HealthRow], live: Sequence[SyncStatus], operations: Operations, act: Act
) -> list[QWidget]:
    """Return a card for each connected account; ``act`` gets a verb and the account."""
    now_doing = {status.key: status for status in live}
    return [_card(row, now_doing.get(row.key), operations, act)
            for row in as_it_is_now(rows, live)]  # fmt: skip


def as_it_is_now(rows: Sequence[HealthRow], live: Sequence[SyncStatus]) -> list[HealthRow]:
    """Return accounts as their threads have them this moment."""
    now_doing = {status.key: status for status in live}
    return [_with(row, now_doing.get(row.key)) for row in rows]


def _with(row: HealthRow, status: SyncStatus | None) -> HealthRow:
    """Return an account as its thread has it this moment."""
    if status is None or row.state is SyncState.PAUSED:
        return row
    return replace(row, state=status.state, title=status.title, advice=status.advice,
                   until=status.until, is_signed_out=status.is_signed_out)  # fmt: skip


def _card(row: HealthRow, status: SyncStatus | None, operations: Operations, act: Act) -> QWidget:
    card = frame("card")
    is_paused = row.state is SyncState.PAUSED
    head = across(Text(row.name, step="strong"), PillLabel(PILLS[row.state]), None, spacing=9)
    for verb, words, kind in (
        ("now", "Sync now", "link"), ("resume" if is_paused else "pause",
         "Resume" if is_paused else "Pause", "link"),
        ("more", "Disconnect…" if row.carrier else "Change…", "link"),
    ):  # fmt: skip
        if verb == "more" and row.is_signed_out:
            head.addWidget(button("Sign in again…", partial(act, "connect", row), kind="primary",
                                  name=f"Connect {row.name} again"))  # fmt: skip
        if not (verb == "now" and is_paused):
            head.addWidget(button(words, partial(act, verb, row), kind=kind,
                                  name=f"{words} {row.name}"))  # fmt: skip
    lines = [Text(_step(row, status, operations), quiet=True, wraps=True).hint(_hint(row))]
    if row.title:
        tone = Tone.BAD if row.state is SyncState.ATTENTION else None
        lines.append(Text(row.title, tone=tone, wraps=True))
        lines.append(Text(row.advice.replace(_WHERE, ""), quiet=True, wraps=True))
    card.setLayout(down(head, *lines, spacing=3, margins=(14, 10, 12, 10)))
    return card


_WHERE = " under Channels"  # which need not be said here


def _step(row: HealthRow, status: SyncStatus | None, operations: Operations) -> str:
    """Say how far the account is, in one line."""
    now = operations.now()
    parts = ["Carrier" if row.carrier else statuses.channel(row.channel)]
    if row.state is SyncState.SYNCING and status is not None and status.done:
        of = f" of {status.total:,}" if status.total else ""
        parts.append(_COUNTED[status.step].format(f"{status.done:,}{of}"))
    verb = "asked" if row.carrier else "in step"
    if row.last_good_at is None:
        parts.append(f"not {verb} yet")
    else:
        behind = ", later than promised" if row.is_late else ""
        parts.append(f"{verb} {moment(row.last_good_at, now)}{behind}")
    if row.waiting:
        parts.append(f"{count_of(row.waiting, 'message')} to tell")
    if row.stuck:
        parts.append(f"{count_of(row.stuck, 'message')} stuck")
    if row.until is not None and row.state in (SyncState.WAITING, SyncState.OFFLINE):
        parts.append(f"next try {moment(row.until, now)}")
    return " · ".join(parts)


def _hint(row: HealthRow) -> str:
    minutes = max(1, round(row.pace.total_seconds() / 60))
    words = [f"Looked at every {count_of(minutes, 'minute')}, promised within 10 minutes"]
    if row.carrier:
        words = ["Asked about each parcel: every hour near the door, every few hours on the road"]
    if row.last_good_at is not None:
        words.append(f"Last {'asked' if row.carrier else 'in step'}: {exact(row.last_good_at)}")
    if not row.carrier:
        words.append("Told quantities" if row.pushes_quantities else "Not told quantities")
    if abs(row.skew) > 120:
        words.append(f"This computer's clock differs from the channel's by {abs(row.skew)} seconds")
    return "\n".join(words)
