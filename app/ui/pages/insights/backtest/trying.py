"""What is tried on the past, and how: beside everything else, until a person stops it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from app.domain.promising.sheet_file import sheet_from
from app.domain.roles import Permission
from app.domain.rulebook.text import parsed
from app.errors import RefusedError
from app.queries.published import decisions
from app.services import gate
from app.services.backtesting import proving
from app.services.backtesting.buffers import backtest_buffers, sweep_buffer
from app.services.backtesting.comparing import BufferTest, Sweep
from app.services.backtesting.replaying import Progress
from app.services.backtesting.rules import Backtest, backtest_rules
from app.services.desk import Desk
from app.services.rules import rulebooks
from app.ui.lists.exporting import StoppedError

Found = Backtest | BufferTest | Sweep


class Trial(Protocol):
    """Something that can be tried."""

    def replay(self, desk: Desk, since: datetime, progress: Progress) -> Tried:
        """Let the orders since a moment come in once more under it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it; ``verdict`` is what the trail keeps, where drafts must be tried before they count."""

    trial: Trial
    found: Found
    verdict: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TryRules:
    """Rules: the draft of them, or those of a file."""

    text: str
    is_draft: bool = True

    def replay(self, desk: Desk, since: datetime, progress: Progress) -> Tried:
        """Decide every order again."""
        found = desk.read(
            backtest_rules, text=self.text, since=since, now=desk.now(), progress=progress
        )
        return Tried(self, found, _verdict(desk, proving.of_rules, self.text, found))


@dataclass(frozen=True, slots=True)
class TrySheet:
    """Answers of the policy sheet, and its calendar if one is given."""

    channels: dict[str, dict[str, Any]]
    calendar: list[dict[str, Any]] | None = None

    @classmethod
    def of_link(cls, said: str) -> TrySheet:
        """Return what a link says."""
        channels, calendar = json.loads(said)
        return cls(channels, calendar)

    @property
    def link(self) -> str:
        """Return it as pages hand it on to each other."""
        return json.dumps((self.channels, self.calendar))

    def replay(self, desk: Desk, since: datetime, progress: Progress) -> Tried:
        """Ask for every sale again."""
        found = desk.read(
            backtest_buffers, channels=self.channels, calendar=self.calendar, since=since,
            now=desk.now(), progress=progress,
        )  # fmt: skip
        return Tried(
            self, found, _verdict(desk, proving.of_sheet, self.channels, self.calendar, found)
        )


@dataclass(frozen=True, slots=True)
class TryNumbers:
    """Several numbers for one answer of the sheet, of one channel or of all ``used``."""

    name: str
    values: range
    channel: str
    used: tuple[str, ...]

    def only(self, value: int) -> TrySheet:
        """Return one of the numbers by itself."""
        codes = (self.channel,) if self.channel else self.used
        return TrySheet({code: {self.name: value} for code in codes})

    def replay(self, desk: Desk, since: datetime, progress: Progress) -> Tried:
        """Ask for every sale again, once for each number."""
        return Tried(self, desk.read(
            sweep_buffer, name=self.name, values=self.values, channel=self.channel, since=since,
            now=desk.now(), progress=progress,
        ))  # fmt: skip


def _verdict(desk: Desk, prove: Callable[..., dict[str, Any]], *of: Any) -> dict[str, Any] | None:
    if desk.actor.may(Permission.WORK) and desk.read(gate.is_gated):
        return desk.read(prove, *of)
    return None


class Replay:
    """One trial under way."""

    def __init__(self, desk: Desk, trial: Trial, since: datetime) -> None:
        self.trial = trial
        self._desk, self._since = desk, since
        self._is_stopped = False

    def stop(self) -> None:
        """Go no further; nothing was changed."""
        self._is_stopped = True

    def run(self, tell: Progress) -> Tried | None:
        """Return what came of it; nothing if somebody stopped it."""

        def go_on(done: int, total: int) -> None:
            if self._is_stopped:
                raise StoppedError
            tell(done, total)

        try:
            return self.trial.replay(self._desk, self._since, go_on)
        except StoppedError:
            return None


@dataclass(frozen=True, slots=True)
class Known:
    """What can be tried: the text of the draft of the rules, if there is one, and the channels in use.

    Where it ``is_gated``, a draft counts only once it was tried.
    """

    draft: str | None
    channels: tuple[str, ...]
    is_gated: bool = False


def read_known(desk: Desk) -> Known:
    """Read what can be tried."""
    draft = desk.read(rulebooks.current, "draft")
    text = None if draft is None else draft.text
    return Known(text, tuple(desk.read(decisions).channels), desk.read(gate.is_gated))


def of_file(path: Path) -> TryRules | TrySheet:
    """Return what a file wants to be tried: a policy sheet ends in .toml, anything else are rules.

    Raises:
        RefusedError: it cannot be read, or says something that nobody understands.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path.name} cannot be read; nothing was tried.",
                           "Choose a policy sheet or rules that were saved as a file.") from error  # fmt: skip
    if path.suffix.lower() == ".toml":
        return TrySheet(*sheet_from(text))
    parsed(text)
    return TryRules(text, is_draft=False)
