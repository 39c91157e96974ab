"""``sync``: keep the connected accounts in step without a window."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

from app.cli.command import IN_PART, Answer, Call, Command, argument
from app.domain.changes import Changes
from app.domain.syncing import SyncState, SyncStatus, came_words
from app.errors import RefusedError
from app.services.desk import Desk, Syncing, SyncListener
from app.services.syncing.connections import Connected, connections

_LOOKS_EVERY = 60.0
_GOOD = (SyncState.UP_TO_DATE, SyncState.PAUSED)


def sync(call: Call) -> Answer:
    """Look at every connected account once, or again and again."""
    args, engine = call.args, call.desk.sync
    accounts = call.desk.read(connections)
    wanted = [x for x in accounts if args.channel in ("", None, x.channel)]
    if engine is None or not wanted:
        raise RefusedError(
            f"No {args.channel or 'account'} is connected; nothing was asked.",
            "Connect one in the window, on the page Channels.",
        )
    if args.watch:
        return _watch(call.desk, engine)
    looked = engine.look_once(args.channel or "")
    call.desk.watch_cases()
    return _answer(looked)


def _answer(looked: list[tuple[Connected, SyncStatus, dict[str, int]]]) -> Answer:
    document = [_row(*each) for each in looked]
    troubled = any(status.state not in _GOOD for _, status, _ in looked)
    return Answer(document, lambda: [_line(*each) for each in looked], IN_PART * troubled)


def _row(account: Connected, status: SyncStatus, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "account": account.name, "channel": account.channel, "state": status.state.value,
        "title": status.title, "advice": status.advice,
        "until": status.until.isoformat() if status.until else None, "counts": counts,
    }  # fmt: skip


def _line(account: Connected, status: SyncStatus, counts: dict[str, int]) -> str:
    if status.state is SyncState.UP_TO_DATE:
        told = counts.get("told_acked", 0)
        return f"{account.name}: {came_words(counts)}" + (f", {told} told" if told else "")
    if status.state is SyncState.PAUSED:
        return f"{account.name}: paused"
    return f"{account.name}: {status.title} {status.advice}".strip()


def _watch(desk: Desk, engine: Syncing) -> Answer:
    """Keep in step until somebody ends the program."""
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    said: dict[int, tuple[str, str]] = {}

    def status(now: SyncStatus) -> None:
        words = (now.state.value, now.title)
        if now.state is not SyncState.SYNCING and said.get(now.account_id) != words:
            said[now.account_id] = words
            if now.title:
                _say(f"{now.title} {now.advice}".strip())

    def came(changes: Changes) -> None:
        if changes.label:
            _say(changes.label)

    engine.start(SyncListener(status, came))
    _say("Keeping the connected accounts in step. End it with Ctrl+C.")
    while not ended.wait(_LOOKS_EVERY):
        desk.watch_cases()
    engine.stop()
    return Answer([], lambda: ["Ended."])


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


COMMANDS = (
    Command(
        "sync",
        "pull orders from the connected accounts, and tell them what has shipped and how much is left",
        "sync --once --channel shopify",
        sync,
        (
            argument(
                "--once", action="store_true", help="look at every account once (the default)"
            ),
            argument("--watch", action="store_true", help="keep looking until it is ended"),
            argument("--channel", default="", metavar="NAME", help="only this channel's accounts"),
        ),
    ),
)
