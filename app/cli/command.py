"""What is a command? A name, its help, its arguments and what it does: data, so that the parser, the
manual's table and the tests all read the same list.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.cli.doors import Doors
from app.services.desk import Desk

DONE, FOUND_SOMETHING, REFUSED, IN_PART, BUG = range(5)
MOST = 1_000_000_000
MOST_DAYS = 36_500
YEARS = range(1970, 2201)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its names, and what argparse is to know of it."""

    names: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


def argument(*names: str, **options: Any) -> Argument:
    """Return an argument, written as for ``add_argument``."""
    return Argument(names, options)


def searching(help_text: str) -> tuple[Argument, Argument]:
    """Return how a list is searched: by words after its name, or by an option; both narrow it."""
    return (
        argument("search", nargs="*", metavar="SEARCH", default=[], help=help_text),
        argument(
            "--query", default="", metavar="SEARCH", help="the same, for words that begin with -"
        ),
    )


def whole_number(text: str) -> int:
    """Read a number of units, rows or orders; more than a database can hold is no such number."""
    try:
        value = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no whole number") from error
    if abs(value) > MOST:
        raise argparse.ArgumentTypeError(f"{text} is more than {MOST:,}")
    return value


def number_of_days(text: str) -> int:
    """Read a number of days; more than a century is no time that is reckoned with."""
    value = whole_number(text)
    if abs(value) > MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text} is more than {MOST_DAYS:,} days")
    return value


def with_zone(moment: datetime) -> datetime:
    """Return a moment that was written down; without a zone it is one of this place.

    Raises:
        ValueError: it lies so far away that nothing can be reckoned with it.
    """
    if moment.year not in YEARS:
        raise ValueError(f"{moment.year} is no year of a trade")
    return moment if moment.tzinfo else moment.astimezone()


def amount_of_rows(text: str) -> int:
    """Read how many of something are wanted: none, or more."""
    value = whole_number(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is less than 0")
    return value


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: one JSON document for scripts, or lines for a person.

    ``lines`` are made only if they are shown. A command that has printed by itself (the benchmark)
    or shows a window says nothing: its ``document`` is ``None``.
    """

    document: object = None
    lines: Callable[[], Sequence[str]] = tuple
    status: int = DONE


class Call:
    """One call of a command: its arguments, and the desk, opened when it is first asked for."""

    def __init__(self, args: argparse.Namespace, doors: Doors, closing: ExitStack) -> None:
        self.args = args
        self.doors = doors
        self._closing = closing
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """The opened desk."""
        if self._desk is None:
            self._desk = self._closing.enter_context(
                self.doors.desk(self.args.db, self.args.person)
            )
        return self._desk

    @property
    def address(self) -> str:
        """The database that is meant, without opening it."""
        return self.args.db or self.doors.address()


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the desk. ``name`` may be two words; ``example`` is shown with its help."""

    name: str
    help: str
    example: str
    run: Callable[[Call], Answer]
    arguments: tuple[Argument, ...] = ()
