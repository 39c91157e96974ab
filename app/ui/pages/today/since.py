"""What is said of the time since a person left? A few sentences that can be put away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.queries.digest import Arrived, Digest
from app.ui import statuses
from app.ui.pages.exceptions.effects import worth
from app.ui.tokens import Tone
from app.ui.widgets.banner import Action, Banner
from app.ui.words import ago, count_of, joined, number


def digest_banner(digest: Digest, now: datetime, go: Callable[[str, str | None], object]) -> Banner:
    """Return the digest as one message; each number leads to where its rows are."""
    actions: list[Action] = []
    if digest.arrived:
        actions.append(("Newest orders", lambda: go("orders", "")))
    if digest.cases_opened:
        actions.append(("Open cases", lambda: go("exceptions", "")))
    if digest.file_count:
        actions.append(("Files that came", lambda: go("channels", None)))
    return Banner(f"Since you left, {ago(digest.since, now)}", "\n".join(sentences(digest)),
                  tone=Tone.INFO, actions=actions, closes=True, icon_name="clock")  # fmt: skip


def sentences(digest: Digest) -> list[str]:
    """Say what happened, a sentence for each kind of thing."""
    said: list[str] = []
    if digest.arrived:
        total = sum(each.count for each in digest.arrived)
        by_channel = joined([_arrived(each) for each in digest.arrived])
        said.append(f"{count_of(total, 'order')} came in: {by_channel}.")
    for who, count in digest.decided:
        said.append(f"{who} decided on {count_of(count, 'order')}.")
    if digest.cases_opened:
        said.append(f"{count_of(digest.cases_opened, 'case')} opened.")
    if digest.cases_resolved:
        said.append(f"{count_of(digest.cases_resolved, 'case')} settled.")
    if digest.file_count:
        rest = digest.file_count - len(digest.files)
        names = [*digest.files, *([f"{number(rest)} more"] if rest else [])]
        said.append(f"{count_of(digest.file_count, 'file')} came in: {joined(names)}.")
    return said


def _arrived(each: Arrived) -> str:
    money = f" ({worth(each.money)})" if each.money else ""
    return f"{number(each.count)} from {statuses.channel(each.channel)}{money}"
