"""Where do rows come from? A delimited text or a workbook, behind the same two questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.domain.importing import AS_IT_IS, Reading
from app.sync.files.address_checks import MOJIBAKE
from app.sync.files.bidi import holds_bidi_controls
from app.sync.files.delimited import read_rows
from app.sync.files.detection import Candidate, Found, text_candidates
from app.sync.files.encoding import decoded, refuse_damage
from app.sync.files.sheet import Sheet
from app.sync.files.workbook import WorkbookSource, is_workbook


class Source(Protocol):
    """Something that holds a table."""

    def candidates(self) -> Iterator[Candidate]:
        """Yield the rows that may be the header."""
        ...

    def sheet(self, found: Found) -> Sheet:
        """Return the data rows below the header that was found."""
        ...


class TextSource:
    """A delimited text."""

    def __init__(self, data: bytes, reading: Reading) -> None:
        self._text, self.encoding, self._guessed = decoded(data, reading.encoding)
        self._delimiter = reading.delimiter
        refuse_damage(self._text)

    def candidates(self) -> Iterator[Candidate]:
        """Yield the first lines, split by each delimiter, or by the one that a person chose."""
        return text_candidates(self._text, self._delimiter)

    def sheet(self, found: Found) -> Sheet:
        """Return the data rows."""
        sheet = read_rows(self._text, found)
        sheet.encoding = self.encoding
        if self._guessed:
            sheet.notices["ENCODING_GUESSED"] = None
        if not self._text.isascii():
            sheet.mojibake = bool(MOJIBAKE.search(self._text))
            if holds_bidi_controls(self._text):
                sheet.notices["BIDI_CONTROL"] = None
        return sheet


def opened(data: bytes, reading: Reading = AS_IT_IS) -> Source:
    """Return the source that the bytes are.

    Raises:
        UnreadableFileError: neither text nor a workbook that is safe to open.
    """
    return WorkbookSource(data) if is_workbook(data) else TextSource(data, reading)
