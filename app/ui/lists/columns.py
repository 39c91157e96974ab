"""What does a list say of each row? Columns as data, and the shape in which a person wants them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.ui.tokens import Tone


@dataclass(frozen=True, slots=True)
class Pill:
    """A status: its word, its colour, and the icon that says the same without colour."""

    text: str
    tone: Tone
    icon: str


def no_hint(_row: Any) -> str:
    """Say nothing more about a cell."""
    return ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it says of a row, how wide it is (in digits), and how SQL sorts by it.

    ``name`` is what a saved view calls it, whatever its title will be one day. A column that
    ``is_hidden`` is only offered: whoever wants it chooses it.
    """

    title: str
    text: Callable[[Any], str]
    width: int = 12
    sort: str = ""
    is_numeric: bool = False
    stretches: bool = False
    is_strong: bool = False
    is_quiet: bool = False
    pill: Callable[[Any], Pill | None] | None = None
    tone: Callable[[Any], Tone | None] | None = None
    hint: Callable[[Any], str] = no_hint
    about: str = ""
    leaves: int = 0  # on a narrow screen the columns with 1 go first, then 2 …; 0 stays
    name: str = ""
    is_hidden: bool = False
    edits: str = ""  # the field that a person changes in this column, where the page edits in place

    def __post_init__(self) -> None:
        """Take the title for a name where none is given."""
        if not self.name:
            object.__setattr__(self, "name", _NO_WORD.sub("_", self.title.lower()).strip("_"))

    @property
    def words(self) -> str:
        """What to call it where its title is only a mark, or nothing."""
        return self.title if re.search(r"\w", self.title) else self.about or self.name.capitalize()


_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns are shown, from left to right, and how wide (in pixels) some of them are.

    Without names it is the page's own choice, from which columns step aside on narrow screens.
    """

    names: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_chosen(self) -> bool:
        """Whether a person chose the columns."""
        return bool(self.names)

    def shown(self, columns: Sequence[Column]) -> list[str]:
        """Return the names of the columns that are shown; the first one always is, and in front."""
        own = [column.name for column in columns if not column.is_hidden]
        known = {column.name for column in columns}
        first = columns[0].name
        wanted = [name for name in self.names or own if name in known and name != first]
        return [first, *dict.fromkeys(wanted)]

    def showing(self, names: Sequence[str]) -> Layout:
        """Return it with other columns."""
        return replace(self, names=tuple(names))

    def widened(self, name: str, width: int) -> Layout:
        """Return it with another width of a column."""
        return replace(self, widths={**self.widths, name: width})

    def as_data(self) -> dict[str, Any]:
        """Return it as what can be kept in a file."""
        return {"names": list(self.names), "widths": dict(self.widths)}


def layout_of(data: Any) -> Layout:
    """Return a layout that was kept in a file; of what makes no sense, the page's own."""
    kept = data if isinstance(data, Mapping) else {}
    names, widths = kept.get("names"), kept.get("widths")
    return Layout(
        tuple(str(name) for name in names) if isinstance(names, list) else (),
        {str(name): width for name, width in widths.items() if isinstance(width, int)}
        if isinstance(widths, Mapping)
        else {},
    )
