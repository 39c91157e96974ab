"""How does the owner get the rejected orders back to repair them?"""

from __future__ import annotations

from app.domain.importing import ParsedFile
from app.sync.files.formats import FORMATS
from app.sync.files.writing import REASON_COLUMN, csv_bytes


def rejects_csv(parsed: ParsedFile) -> bytes:
    """Return the rows of the rejected orders as the file had them, each with its reason.

    The file imports as it is once it is repaired: same header, same separator, whole orders; the
    added last column is ignored.
    """
    reasons = {x.row: x.message for x in parsed.rejected}
    header = [x for x in parsed.header if x != REASON_COLUMN]
    keep = [i for i, x in enumerate(parsed.header) if x != REASON_COLUMN]
    rows = (
        [*(cells[i] for i in keep), reasons.get(line, "")] for line, cells in parsed.reject_rows
    )
    quoted = parsed.delimiter != "\t" or _quotes_tabs(parsed.format)
    return csv_bytes(
        [*header, REASON_COLUMN], rows, delimiter=parsed.delimiter, quoted=quoted, bom=quoted
    )


def _quotes_tabs(format_name: str) -> bool:
    return all(x.layout.quoted_tabs for x in FORMATS if x.name == format_name)
