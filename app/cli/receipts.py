"""How is the receipt of an operation said: what was done, what was left alone and why?"""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.command import DONE, IN_PART, REFUSED, Answer
from app.cli.terminal import visible
from app.domain.changes import Changes, Skipped

_SHOWN = 30


def receipt(changes: Changes, *, more: dict[str, object] | None = None) -> Answer:
    """Return the answer to an operation; 2 when all was left alone, 3 when some was."""
    skipped = changes.skipped
    document = {"label": changes.label, "done": changes.done, "skipped": skipped, **(more or {})}
    state = status(changes)
    return Answer(document, lambda: lines(changes.label, skipped, state), state)


def status(changes: Changes) -> int:
    """Return the exit status that a receipt means."""
    if not changes.skipped:
        return DONE
    return IN_PART if changes.done else REFUSED


def lines(label: str, skipped: Sequence[Skipped], state: int) -> list[str]:
    """Return a receipt in words; one that did nothing must not read like one that did."""
    said = ["Nothing was done." if state == REFUSED else f"{visible(label)}: done."]
    said += [f"Left alone: {visible(each.subject)}, {each.reason}." for each in skipped[:_SHOWN]]
    if len(skipped) > _SHOWN:
        said.append(f"… and {len(skipped) - _SHOWN} more left alone.")
    return said
