"""Which export is this? Its column names say so, never the file's name or extension."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from rapidfuzz import fuzz, process

from app.sync.files import limits
from app.sync.files.formats import Format
from app.sync.files.layout import column_key
from app.sync.files.refusals import UnreadableFileError

DELIMITERS: Final = (",", "\t", ";", "|")
SEARCHED_ROWS: Final = 40
_LONG_HEADER: Final = 256 * 1024
_SEARCHED_TEXT: Final = 4 * 1024 * 1024
_SHOWN_COLUMNS: Final = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be the header: which row (from 0), how it is split, and its names.

    ``table`` numbers the sheets of a workbook.
    """

    at: int
    cells: tuple[str, ...]
    delimiter: str
    names: frozenset[str]
    table: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The export that a file is, and where its header stands.

    ``others`` are what the further sheets of a workbook are, each in the same way.
    """

    format: Format
    header: Candidate
    others: tuple[Found, ...] = ()


def text_candidates(text: str, chosen: str = "") -> Iterator[Candidate]:
    """Split the first physical lines by every delimiter that an export may use, or the chosen one."""
    for at, line in enumerate(
        islice(io.StringIO(text[:_SEARCHED_TEXT], newline=""), SEARCHED_ROWS)
    ):
        for delimiter in (chosen,) if chosen else DELIMITERS:
            if delimiter in line:
                yield from _split(at, line, delimiter)


def row_candidate(at: int, cells: Sequence[str], table: int) -> Candidate:
    """Return a workbook's row as a candidate."""
    return replace(_candidate(at, tuple(cells), ","), table=table)


def find(candidates: Sequence[Candidate], formats: Sequence[Format]) -> Found:
    """Return the export with the most specific fingerprint on the first row that has any.

    Raises:
        UnreadableFileError: no row is the header of an export we know; the nearest is named.
    """
    matching = [
        Found(each, candidate)
        for candidate in candidates
        for each in formats
        if each.layout.matches(candidate.names)
    ]
    if not matching:
        raise _unknown(candidates, formats)
    matching.sort(key=lambda x: (x.header.table, x.header.at, -len(x.format.layout.required)))
    best: dict[int, Found] = {}
    for each in matching:
        best.setdefault(each.header.table, each)
    first, *others = best.values()
    return replace(first, others=tuple(others))


def unwrapped(cell: str, delimiter: str) -> list[str]:
    """Split a row that a spreadsheet has enclosed as a whole in one pair of quotes."""
    return next(csv.reader(io.StringIO(cell, newline=""), delimiter=delimiter), [])


def _split(at: int, line: str, delimiter: str) -> Iterator[Candidate]:
    if line.count(delimiter) >= limits.COLUMNS and len(line) > _LONG_HEADER:
        raise too_many_columns(line.count(delimiter) + 1)
    if len(line) > _LONG_HEADER:
        return
    cells = unwrapped(line, delimiter)
    if len(cells) == 1:
        cells = unwrapped(cells[0], delimiter)
    if len(cells) > 1:
        yield _candidate(at, tuple(cells), delimiter)


def _candidate(at: int, cells: tuple[str, ...], delimiter: str) -> Candidate:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return Candidate(at, cells, delimiter, frozenset(map(column_key, cells)) - {""})


def too_many_columns(count: int) -> UnreadableFileError:
    """Return the refusal of a table that is wider than any export."""
    return UnreadableFileError(
        "TOO_MANY_COLUMNS",
        f"The file has {count:,} columns; at most {limits.COLUMNS} are read.",
        "Choose the export itself; remove columns that the channel did not write.",
    )


def _unknown(candidates: Sequence[Candidate], formats: Sequence[Format]) -> UnreadableFileError:
    widest = max(candidates, key=lambda x: len(x.names), default=Candidate(0, (), ",", frozenset()))
    if len(widest.cells) > limits.COLUMNS:
        return too_many_columns(len(widest.cells))
    if not widest.names:
        return UnreadableFileError(
            "UNKNOWN_FORMAT",
            "The file has no header line with column names.",
            "Choose an export of one of your channels, or a CSV with a header line.",
        )
    closeness, nearest, header = max(
        ((_closeness(x, y), y, x) for x in candidates for y in formats), key=lambda x: x[0]
    )
    return _missing_columns(header if closeness else widest, nearest, near=closeness >= 0.6)


def _closeness(candidate: Candidate, format_: Format) -> float:
    if not format_.layout.allows(candidate.names):
        return 0.0
    required = format_.layout.required
    found = len(required) - len(format_.layout.missing(candidate.names))
    known = sum(map(format_.layout.reads, candidate.names))
    return found / len(required) + 0.001 * min(known, 99) if found else 0.0


def _missing_columns(seen: Candidate, nearest: Format, *, near: bool) -> UnreadableFileError:
    missing = nearest.layout.missing(seen.names)
    named = ", ".join(f"“{x}”" for x in missing)
    what = f"the column {named} is" if len(missing) == 1 else f"the columns {named} are"
    if near:
        title = f"This looks like {nearest.title}, but {what} missing."
    else:
        title = f"This is no export we know. The nearest is {nearest.title}, but {what} missing."
    return UnreadableFileError(
        "MISSING_COLUMN" if near else "UNKNOWN_FORMAT",
        f"{title} Columns seen: {_shown(seen.cells)}.{_suggestion(missing, seen)}",
        "Download the export again with all its columns, or rename the columns to match.",
    )


def _shown(cells: Sequence[str]) -> str:
    names = [x.strip("\ufeff ")[:40] for x in cells if x.strip()]
    more = f" and {len(names) - _SHOWN_COLUMNS} more" if len(names) > _SHOWN_COLUMNS else ""
    return ", ".join(names[:_SHOWN_COLUMNS]) + more


def _suggestion(missing: Sequence[str], seen: Candidate) -> str:
    for name in missing:
        close = process.extractOne(name, sorted(seen.names), scorer=fuzz.ratio, score_cutoff=80)
        if close:
            return f" Is “{close[0]}” meant to be “{name}”?"
    return ""
