"""How is a file read whose columns a person has matched with ours? As a format like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.importing import Profile, Reading
from app.sync.files.detection import Candidate
from app.sync.files.formats import FORMATS, Format
from app.sync.files.layout import Layout, column_key
from app.sync.files.sheet import Sheet
from app.sync.files.writing import REASON_COLUMN

MAPPED: Final = ("own-orders", "stock", "catalogue")


def header_hash(cells: Sequence[str]) -> str:
    """Return what a header is known by: its column names as they compare, our own reasons left out."""
    names = [x for x in map(column_key, cells) if x != REASON_COLUMN]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def profile_of(candidates: Iterable[Candidate], profiles: Sequence[Profile]) -> Profile | None:
    """Return the profile of the first header that has one."""
    known = {each.header_hash: each for each in profiles}
    if not known:
        return None
    return next((known[x] for x in map(_hash, candidates) if x in known), None)


def _hash(candidate: Candidate) -> str:
    return header_hash(candidate.cells)


def mapped_format(reading: Reading) -> Format:
    """Return the format that a reading with columns makes of one of ours."""
    base = next(x for x in FORMATS if x.name == (reading.format or MAPPED[0]))
    return replace(base, layout=_mapped(base.layout, dict(reading.columns), dict(reading.fixed)))


def _mapped(layout: Layout, columns: Mapping[str, str], fixed: Mapping[str, str]) -> Layout:
    """Return a layout that reads only the columns that a person chose, by the file's own names."""
    ours = (*layout.required, *layout.optional, *layout.spellings)
    hidden = dict.fromkeys(map(column_key, ours), "")
    chosen = {column_key(theirs): field for field, theirs in columns.items() if theirs}
    return replace(
        layout,
        required=tuple(x for x in layout.required if x not in fixed),
        optional=(*layout.optional, *(x for x in layout.required if x in fixed)),
        spellings={**hidden, **chosen},
        unless=(),
        mostly_known=False,
    )


@dataclass(frozen=True, slots=True)
class Supplement:
    """The values that no column of the file has, put behind every row."""

    fixed: tuple[tuple[str, str], ...]

    def add_to(self, sheet: Sheet) -> None:
        """Add a column for each value; the last, empty cell stays the last."""
        for field, value in self.fixed:
            sheet.places[field] = sheet.width
            sheet.header = (*sheet.header, field)
            for cells in sheet.rows:
                cells.insert(-1, value)
