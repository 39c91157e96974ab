"""What does this file hold? The one door: bytes in, a :class:`ParsedFile` out, never a traceback.

Pure but for :func:`read_path`, which reads the bytes: no clock, no database, no network.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from app.domain.importing import FileKind, ParsedFile
from app.sync.files import limits
from app.sync.files.detection import Found, find
from app.sync.files.formats import FORMATS, Format
from app.sync.files.layout import column_key
from app.sync.files.refusals import UnreadableFileError
from app.sync.files.sheet import Mapped, Sheet
from app.sync.files.sheet_checks import (
    refuse_day_first,
    refuse_rounded_identities,
    settle_decimal_sign,
)
from app.sync.files.sources import Source, opened
from app.sync.files.writing import REASON_COLUMN, original

__all__ = ["AUTO", "FORMATS", "Format", "read_file", "read_path"]

AUTO: Final = "auto"


def read_path(path: Path, *, today: date, format_name: str = AUTO) -> ParsedFile:
    """Read a file from disk; one that is too large is refused before a byte of it is read.

    Raises:
        OSError: the file cannot be opened.
    """
    size = path.stat().st_size
    if size > limits.FILE_BYTES:
        return _refused(path.name, _too_large(size), None)
    return read_file(path.name, path.read_bytes(), today=today, format_name=format_name)


def read_file(name: str, data: bytes, *, today: date, format_name: str = AUTO) -> ParsedFile:
    """Read a file's bytes; what cannot be read is refused in a sentence.

    ``today`` bounds plausible dates. ``format_name`` is one of :data:`FORMATS` or ``auto``.
    """
    found: Found | None = None
    try:
        if len(data) > limits.FILE_BYTES:
            raise _too_large(len(data))
        source = opened(data)
        found = find(tuple(source.candidates()), _formats(format_name))
        with _collector_paused():
            return _parsed(name, found, source, today)
    except UnreadableFileError as error:
        return _refused(name, error, found.format if found else None)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking the rows again and again while they pile up.

    They hold no cycles; on 100,000 rows its walks take longer than the reading itself.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _mapped(format_: Format, sheet: Sheet) -> Mapped:
    if any(column_key(x) == REASON_COLUMN for x in sheet.header):
        _restore(sheet)
    refuse_rounded_identities(sheet, format_.layout)
    refuse_day_first(sheet, format_.layout)
    settle_decimal_sign(sheet, format_.layout)
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


def _parsed(name: str, found: Found, source: Source, today: date) -> ParsedFile:
    format_, sheet = found.format, source.sheet(found)
    sheet.today = today
    mapped = _mapped(format_, sheet)
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
        rejected=mapped.rejected,
        notices=(*sheet.notices, *mapped.notices),
        header=sheet.header,
        reject_rows=tuple(
            (sheet.lines[i], tuple(sheet.rows[i][: sheet.width])) for i in mapped.rejected_at
        ),
    )


def _refused(name: str, error: UnreadableFileError, format_: Format | None) -> ParsedFile:
    return ParsedFile(
        name=name,
        format=format_.name if format_ else "",
        kind=format_.kind if format_ else FileKind.UNKNOWN,
        channel=format_.channel if format_ else "",
        refusal=str(error),
        refusal_code=error.code,
    )
