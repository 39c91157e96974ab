"""How is a rulebook changed, one rule at a time? Values in, a new rulebook out."""

from __future__ import annotations

from dataclasses import replace

from app.domain.rulebook.rules import Rule, Rulebook
from app.domain.rulebook.text import LONGEST_NAME, parsed
from app.errors import RefusedError

NEW: str = "New rule"


def drafted(
    name: str, condition: str, actions: str, about: str = "", *, is_on: bool = True
) -> Rule:
    """Return the rule that stands in the fields of an editor; each action is a line.

    Raises:
        RefusedError: an action cannot be read, or there is no name.
    """
    said = " ".join(name.split())
    if not said or len(said) > LONGEST_NAME:
        raise RefusedError(f"A rule's name has 1 to {LONGEST_NAME} letters.",
                           "Say in a few words what it is for.")  # fmt: skip
    lines = [line for line in actions.splitlines() if line.strip()]
    try:
        found = parsed("\n".join(("rule x", *lines)))
    except RefusedError as error:
        _, _, title = error.title.partition(": ")
        raise RefusedError(title.removesuffix("; nothing was kept."), error.advice) from None
    if len(found.rules) != 1 or found.rules[0].condition or not found.rules[0].is_on:
        raise RefusedError("What is done is one action a line.", "Write the condition above.")
    return Rule(said, " ".join(condition.split()), found.rules[0].actions, about.strip(), is_on)


def actions_of(rule: Rule) -> str:
    """Return what a rule does, an action a line."""
    return "\n".join(each.line for each in rule.actions)


def with_rule(book: Rulebook, at: int, rule: Rule) -> Rulebook:
    """Return the book with a rule in the place of another.

    Raises:
        RefusedError: another rule has its name.
    """
    others = [each for place, each in enumerate(book.rules) if place != at]
    if any(each.name.casefold() == rule.name.casefold() for each in others):
        raise RefusedError(f"There is a rule “{rule.name}” already.", "Give it another name.")
    return Rulebook((*book.rules[:at], rule, *book.rules[at + 1 :]))


def added(book: Rulebook, at: int) -> Rulebook:
    """Return the book with a new rule at a place; it is off until it says something."""
    taken = {each.name.casefold() for each in book.rules}
    names = [NEW, *(f"{NEW} {n}" for n in range(2, len(book.rules) + 3))]
    name = next(each for each in names if each.casefold() not in taken)
    return Rulebook((*book.rules[:at], Rule(name, "", (), is_on=False), *book.rules[at:]))


def without(book: Rulebook, at: int) -> Rulebook:
    """Return the book without a rule."""
    return Rulebook((*book.rules[:at], *book.rules[at + 1 :]))


def moved(book: Rulebook, at: int, step: int) -> Rulebook:
    """Return the book with a rule so many places further down; at the ends it stays."""
    to = at + step
    if not 0 <= to < len(book.rules):
        return book
    rest = without(book, at).rules
    return Rulebook((*rest[:to], book.rules[at], *rest[to:]))


def turned(book: Rulebook, at: int) -> Rulebook:
    """Return the book with a rule switched off, or on again."""
    rule = book.rules[at]
    return with_rule(book, at, replace(rule, is_on=not rule.is_on))
