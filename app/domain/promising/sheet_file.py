"""The policy sheet as a text file: one answer a line, so that two versions can be compared.

It is TOML. A limit that is not set is written as ``""``, since what a file does not say stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.domain.promising.calendar import Occasion, Overlay, overlay_as_said, overlay_from
from app.domain.promising.policy import NAMES, ChannelRules, as_said
from app.domain.toml_text import pairs, quoted, read_toml
from app.errors import RefusedError

_ENTRY: Final = ("name", "occasion", "starts_at", "ends_at", "channels", "skus", "changes")


def sheet_text(rows: Mapping[str, ChannelRules], calendar: Sequence[Overlay]) -> str:
    """Return the sheet as it is written: channels by name, then the calendar by its beginnings."""
    lines = [] if calendar else ["calendar = []"]
    for code in sorted(rows):
        said = as_said(rows[code])
        lines += ["", f"[channels.{quoted(code)}]", *pairs(said, NAMES)]
    for each in sorted(calendar, key=lambda one: (one.starts_at, one.name)):
        lines += ["", "[[calendar]]", *pairs(overlay_as_said(each), _ENTRY)]
    return "\n".join(lines).lstrip("\n") + "\n"


def sheet_from(text: str) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]] | None]:
    """Read what a file says of channels, and the calendar if it says anything of that.

    Raises:
        RefusedError: it is no such file, or says something that the sheet does not have.
    """
    try:
        said = read_toml(text)
    except ValueError as error:
        raise _refused(f"The file cannot be read: {error}") from error
    _only(said, ("channels", "calendar"), "The file")
    channels = said.get("channels", {})
    if not _are_tables([channels]) or not _are_tables(channels.values()):
        raise _refused("“channels” holds something else than channels")
    for code, row in channels.items():
        _only(row, NAMES, f"The channel {code}")
    calendar = said.get("calendar")
    return channels, None if calendar is None else _entries(calendar)


def _entries(said: Any) -> list[dict[str, Any]]:
    if not isinstance(said, list) or not _are_tables(said):
        raise _refused("“calendar” holds something else than entries")
    return [_entry(each) for each in said]


def _entry(said: dict[str, Any]) -> dict[str, Any]:
    _only(said, _ENTRY, "An entry of the calendar")
    name = said.get("name", "")
    texts = [name, *_list(said, "channels"), *_list(said, "skus")]
    fits = (
        all(isinstance(each, str) for each in texts)
        and all(isinstance(said.get(key), str | datetime) for key in ("starts_at", "ends_at"))
        and said.get("occasion", Occasion.PEAK) in list(Occasion)
        and _are_tables([said.get("changes")])
    )
    if not fits:
        raise _refused(f"The calendar's entry “{name}” is not as one is written")
    try:
        return overlay_as_said(overlay_from(said))
    except ValueError as error:
        raise _refused(f"The calendar's entry “{name}” has no such day") from error


def _list(said: Mapping[str, Any], key: str) -> list[Any]:
    found = said.get(key, [])
    return found if isinstance(found, list) else [None]


def _are_tables(values: Iterable[Any]) -> bool:
    return all(isinstance(each, dict) for each in values)


def _only(said: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    strange = sorted(said.keys() - set(known))
    if strange:
        raise _refused(f"{what} says “{strange[0]}”, which is not on the sheet")


def _refused(title: str) -> RefusedError:
    return RefusedError(f"{title}; nothing was changed.", "“orderdeck policy export” writes one.")
