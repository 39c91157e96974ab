"""Whose parcel is this, that came back without a word? Orders scored by what they have in common with it.

A score is a suggestion with its reasons; a person accepts it. Names are compared without case and accents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.folding import fold

SHOWN: Final = 5
FEW: Final = 3
_LEAST, _GOOD = 20, 40
_NUMBER, _TRACKING, _NAME, _POSTCODE, _GOODS, _SOME_GOODS, _RECENT = 60, 70, 40, 10, 25, 10, 5
_LONG_AGO: Final = 90


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of a parcel: its label, what stands on it, and what was in it (SKU -> units)."""

    tracking_number: str
    sender: str
    clue: str
    contents: Mapping[int, int]
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order that could be meant: its numbers, who got it, and what of it could come back."""

    order_id: int
    number: str
    external_id: str
    tracking_numbers: tuple[str, ...]
    names: tuple[str, ...]
    postcode: str
    returnable: Mapping[int, int]
    shipped_at: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """How well an order fits (0 to 100), and why, as sentences."""

    order_id: int
    score: int
    reasons: tuple[str, ...]


def matches(clues: Clues, candidates: Iterable[Candidate]) -> tuple[Match, ...]:
    """Return the orders that fit, best first; those that only hold the same goods where none does better."""
    found = [match for each in candidates if (match := score(clues, each)).score >= _LEAST]
    ranked = sorted(found, key=lambda match: (-match.score, -match.order_id))
    good = [each for each in ranked if each.score >= _GOOD]
    return tuple(good[:SHOWN] or ranked[:FEW])


def score(clues: Clues, order: Candidate) -> Match:
    """Return how well one order fits; what the order cannot hold speaks against it."""
    points: list[tuple[int, str]] = [
        *_by_label(clues, order), *_by_name(clues, order), *_by_goods(clues, order),
        *_by_time(clues, order),
    ]  # fmt: skip
    total = max(0, min(100, sum(each for each, _why in points)))
    return Match(order.order_id, total, tuple(why for _each, why in points))


def _by_label(clues: Clues, order: Candidate) -> Sequence[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    if clues.tracking_number and clues.tracking_number in order.tracking_numbers:
        found.append((_TRACKING, "It carries the tracking number of the parcel that left."))
    words = fold(clues.clue).replace("#", " ").split()
    known = {fold(order.number).lstrip("#"), fold(order.external_id)}
    if known & set(words):
        found.append((_NUMBER, f"The order's number {order.number} stands on it."))
    if order.postcode and fold(order.postcode) in words:
        found.append((_POSTCODE, "The postcode is the same."))
    return found


def _by_name(clues: Clues, order: Candidate) -> Sequence[tuple[int, str]]:
    sender = _name(clues.sender)
    if not sender:
        return ()
    names = [_name(each) for each in order.names if each]
    if sender in names:
        return ((_NAME, "The sender's name is the customer's."),)
    surname = {each[-1:] for each in names if each}
    if sender[-1:] in surname:
        return ((_NAME // 2, "The sender's last name is the customer's."),)
    return ()


def _name(text: str) -> tuple[str, ...]:
    return tuple(fold(text).replace(".", " ").replace(",", " ").split())


def _by_goods(clues: Clues, order: Candidate) -> Sequence[tuple[int, str]]:
    inside = Counter(dict(clues.contents))
    held = Counter(dict(order.returnable))
    if not inside:
        return ()
    if not inside - held:
        whole = " and nothing else" if inside == held else ""
        return ((_GOODS, f"The order holds what is in the parcel{whole}."),)
    if inside & held:
        return ((_SOME_GOODS, "The order holds a part of what is in the parcel."),)
    return ((-_GOODS, "The order holds nothing of what is in the parcel."),)


def _by_time(clues: Clues, order: Candidate) -> Sequence[tuple[int, str]]:
    days = (clues.arrived_at - order.shipped_at).days
    if days < 0:
        return ((-100, "It left only after this parcel had arrived."),)
    if days <= _LONG_AGO:
        return ((_RECENT, f"It left {days} {'day' if days == 1 else 'days'} before."),)
    return ((-_RECENT, f"It left {days} days before."),)
