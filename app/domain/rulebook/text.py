"""How is a rulebook written down, so that two versions can be read side by side?

    rule Teapots from the studio
      # They broke twice on the way from the shop.
      if       channel:etsy ANY(sku:POT-* qty:>1)
      ship     STUDIO, else RENO, else wait
      tag      fragile
      stop

    rule Old offer
      off
      …

One line for each thing that is said, so that a difference between versions is a line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final

from app.domain.rulebook.actions import Action, action
from app.domain.rulebook.rules import Rule, Rulebook
from app.errors import RefusedError

LONGEST: Final = 200_000
MOST_RULES: Final = 500
LONGEST_NAME: Final = 80
_WIDTH: Final = 8


def written(book: Rulebook) -> str:
    """Return a rulebook as text."""
    return "\n".join(written_rule(rule) for rule in book.rules)


def written_rule(rule: Rule) -> str:
    """Return one rule as text."""
    return "".join(f"{line}\n" for line in _lines(rule))


def _lines(rule: Rule) -> Iterator[str]:
    yield f"rule {rule.name}"
    yield from (f"  # {line}".rstrip() for line in lines_of(rule.about))
    if not rule.is_on:
        yield "  off"
    if rule.condition:
        yield _line("if", rule.condition)
    yield from (_line(each.verb.value, each.value) for each in rule.actions)


def _line(word: str, value: str) -> str:
    return f"  {word:<{_WIDTH}} {value}".rstrip()


def parsed(text: str) -> Rulebook:
    """Return the rulebook that a text holds; a condition that cannot be read is the linter's to name.

    Raises:
        RefusedError: a line is nothing that a rule has, or a name is missing, too long or taken.
    """
    if len(text) > LONGEST:
        raise RefusedError("This text is too long for a rulebook; nothing was kept.",
                           f"A rulebook has at most {LONGEST:,} characters.")  # fmt: skip
    found: list[_Draft] = []
    for number, line in enumerate(lines_of(text), 1):
        _read(line.strip(), number, found)
    _check_names(found)
    return Rulebook(tuple(each.rule for each in found))


def lines_of(text: str) -> list[str]:
    """Return the lines as an editor shows them; other separators belong to what is said."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return plain.removesuffix("\n").split("\n") if plain else []


class _Draft:
    """A rule while its lines are read."""

    def __init__(self, name: str, at: int) -> None:
        self.name, self.at = name, at
        self.condition, self.is_on = "", True
        self.about: list[str] = []
        self.actions: list[Action] = []

    @property
    def rule(self) -> Rule:
        """The rule that the lines say."""
        return Rule(
            self.name, self.condition, tuple(self.actions), "\n".join(self.about), self.is_on
        )


def _read(line: str, number: int, found: list[_Draft]) -> None:
    word, _, value = line.partition(" ")
    said = value.strip()
    if not line:
        return
    if word.casefold() == "rule":
        found.append(_Draft(" ".join(said.split()), number))
    elif not found:
        if not line.startswith("#"):
            raise _wrong(number, "A rulebook begins with a rule", "Write: rule and its name.")
    elif line.startswith("#"):
        found[-1].about.append(line.removeprefix("#").strip())
    elif word.casefold() == "off" and not said:
        found[-1].is_on = False
    elif word.casefold() == "if":
        _condition(found[-1], said, number)
    else:
        _action(found[-1], word, said, number)


def _condition(draft: _Draft, said: str, number: int) -> None:
    if draft.condition:
        raise _wrong(number, f"“{draft.name}” has a condition already",
                     "Join the two in one line, with OR and brackets where they are meant.")  # fmt: skip
    draft.condition = said


def _action(draft: _Draft, word: str, said: str, number: int) -> None:
    try:
        draft.actions.append(action(word, said))
    except RefusedError as error:
        raise _wrong(number, error.title.rstrip("."), error.advice) from None


def _check_names(found: list[_Draft]) -> None:
    if len(found) > MOST_RULES:
        raise RefusedError(f"A rulebook has at most {MOST_RULES} rules; nothing was kept.",
                           "Take out the rules that are off.")  # fmt: skip
    seen: set[str] = set()
    for each in found:
        if not each.name or len(each.name) > LONGEST_NAME:
            raise _wrong(each.at, f"A rule's name has 1 to {LONGEST_NAME} letters",
                         "Say in a few words what it is for.")  # fmt: skip
        if each.name.casefold() in seen:
            raise _wrong(each.at, f"There are two rules “{each.name}”", "Give one another name.")
        seen.add(each.name.casefold())


def _wrong(number: int, title: str, advice: str) -> RefusedError:
    return RefusedError(f"Line {number}: {title}; nothing was kept.", advice)


def difference(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """Return what changed between two versions, line by line: "+ " came, "- " went, "  " stayed."""
    lines = difflib.unified_diff(
        lines_of(written(before)), lines_of(written(after)), lineterm="", n=2
    )
    return tuple(line for line in lines if not line.startswith(("---", "+++")))
