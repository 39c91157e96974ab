"""``sync``: keep the connected accounts in step, and write to buyers, without a window."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.cli.command import IN_PART, Answer, Call, Command, argument
from app.cli.messages import sent_words
from app.domain.changes import Changes
from app.domain.syncing import SyncState, SyncStatus, came_words
from app.errors import DeskError, RefusedError
from app.services.desk import Desk, Syncing, SyncListener
from app.services.messaging import leaving
from app.services.syncing.parties import parties

_LOOKS_EVERY = 60.0
_GOOD = (SyncState.UP_TO_DATE, SyncState.PAUSED)
_MESSAGES = "Messages to buyers"


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a look at an account brought, or a round of messages to buyers; those have no channel."""

    name: str
    channel: str
    status: SyncStatus
    counts: Mapping[str, int]

    @property
    def words(self) -> str:
        """What a person is told of it."""
        if self.status.state is SyncState.PAUSED:
            return "paused"
        if self.status.state is not SyncState.UP_TO_DATE:
            return f"{self.status.title} {self.status.advice}".strip()
        if not self.channel:
            return sent_words(self.counts) or "none is due"
        told = self.counts.get("told_acked", 0)
        return came_words(self.counts) + (f", {told} told" if told else "")


def sync(call: Call) -> Answer:
    """Look at every connected account once, or again and again, and write to buyers."""
    args, desk, engine = call.args, call.desk, call.desk.sync
    accounts = [x for x in desk.read(parties) if args.channel in ("", None, x.channel)]
    writes = not args.channel and desk.mailer is not None and desk.read(leaving.is_wanted)
    if engine is None or not (accounts or writes):
        raise RefusedError(
            f"No {args.channel or 'account'} is connected; nothing was asked.",
            "Connect one in the window, on the page Channels.",
        )
    if args.watch:
        return _watch(desk, engine, writes=not args.channel)
    looked = [_Looked(account.name, account.channel, status, counts)
              for account, status, counts in engine.look_once(args.channel or "")]  # fmt: skip
    if writes:
        looked.append(_written(desk))
    desk.watch_cases()
    return _answer(looked)


def _written(desk: Desk) -> _Looked:
    """Draft what is news for buyers, and send what is due; what could not be sent stays due."""
    try:
        counts = desk.mailer.round() if desk.mailer is not None else {}
    except DeskError as trouble:
        status = SyncStatus(0, SyncState.ATTENTION, trouble.title, trouble.advice)
        return _Looked(_MESSAGES, "", status, {})
    return _Looked(_MESSAGES, "", SyncStatus(0, SyncState.UP_TO_DATE), counts)


def _answer(looked: Sequence[_Looked]) -> Answer:
    troubled = any(each.status.state not in _GOOD for each in looked)
    return Answer(
        [_row(each) for each in looked],
        lambda: [f"{each.name}: {each.words}" for each in looked],
        IN_PART * troubled,
    )


def _row(looked: _Looked) -> dict[str, Any]:
    status = looked.status
    return {
        "account": looked.name, "channel": looked.channel, "state": status.state.value,
        "title": status.title, "advice": status.advice,
        "until": status.until.isoformat() if status.until else None, "counts": dict(looked.counts),
    }  # fmt: skip


def _watch(desk: Desk, engine: Syncing, *, writes: bool) -> Answer:
    """Keep in step, and write to buyers, until somebody ends the program."""
    ended, tell = threading.Event(), _listener()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    engine.start(tell)
    _say("Keeping the connected accounts in step. End it with Ctrl+C.")
    is_over = False
    while not is_over:
        if writes:
            _tell_written(_written(desk), tell)
        desk.watch_cases()
        is_over = ended.wait(_LOOKS_EVERY)
    engine.stop()
    return Answer([], lambda: ["Ended."])


def _listener() -> SyncListener:
    """Return who says what comes and what is the matter, each trouble once."""
    said: dict[int | str, tuple[str, str]] = {}

    def status(now: SyncStatus) -> None:
        words = (now.state.value, now.title)
        if now.state is not SyncState.SYNCING and said.get(now.key) != words:
            said[now.key] = words
            if now.title:
                _say(f"{now.title} {now.advice}".strip())

    def came(changes: Changes) -> None:
        if changes.label:
            _say(changes.label)

    return SyncListener(status, came)


def _tell_written(written: _Looked, tell: SyncListener) -> None:
    tell.status(written.status)
    if any(written.counts.values()):
        _say(f"{written.name}: {written.words}")


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


COMMANDS = (
    Command(
        "sync",
        "pull orders from the connected accounts, tell them what has shipped and how much is left, "
        "ask carriers where parcels are, and write to buyers",
        "sync --once --channel shopify",
        sync,
        (
            argument(
                "--once", action="store_true", help="look at every account once (the default)"
            ),
            argument("--watch", action="store_true", help="keep looking until it is ended"),
            argument(
                "--channel",
                default="",
                metavar="NAME",
                help="only this channel's accounts or this carrier, and no messages to buyers",
            ),
        ),
    ),
)
