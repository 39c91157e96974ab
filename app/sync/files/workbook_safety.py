"""Is it safe to unpack this workbook? Decided from the zip directory, before anything inflates."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from app.sync.files import limits
from app.sync.files.refusals import UnreadableFileError

_DOCTYPE: Final = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E|<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y")
_CHUNK: Final = 1024 * 1024
_SAVE_AS_CSV: Final = (
    "Open it in the program that made it and save it as CSV UTF-8, or export again."
)


def refuse_unsafe(data: bytes) -> None:
    """Refuse a workbook that is too large, could run something, or reaches outside itself.

    Raises:
        UnreadableFileError: with the reason.
        zipfile.BadZipFile: the archive is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        _refuse_size(parts)
        for part in parts:
            _refuse_part(part)
        _refuse_doctypes(archive, parts)


def unsafe(what: str, code: str = "UNSAFE_WORKBOOK") -> UnreadableFileError:
    """Return the refusal of a workbook for one reason."""
    return UnreadableFileError(code, f"The workbook {what}.", _SAVE_AS_CSV)


def _refuse_size(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > limits.WORKBOOK_PARTS:
        raise unsafe(f"is too large: it has {len(parts):,} parts", "WORKBOOK_TOO_LARGE")
    unpacked = sum(x.file_size for x in parts)
    dense = any(
        x.file_size > limits.PACKED_PART_BYTES
        and x.file_size > x.compress_size * limits.PACKING_RATIO
        for x in parts
    )
    if unpacked > limits.WORKBOOK_BYTES or dense:
        size = f"it would unpack to {unpacked / 1024 / 1024:,.0f} MB"
        raise unsafe(f"is too large: {size}", "WORKBOOK_TOO_LARGE")


def _refuse_part(part: zipfile.ZipInfo) -> None:
    name = part.filename.replace("\\", "/").casefold()
    if ".." in name.split("/") or name.startswith("/") or ":" in name:
        raise unsafe("has a part whose path points outside it (“..”)")
    if part.flag_bits & 1:
        raise unsafe("is protected by a password")
    if "vbaproject" in name or "/macrosheets/" in name:
        raise unsafe("holds macros")
    if "/externallinks/" in name:
        raise unsafe("links to other files")


def _refuse_doctypes(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    for part in parts:
        if not part.filename.casefold().endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                if _DOCTYPE.search(tail + chunk):
                    raise unsafe("has a document type definition (DTD), which no export has")
                tail = chunk[-32:]
