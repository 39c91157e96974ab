from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.domain.importing import ParsedFile
from app.sync.files.reading import read_file

TODAY = date(2025, 11, 22)

Reading = Callable[..., ParsedFile]


@pytest.fixture
def read() -> Reading:
    """Read text or bytes as a file would be read on the day of the hostile files."""

    def read_it(data: str | bytes, name: str = "file.csv", format_name: str = "auto") -> ParsedFile:
        raw = data.encode() if isinstance(data, str) else data
        return read_file(name, raw, today=TODAY, format_name=format_name)

    return read_it
