"""Which text do these bytes spell, and how sure are we?"""

from __future__ import annotations

import codecs
import re
from itertools import islice

from app.sync.files.refusals import DOWNLOAD_AGAIN, UnreadableFileError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save it as .xlsx or CSV UTF-8"),
    (b"%PDF", "a PDF document", "Download the report as CSV"),
    (b"\x1f\x8b", "a compressed (.gz) file", "Unpack it first"),
    (b"\x89PNG", "a picture", "Choose the export file"),
    (b"\xff\xd8\xff", "a picture", "Choose the export file"),
    (b"SQLite format 3", "a database", "Choose the export file"),
)
_WEB_PAGE = re.compile(rb"\s*(<!doctype\s+html|<html|<head|<body|<script|<meta\s)", re.IGNORECASE)
_KANA = re.compile("[\u3041-\u30ff]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_SAVE_AS_UTF8 = "Export it again, or open it in a text editor and save it with the encoding UTF-8."


def decoded(data: bytes, wanted: str = "") -> tuple[str, str, bool]:
    """Return the text, the encoding, and whether that encoding is a guess.

    What a person ``wanted`` decides; then a byte order mark; then strict UTF-8; then, as a guess
    that the preview shows, Shift_JIS where it spells kana and otherwise Windows-1252.

    Raises:
        UnreadableFileError: empty, not text, a web page, or in no encoding we can be sure of.
    """
    _refuse_what_is_no_text(data)
    if wanted:
        return _as_wanted(data, wanted), wanted, False
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _marked(data, name), name.removesuffix("-sig"), False
    _refuse_unmarked_utf16(data)
    text, name, guessed = _unmarked(data)
    return text.removeprefix("\ufeff"), name, guessed


def _as_wanted(data: bytes, name: str) -> str:
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(
            "ENCODING",
            f"The file cannot be read as {name}: line {line} holds letters that it does not have.",
            "Choose another encoding, or let the desk find it.",
        ) from None
    except LookupError:
        raise UnreadableFileError(
            "ENCODING", f"There is no encoding “{name}”.", "Let the desk find the encoding."
        ) from None


def refuse_damage(text: str) -> None:
    """Refuse text that holds NUL characters: a disk or a transfer has damaged it."""
    at = text.find("\0")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise UnreadableFileError(
            "DAMAGED",
            f"The file is damaged: line {line} holds NUL characters, which no export writes.",
            DOWNLOAD_AGAIN,
        )
    if not text.strip("\ufeff \t\r\n"):
        raise empty_file()


def empty_file() -> UnreadableFileError:
    """Return the refusal of a file without any content."""
    return UnreadableFileError(
        "EMPTY", "The file is empty.", "Download the export again; it should have a header line."
    )


def _refuse_what_is_no_text(data: bytes) -> None:
    if not data.strip():
        raise empty_file()
    for signature, what, advice in _NOT_TEXT:
        if data.startswith(signature):
            raise UnreadableFileError("NOT_TEXT", f"This is {what}, not an export.", advice + ".")
    if _WEB_PAGE.match(data.removeprefix(codecs.BOM_UTF8)[:2048]):
        raise UnreadableFileError(
            "WEB_PAGE",
            "This is a web page, not an export: the channel probably asked you to sign in.",
            "Sign in to the channel in your browser and download the export again.",
        )


def _marked(data: bytes, name: str) -> str:
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _unknown_encoding(
            f"says that it is {name} but breaks at byte {error.start}"
        ) from None


def _refuse_unmarked_utf16(data: bytes) -> None:
    head = data[:4096]
    if len(head) >= 4 and max(head[::2].count(0), head[1::2].count(0)) * 5 > len(head) * 2:
        raise _unknown_encoding("looks like UTF-16 without the mark that says so")


def _unmarked(data: bytes) -> tuple[str, str, bool]:
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        pass
    japanese = _japanese(data)
    if japanese:
        return japanese, "shift_jis", True
    try:
        return data.decode("cp1252"), "cp1252", True
    except UnicodeDecodeError:
        raise _unknown_encoding("is neither UTF-8 nor Windows-1252") from None


def _japanese(data: bytes) -> str:
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return ""
    spells_kana = len(tuple(islice(_KANA.finditer(text), 2))) == 2 and not _PRIVATE_USE.search(text)
    return text if spells_kana else ""


def _unknown_encoding(what: str) -> UnreadableFileError:
    return UnreadableFileError(
        "ENCODING", f"The encoding of the file is unclear: it {what}.", _SAVE_AS_UTF8
    )
