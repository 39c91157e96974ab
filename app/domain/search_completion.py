"""What could be meant by the word that is being typed into a search?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.search_errors import nearest
from app.domain.search_fields import FieldKind, SearchField, Vocabulary

_NAMED: Final = re.compile(r"([A-Za-z_]+):")
_NAME: Final = re.compile(r"[A-Za-z_]+")
_PLAIN: Final = re.compile(r'[^\s"(),*|]+')
_QUOTE_OPENS_AFTER: Final = ' \t\n(,:|-"'
_COMPARISONS: Final[Mapping[FieldKind, tuple[tuple[str, str], ...]]] = {
    FieldKind.NUMBER: ((">3", "more than 3"), ("<3", "less than 3"), ("2..5", "from 2 to 5")),
    FieldKind.MONEY: ((">50", "more than 50"), ("<50", "less than 50"),
                      ("50..100", "from 50 to 100")),
    FieldKind.MOMENT: (("today", "that day"), ("tomorrow", "that day"),
                       ("<+4h", "within 4 hours, or past"), ("<now", "past"),
                       (">-7d", "in the last 7 days, or later")),
    FieldKind.AGE: ((">2d", "more than 2 days"), ("<4h", "less than 4 hours"),
                    ("1d..3d", "from 1 to 3 days")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typing:
    """The word under the cursor: the name of a field, or the value of ``field`` that begins so.

    From ``at`` to ``end`` it would be replaced.
    """

    prefix: str
    at: int
    end: int
    field: SearchField | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be meant: ``text`` is put in the place of what was typed."""

    text: str
    shown: str
    says: str = ""


def typing_at(text: str, cursor: int, fields: Vocabulary) -> Typing | None:
    """Return what is being typed at the cursor; nothing where no completion could help."""
    start, value_at, is_open = _word_start(text, cursor)
    word = text[start:cursor]
    named = _NAMED.match(word)
    if not named:
        is_name = not word or _NAME.fullmatch(word)
        return Typing(word, start, _end(text, cursor), None) if is_name and not is_open else None
    field = fields.find(named[1])
    if field is None:
        return None
    at = max(value_at, start + named.end())
    return Typing(text[at:cursor].removeprefix('"'), at, _end(text, cursor, is_open), field)


def _word_start(text: str, cursor: int) -> tuple[int, int, bool]:
    """Return where the word at the cursor starts, its last alternative, and whether a quote is open."""
    start = value_at = 0
    is_open = False
    for at, sign in enumerate(text[:cursor]):
        if sign == '"':
            is_open = not is_open and (at == 0 or text[at - 1] in _QUOTE_OPENS_AFTER)
        elif is_open:
            continue
        elif sign.isspace() or (at == start and sign in "-("):
            start = value_at = at + 1
        elif sign in ",|":
            value_at = at + 1
    return start, value_at, is_open


def _end(text: str, cursor: int, is_open: bool = False) -> int:
    """Return where the word at the cursor ends."""
    stop = re.compile('"' if is_open else r"[\s,)|:]").search(text, cursor)
    if stop is None:
        return len(text) if not is_open else cursor
    return stop.end() if is_open or stop[0] == ":" else stop.start()


def field_offers(typing: Typing, fields: Vocabulary) -> list[Offer]:
    """Return the fields whose name, or whose other name, begins so, or comes near."""
    word = typing.prefix.casefold()
    found = [
        each for each in fields.fields
        if any(name.startswith(word) for name in (each.name, *each.aliases))
    ]  # fmt: skip
    if not found and len(word) > 3 and (near := fields.find(nearest(word, fields.all_names))):
        found = [near]
    return [Offer(f"{each.name}:", f"{each.name}:", each.says) for each in found]


def value_offers(typing: Typing) -> list[Offer]:
    """Return the values that are known without asking the database."""
    field, word = typing.field, typing.prefix.casefold()
    if field is None:
        return []
    if field.kind is FieldKind.CHOICE:
        return [
            Offer(each, each, field.meanings.get(each, ""))
            for each in field.choices
            if each.startswith(word)
        ]
    offered = _COMPARISONS.get(field.kind, ())
    return [Offer(text, text, says) for text, says in offered if text.startswith(word)]


def known_offer(value: str, says: str) -> Offer:
    """Return a value of the database as it is written in a search."""
    return Offer(quoted(value), value, says)


def quoted(value: str) -> str:
    """Return a value as one word of the search language."""
    if _PLAIN.fullmatch(value) and not value.startswith(("<", ">", "=")):
        return value
    return '"' + value.replace('"', " ").strip() + '"'


def completed(text: str, typing: Typing, offer: Offer) -> tuple[str, int]:
    """Return the search with an offer taken, and where the cursor then stands."""
    before, after = text[: typing.at] + offer.text, text[typing.end :]
    if not offer.text.endswith(":") and not after:
        after = " "
        return before + after, len(before) + 1
    return before + after, len(before)
