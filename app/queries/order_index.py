"""Which orders hold a text? Asked of what is kept for searching, and of the few orders not in it yet.

One meaning in both places: values are compared folded, each on a line of its own, so a whole value is
found between two ends of lines, and a part of one anywhere on its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    or_,
    select,
    true,
    union,
    union_all,
)

from app.domain.folding import fold
from app.domain.search_values import Match
from app.models.folding import Folded
from app.models.fulfilment import shipments
from app.models.orders import orders
from app.models.search import (
    FOUND_BY,
    FTS5,
    KINDS,
    LAYOUT,
    LINE,
    PLAIN,
    order_text_changes,
    order_text_state,
    order_texts,
    order_words,
)

Condition = ColumnElement[bool]
_QUOTE: Final = '"'
_LETTERS: Final = 3  # what the engines index: three letters in a row


NEAR: Final = 50_000  # orders; to go through so many takes less than to look thousands of hits up


def _never(_asked: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Index:
    """What has been read for searching: up to which order and shipment, and how it is found.

    ``is_near`` says of what is asked whether the newest orders hold as many of it as are wanted, so that
    whoever wants the newest first finds them by going through the orders from the newest on.
    """

    engine: str = PLAIN
    orders_to: int = 0
    shipments_to: int = 0
    is_behind: bool = True
    is_near: Callable[[str], bool] = _never


@dataclass(frozen=True, slots=True)
class Wanted:
    """What has to stand on one line: all of these parts; ``pattern``, if they alone do not say it."""

    parts: tuple[str, ...]
    pattern: str = ""


def index_of(db: Connection, *, newest: int = 0) -> Index:
    """Return how far the orders have been read, for a question for so many of the newest, or for all."""
    row = db.execute(_STATE).first()
    if row is None or row.layout != LAYOUT:
        return Index()
    is_behind = row.newest > row.orders_to or row.shipped > row.shipments_to or bool(row.changed)
    is_near = partial(_is_near, db, row.orders_to, newest) if newest else _never
    return Index(row.engine, row.orders_to, row.shipments_to, is_behind, is_near)


def _is_near(db: Connection, newest_id: int, wanted: int, asked: str) -> bool:
    """Return whether so many hits are among the newest ids, which are about the newest orders."""
    hits = _matching(asked).order_by(order_words.c.rowid.desc()).offset(wanted - 1).limit(1)
    last = db.execute(hits).scalar()
    return last is not None and last > newest_id - NEAR


def _matching(asked: str) -> Select[Any]:
    return select(order_words.c.rowid).where(order_words.c.order_words.match(asked))


def count(db: Connection, index: Index, text: str) -> int | None:
    """Return how many orders hold a text, if the index alone can say it."""
    wanted = Wanted((_folded(text),))
    asked = _asked_of_words(index, KINDS, wanted)
    if index.is_behind or not asked or not _says_all(wanted):
        return None
    found = _matching(asked).subquery()
    return db.execute(select(func.count()).select_from(found)).scalar_one()


_STATE: Final = select(
    order_text_state,
    select(func.coalesce(func.max(orders.c.id), 0)).scalar_subquery().label("newest"),
    select(func.coalesce(func.max(shipments.c.id), 0)).scalar_subquery().label("shipped"),
    select(func.count(order_text_changes.c.id)).scalar_subquery().label("changed"),
)


def contains(index: Index, text: str) -> Condition:
    """Return whether an order has a text in anything that it is found by."""
    return _found(index, KINDS, Wanted((_folded(text),)))


def matches(index: Index, kind: str, wanted: Match) -> Condition:
    """Return whether an order has what a text field asks for."""
    pieces = [_folded(part) for part in wanted.parts]
    if not wanted.is_whole:
        return _found(index, (kind,), Wanted(tuple(pieces)))
    pieces[0], pieces[-1] = LINE + pieces[0], pieces[-1] + LINE
    parts = tuple(piece for piece in pieces if piece not in ("", LINE))
    if len(parts) < 2:
        return _found(index, (kind,), Wanted(parts))
    return _found(index, (kind,), Wanted(parts, f"[^{LINE}]*".join(map(_literally, pieces))))


def _folded(text: str) -> str:
    return fold(text.replace(LINE, " "))


def _literally(text: str) -> str:
    """Return text as both engines' regular expressions take it for itself."""
    return re.sub(r"([^\w\s]|_)", r"\\\1", text)


def _found(index: Index, kinds: Sequence[str], wanted: Wanted) -> Condition:
    if not any(wanted.parts):
        return true()
    kept = _kept(index, kinds, wanted)
    if not index.is_behind:
        asked = _asked_of_words(index, kinds, wanted)
        # With anything added, SQLite does not look each id up.
        key = orders.c.id + 0 if asked and index.is_near(asked) else orders.c.id
        return key.in_(kept)
    (key,) = kept.selected_columns
    fresh = kept.where(key.not_in(select(order_text_changes.c.order_id)))
    return orders.c.id.in_(union_all(fresh, _asked_themselves(kinds, wanted, index)))


def _kept(index: Index, kinds: Sequence[str], wanted: Wanted) -> Select[Any]:
    """Select the orders whose kept texts say so."""
    table = order_texts.c
    said = or_(*(_on_a_line(table[kind], wanted) for kind in kinds))
    asked = _asked_of_words(index, kinds, wanted)
    if not asked:
        return select(table.order_id).where(said)
    if _says_all(wanted):
        return _matching(asked)
    return select(table.order_id).where(table.order_id.in_(_matching(asked)), said)


def _asked_of_words(index: Index, kinds: Sequence[str], wanted: Wanted) -> str:
    """Return what SQLite's index of words is asked; nothing where it cannot help."""
    parts = _parts(wanted)
    if index.engine != FTS5 or not parts:
        return ""
    asked = " AND ".join(f'"{part.replace(_QUOTE, _QUOTE * 2)}"' for part in parts)
    return asked if len(kinds) == len(KINDS) else f"{{{' '.join(kinds)}}} : ({asked})"


def _says_all(wanted: Wanted) -> bool:
    """Return whether the index of words alone knows which orders are wanted."""
    return not wanted.pattern and list(wanted.parts) == _parts(wanted)


def _parts(wanted: Wanted) -> list[str]:
    return [part for part in map(_worth_asking, wanted.parts) if len(part) >= _LETTERS]


def _worth_asking(part: str) -> str:
    """Leave out what nearly all addresses for mail end in: it tells nothing and takes long."""
    name = part.partition("@")[0]
    return f"{name}@" if "@" in part and len(name) >= _LETTERS else part


def _asked_themselves(kinds: Sequence[str], wanted: Wanted, index: Index) -> Select[Any]:
    """Select the orders that have not been read as they are now, and say so themselves."""
    waiting = union(
        select(orders.c.id).where(orders.c.id > index.orders_to),
        select(order_text_changes.c.order_id),
        select(shipments.c.order_id).where(shipments.c.id > index.shipments_to),
    )
    held = or_(*(_on_a_line(Folded(FOUND_BY[kind]), wanted) for kind in kinds))
    return select(orders.c.id).where(orders.c.id.in_(waiting), held)


def _on_a_line(text: Any, wanted: Wanted) -> Condition:
    asked = [text.like(f"%{_escaped(part)}%", escape="/") for part in wanted.parts]
    return and_(*asked, *([text.regexp_match(wanted.pattern)] if wanted.pattern else ()))


def _escaped(text: str) -> str:
    for sign in ("/", "%", "_"):
        text = text.replace(sign, "/" + sign)
    return text
