"""How do words on the command line become a call of a command?"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from app import __version__
from app.cli.command import Argument, Command, argument
from app.cli.program import NAME, program
from app.errors import RefusedError

DEFAULT = "gui"
GROUPS = {
    "report": "what does not fit, what was earned, how the desk worked, and what is about to open",
    "launch": "open a channel: plan it, sign, open, throttle or close it",
    "location": "the places that keep and ship stock: list, add or change them",
    "case": "what is done with a card of the exception inbox: give it to somebody, put it aside, end it",
    "count": "shelves that are counted while the shop goes on: start, enter, close or drop",
    "codes": "what channels call things: list them, forget one, or see those that nobody knows",
    "sku": "what is kept of SKUs: show, add, change or export them",
    "kit": "what is in a kit: show it, or say it",
    "watch": "the folders whose files come in by themselves: list, add or remove them",
    "profile": "how files with columns of their own are read: list, add, rename or remove",
    "operator": "the people at the desk and what they may do: list, add or change them",
}
"""What is said of commands of two words whose first word is no command by itself."""
_UNKNOWN = re.compile(r"argument (?:COMMAND|WHAT): invalid choice: '?(.*?)'? \(choose", re.DOTALL)


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in the desk's own words; the caller says them and ends."""

    def error(self, message: str) -> NoReturn:
        called = self.prog.replace(program(), NAME, 1)
        wrong = _UNKNOWN.match(message)
        if wrong:
            raise RefusedError(
                f"There is no command “{wrong[1]}”; nothing was done.", f"See: {called} --help"
            )
        raise RefusedError(
            f"That is not how “{called}” is called: {message}. Nothing was done.",
            f"See: {called} --help",
        )


def everywhere() -> tuple[Argument, ...]:
    """Return the options that every command takes, before or after its name."""
    return (
        argument("--db", metavar="URL", help="the database; default: one file in your own folder"),
        argument(
            "--as", dest="person", default="", metavar="NAME", help="who acts; default: the owner"
        ),
        argument("--json", action="store_true", help="one JSON document on standard output"),
    )


def build(commands: Iterable[Command]) -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = _Parser(
        program(), description="The order desk: one queue, one stock, every channel.",
        epilog="Without a command, the desk opens in its window.", allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"Orderdeck {__version__}")
    _add(parser, everywhere())
    parser.set_defaults(command=None)
    _Tree(parser).add_all(commands)
    return parser


class _Tree:
    """The commands below the program's name: one word, or two."""

    def __init__(self, root: argparse.ArgumentParser) -> None:
        self._below: dict[str, Any] = {
            "": root.add_subparsers(metavar="COMMAND", parser_class=_Parser)
        }
        self._parsers: dict[str, argparse.ArgumentParser] = {}
        self._words: dict[str, dict[str, str]] = {}  # what follows the first word of a group

    def add_all(self, commands: Iterable[Command]) -> None:
        """Add every command; a group of two-word commands gets a parser of its own."""
        for command in commands:
            group, _, word = command.name.rpartition(" ")
            parser = self._new(group, word, command.help, command.example)
            parser.epilog = f"Example: {program()} {command.example}"
            parser.set_defaults(command=command)
            _add(parser, command.arguments)

    def _new(
        self, group: str, word: str, help_text: str, example: str = ""
    ) -> argparse.ArgumentParser:
        if group and group not in self._parsers:
            parent = self._new("", group, GROUPS[group])
            parent.epilog = f"Example: {program()} {example}"
            self._words[group] = {}
            parent.set_defaults(command=None, group=parent, words=self._words[group])
        if group not in self._below:
            self._below[group] = self._parsers[group].add_subparsers(
                metavar="WHAT", parser_class=_Parser
            )
        name = f"{group} {word}".strip()
        made: argparse.ArgumentParser = self._below[group].add_parser(
            word, help=help_text, description=f"{help_text[:1].upper()}{help_text[1:]}.",
            allow_abbrev=False,
        )  # fmt: skip
        _add_again(made)
        self._parsers[name] = made
        self._words.setdefault(group, {})[word] = help_text
        return made


def _add(parser: argparse.ArgumentParser, arguments: Iterable[Argument]) -> None:
    for each in arguments:
        parser.add_argument(*each.names, **each.options)


def _add_again(parser: argparse.ArgumentParser) -> None:
    """Take the options of every command after its name too, without undoing those before it."""
    for each in everywhere():
        parser.add_argument(*each.names, **{**each.options, "default": argparse.SUPPRESS})


def _must_be_text(word: str) -> None:
    """Refuse bytes that are no text: nothing that keeps names or reasons could keep them."""
    try:
        word.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RefusedError(
            f"“{word}” holds bytes that are no text; nothing was done.",
            "If it is a file's name, rename the file.",
        ) from error


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for; without a command, the window.

    Raises:
        RefusedError: the words make no command.
    """
    for word in argv:
        _must_be_text(word)
    args = parser.parse_args(list(argv))
    group = getattr(args, "group", None)
    if args.command is None and group is not None:
        raise _needs_a_word(group, args.words)
    if args.command is None:
        args = parser.parse_args([*argv, DEFAULT])
    if hasattr(args, "search"):
        args.query = " ".join(each for each in (args.query, *args.search) if each)
    return args


def _needs_a_word(group: argparse.ArgumentParser, words: Mapping[str, str]) -> RefusedError:
    """Say what can follow the first word of a command of two."""
    called = group.prog.replace(program(), NAME, 1)
    ways = [f"  {called} {word}: {help_text}" for word, help_text in words.items()]
    return RefusedError(
        f"“{called}” needs one word more; nothing was done.", "\n".join(["One of these:", *ways])
    )
