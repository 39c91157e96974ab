"""What does this file hold? The one door: bytes in, a :class:`ParsedFile` out, never a traceback.

Pure but for :func:`read_path`, which reads the bytes: no clock, no database, no network.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from app.domain.importing import AS_IT_IS, FileKind, ParsedFile, Profile, Reading
from app.services.collecting import collector_paused
from app.sync.files import limits
from app.sync.files.carrier_answers import FORMAT, answered
from app.sync.files.dates_in_order import put_in_order
from app.sync.files.detection import Candidate, Found, find
from app.sync.files.formats import FORMATS, Format
from app.sync.files.layout import column_key
from app.sync.files.profiles import Supplement, header_hash, mapped_format, profile_of
from app.sync.files.refusals import UnreadableFileError
from app.sync.files.sheet import Mapped, Sheet
from app.sync.files.sheet_checks import (
    refuse_day_first,
    refuse_rounded_identities,
    settle_decimal_sign,
)
from app.sync.files.sources import opened
from app.sync.files.writing import REASON_COLUMN, original

__all__ = ["AUTO", "FORMATS", "Format", "read_file", "read_path"]

AUTO: Final = "auto"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a file is to be read, and what was said of files like it before."""

    format_name: str = AUTO
    reading: Reading = AS_IT_IS
    profiles: tuple[Profile, ...] = ()


NO_WISHES: Final = Wishes()


def read_path(path: Path, *, today: date, format_name: str = AUTO) -> ParsedFile:
    """Read a file from disk; one that is too large is refused before a byte of it is read.

    Raises:
        OSError: the file cannot be opened.
    """
    size = path.stat().st_size
    if size > limits.FILE_BYTES:
        return _refused(path.name, _too_large(size), None)
    return read_file(path.name, path.read_bytes(), today=today, format_name=format_name)


def read_file(
    name: str, data: bytes, *, today: date, format_name: str = AUTO, wishes: Wishes = NO_WISHES
) -> ParsedFile:
    """Read a file's bytes; what cannot be read is refused in a sentence.

    ``today`` bounds plausible dates. ``format_name`` is one of :data:`FORMATS` or ``auto``.
    """
    if format_name in (AUTO, FORMAT) and (answer := answered(name, data, today)) is not None:
        return answer
    opening = _Opening(data, wishes, format_name if format_name != AUTO else wishes.format_name)
    try:
        opening.look()
        with collector_paused():
            return opening.parsed(name, today)
    except UnreadableFileError as error:
        found = opening.found
        return _refused(name, error, found.format if found else None, opening.reading)


class _Opening:
    """A file on its way to being read: what is known of it so far."""

    def __init__(self, data: bytes, wishes: Wishes, format_name: str) -> None:
        self._data, self._profiles, self._format = data, wishes.profiles, format_name
        self.reading, self.profile = wishes.reading, ""
        self.found: Found | None = None

    def look(self) -> None:
        """Find out which export it is, by a remembered header before any fingerprint."""
        if len(self._data) > limits.FILE_BYTES:
            raise _too_large(len(self._data))
        self._source = opened(self._data, self.reading)
        candidates = self._candidates()
        if self._format == AUTO and not self.reading.columns:
            candidates = self._remembered(candidates)
        formats = (mapped_format(self.reading),) if self.reading.columns else _formats(self._format)
        self.found = find(candidates, formats)

    def parsed(self, name: str, today: date) -> ParsedFile:
        """Read it."""
        if self.found is None:
            raise RuntimeError("a file is looked at before it is read")
        return _parsed(name, self.found, self._source.sheet(self.found), today, self)

    def _remembered(self, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        known = profile_of(candidates, self._profiles)
        if known is None:
            return candidates
        before, self.profile = self.reading, known.name
        self.reading = before.over(known.reading)
        if self.reading.encoding == before.encoding:
            return candidates
        self._source = opened(self._data, self.reading)
        return self._candidates()

    def _candidates(self) -> tuple[Candidate, ...]:
        found = tuple(self._source.candidates())
        line = self.reading.header
        return tuple(x for x in found if x.at == line - 1) if line else found


def _mapped(format_: Format, sheet: Sheet, reading: Reading) -> Mapped:
    if any(column_key(x) == REASON_COLUMN for x in sheet.header):
        _restore(sheet)
    refuse_rounded_identities(sheet, format_.layout)
    if reading.dates:
        put_in_order(sheet, format_.layout, reading.dates)
    refuse_day_first(sheet, format_.layout)
    settle_decimal_sign(sheet, format_.layout, reading.decimal)
    return format_.read(sheet)


def _restore(sheet: Sheet) -> None:
    """Take off the apostrophes that our own export put before what looks like a formula."""
    for cells in sheet.rows:
        cells[:] = map(original, cells)


def _formats(name: str) -> tuple[Format, ...]:
    if name in ("", AUTO):
        return FORMATS
    chosen = tuple(x for x in FORMATS if x.name == name)
    if not chosen:
        known = ", ".join(x.name for x in FORMATS)
        raise UnreadableFileError(
            "UNKNOWN_FORMAT", f"There is no format “{name}”.", f"Choose auto or one of: {known}."
        )
    return chosen


def _too_large(size: int) -> UnreadableFileError:
    most = limits.FILE_BYTES // 1024 // 1024
    return UnreadableFileError(
        "TOO_LARGE",
        f"The file is too large: {size / 1024 / 1024:,.1f} MB, and at most {most} MB are read.",
        "Export a shorter period.",
    )


def _parsed(name: str, found: Found, sheet: Sheet, today: date, how: _Opening) -> ParsedFile:
    format_, header = found.format, sheet.header
    sheet.today = today
    Supplement(how.reading.fixed).add_to(sheet)
    mapped = _mapped(format_, sheet, how.reading)
    return ParsedFile(
        name=name,
        format=format_.name,
        kind=format_.kind,
        channel=format_.channel,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        decimal=sheet.decimal,
        rows=len(sheet.rows),
        orders=mapped.orders,
        skus=mapped.skus,
        stock=mapped.stock,
        kits=mapped.kits,
        listings=mapped.listings,
        payouts=mapped.payouts,
        tracking=mapped.tracking,
        rates=mapped.rates,
        rejected=mapped.rejected,
        notices=(*sheet.notices, *mapped.notices),
        header=header,
        reject_rows=tuple(
            (sheet.lines[i], tuple(sheet.rows[i][: len(header)])) for i in mapped.rejected_at
        ),
        reading=how.reading,
        header_line=found.header.at + 1,
        header_hash=header_hash(found.header.cells),
        profile=how.profile,
    )


def _refused(
    name: str,
    error: UnreadableFileError,
    format_: Format | None,
    reading: Reading = AS_IT_IS,
) -> ParsedFile:
    return ParsedFile(
        name=name,
        format=format_.name if format_ else "",
        kind=format_.kind if format_ else FileKind.UNKNOWN,
        channel=format_.channel if format_ else "",
        refusal=str(error),
        refusal_code=error.code,
        reading=reading,
    )
