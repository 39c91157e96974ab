"""The exception matrix: what is done about each kind of case, by whom, until when, and if nobody does it?

A row a kind: who owns it, how bad it is, how many hours before the order's own promise somebody must have
decided (or, without a promise, how many after the opening), what the customer feels, what it is settled
with, the ladder that it climbs after the deadline, what the desk does by itself then, and a note that says
how it is done here. What the owner has not written stands as it is delivered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from app.domain.cases import CaseKind, Severity
from app.domain.casework.kinds import TEMPLATES
from app.errors import RefusedError

LONGEST_HOURS: Final = 30 * 24
MOST_STEPS: Final = 4


class Tool(StrEnum):
    """What a case is settled with: where Enter leads."""

    ORDER = "order"
    SKU = "sku"
    CHANNELS = "channels"
    SHIPMENTS = "shipments"
    MISMATCHES = "mismatches"
    RULES = "rules"
    FILES = "files"


class Default(StrEnum):
    """What the desk does by itself once the deadline has passed; all of it can be taken back."""

    NOTHING = "nothing"
    HOLD = "hold"
    KEEP_NUMBERS = "keep_numbers"
    PUT_ASIDE = "put_aside"


@dataclass(frozen=True, slots=True)
class Step:
    """So many hours after the deadline it is somebody else's, and that bad."""

    hours: int
    owner: str
    severity: Severity

    @property
    def words(self) -> str:
        """The step as it is written: "12 h: Owner, high"."""
        return f"{self.hours} h: {self.owner}, {self.severity}"


@dataclass(frozen=True, slots=True)
class Row:
    """What the matrix says of one kind."""

    owner: str
    severity: Severity
    before: int
    within: int
    impact: str
    tool: Tool
    ladder: tuple[Step, ...]
    default: Default
    note: str


Rows = Mapping[CaseKind, Row]
NAMES: Final = (
    "owner",
    "severity",
    "before",
    "within",
    "impact",
    "tool",
    "ladder",
    "default",
    "note",
)

_TOOLS: Final[Mapping[CaseKind, Tool]] = {
    CaseKind.NEGATIVE_STOCK: Tool.SKU,
    CaseKind.MISMATCH: Tool.MISMATCHES,
    CaseKind.RULE_REVIEW: Tool.RULES,
    CaseKind.FILE_PROBLEM: Tool.FILES,
    CaseKind.ORDER_UNREADABLE: Tool.CHANNELS,
    CaseKind.QUANTITIES_STOPPED: Tool.CHANNELS,
    CaseKind.MESSAGE_REFUSED: Tool.CHANNELS,
    CaseKind.CHANNEL_TROUBLE: Tool.CHANNELS,
    CaseKind.SYNC_STALE: Tool.CHANNELS,
    CaseKind.IN_DOUBT: Tool.CHANNELS,
}
# Only what harms nobody and can be taken back: an order waits, a channel keeps its numbers.
_DEFAULTS: Final[Mapping[CaseKind, Default]] = {
    CaseKind.QUANTITIES_STOPPED: Default.KEEP_NUMBERS,
    CaseKind.SHIPPED_ELSEWHERE: Default.HOLD,
    CaseKind.CANCEL_REQUESTED: Default.HOLD,
    CaseKind.CANCELLED_LATE: Default.HOLD,
    CaseKind.RULE_REVIEW: Default.PUT_ASIDE,
}
_LADDERS: Final[Mapping[Severity, tuple[Step, ...]]] = {
    Severity.HIGH: (Step(0, "Owner", Severity.HIGH),),
    Severity.MEDIUM: (Step(0, "Owner", Severity.HIGH),),
    Severity.LOW: (Step(0, "Owner", Severity.MEDIUM), Step(24, "Owner", Severity.HIGH)),
}


def delivered(kind: CaseKind) -> Row:
    """Return what is said of a kind where the owner has said nothing."""
    template = TEMPLATES[kind]
    return Row(
        template.owner, template.severity, template.before, template.within, template.impact,
        Tool(template.tool) if template.tool else _TOOLS.get(kind, Tool.ORDER), _LADDERS[template.severity],
        Default(template.default) if template.default else _DEFAULTS.get(kind, Default.NOTHING),
        template.note or _note(kind),
    )  # fmt: skip


def _note(kind: CaseKind) -> str:
    """Say how a kind is settled, from its ways out."""
    ways = TEMPLATES[kind].ways_out
    first, *others = [f"{way[0].upper()}{way[1:]}" for way in ways]
    rest = "".join(f" If that cannot be: {each[0].lower()}{each[1:]}." for each in others)
    return f"{first}.{rest}"


ALL_DELIVERED: Final[Rows] = {kind: delivered(kind) for kind in CaseKind}


def as_said(row: Row) -> dict[str, Any]:
    """Return a row as it is stored and written."""
    said = asdict(row)
    return {**said, "ladder": [step.words for step in row.ladder],
            **{name: str(said[name]) for name in ("severity", "tool", "default")}}  # fmt: skip


def row_from(kind: CaseKind, said: Mapping[str, Any], before: Row) -> Row:
    """Return a row with answers changed.

    Raises:
        RefusedError: there is no such answer, or it cannot be one.
    """
    strange = sorted(said.keys() - set(NAMES))
    if strange:
        raise _refused(f"The matrix has no column “{strange[0]}”", f"Columns: {', '.join(NAMES)}.")
    return _checked(kind, replace(before, **{name: _READ[name](said[name]) for name in said}))


def rows_from(said: Mapping[str, Mapping[str, Any]], before: Rows) -> dict[CaseKind, Row]:
    """Return the matrix with answers changed, by kind.

    Raises:
        RefusedError: there is no such kind or answer.
    """
    known = {kind.value: kind for kind in CaseKind}
    strange = sorted(said.keys() - known.keys())
    if strange:
        raise _refused(
            f"There is no kind of case “{strange[0]}”", "“orderdeck matrix” names them all."
        )
    changed = {
        known[code]: row_from(known[code], each, before[known[code]]) for code, each in said.items()
    }
    return {**before, **changed}


def _checked(kind: CaseKind, row: Row) -> Row:
    title = f"“{TEMPLATES[kind].title}”"
    if not row.owner or not row.impact or not row.note:
        raise _refused(f"{title} needs an owner, an impact and a note", "Say each in a few words.")
    hours = [step.hours for step in row.ladder]
    if hours != sorted(set(hours)) or len(hours) > MOST_STEPS:
        raise _refused(f"The ladder of {title} does not climb",
                       f"Up to {MOST_STEPS} steps, each later than the one before: 0 h, 12 h.")  # fmt: skip
    return row


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _refused(f"“{value}” is no text", "Write it as words.")
    return " ".join(value.split())


def _hours(value: Any) -> int:
    text = str(value).strip().removesuffix("h").strip()
    is_number = text.isdecimal() and len(text) < 5
    if isinstance(value, bool) or not is_number or int(text) > LONGEST_HOURS:
        raise _refused(
            f"“{value}” is no number of hours", f"A whole number, at most {LONGEST_HOURS}."
        )
    return int(text)


def _one_of(kind: type[StrEnum]) -> Any:
    def read(value: Any) -> StrEnum:
        try:
            return kind(str(value).strip().lower().replace(" ", "_"))
        except ValueError as error:
            raise _refused(f"“{value}” is no answer here", f"One of: {', '.join(kind)}.") from error

    return read


def _ladder(value: Any) -> tuple[Step, ...]:
    if isinstance(value, str):
        value = [line for line in value.replace(";", "\n").splitlines() if line.strip()]
    if not isinstance(value, list | tuple):
        raise _refused("A ladder is a list of steps", "Write a step as “12 h: Owner, high”.")
    return tuple(map(step_from, value))


def step_from(text: Any) -> Step:
    """Read a step as it is written.

    Raises:
        RefusedError: it is none.
    """
    hours, colon, rest = str(text).partition(":")
    owner, comma, severity = rest.rpartition(",")
    if not colon or not comma or not owner.strip():
        raise _refused(f"“{text}” is no step of a ladder", "Write a step as “12 h: Owner, high”.")
    return Step(_hours(hours), _text(owner), _one_of(Severity)(severity))


_READ: Final[Mapping[str, Any]] = {
    "owner": _text, "severity": _one_of(Severity), "before": _hours, "within": _hours,
    "impact": _text, "tool": _one_of(Tool), "ladder": _ladder, "default": _one_of(Default),
    "note": _text,
}  # fmt: skip


def _refused(title: str, advice: str) -> RefusedError:
    return RefusedError(f"{title}; nothing was changed.", advice)
