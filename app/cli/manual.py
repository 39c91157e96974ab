"""What does the manual say of the command line? Made from the register, so that it cannot be wrong."""

from __future__ import annotations

from collections.abc import Iterator

from app.cli.command import Argument
from app.cli.commands import all_commands
from app.cli.parser import everywhere
from app.domain.search_fields import (
    CASE_FIELDS,
    ORDER_FIELDS,
    SHIPMENT_FIELDS,
    SKU_FIELDS,
    Vocabulary,
)

_HEAD = """\
# The command line

Made by `scripts/write_command_table` from the register of commands: change those, not this page.

Everything that the window does to orders, stock and files can be done here, by the same operations. Every
command takes `--json` and then writes one JSON document to standard output and nothing else; what a person
should read goes to standard error.

| status | means |
|---|---|
| 0 | done |
| 1 | a check found something |
| 2 | refused, and nothing was changed: bad input, bad arguments, not allowed |
| 3 | done in part; the rest is reported |
| 4 | a mistake in the program, shown with its details |

With `--json`, a refusal is `{"error": {"title": …, "advice": …}}`.
"""

_SEARCH = """\
## Searching

Words beside each other must all be found: in an order's number, buyer, SKUs or tracking numbers. They are
taken literally; `%`, `_` and quotes mean nothing special. `"two words"` is one text, `-word` excludes,
`OR` and brackets group, and a field takes alternatives with commas: `channel:amazon,walmart`. In codes, `*`
stands for anything. Deadlines count from now (`shipby:<+4h`) or name a day (`shipby:today`,
`placed:2026-10-01..2026-10-31`).
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## Options of every command\n"
    yield from _arguments(everywhere())
    yield "\n## Commands\n"
    yield "| command | does |"
    yield "|---|---|"
    for command in all_commands():
        yield f"| `{command.name}` | {_cell(command.help)} |"
    for command in all_commands():
        yield f"\n### {command.name}\n"
        yield f"{command.help[:1].upper()}{command.help[1:]}.\n"
        yield f"    orderdeck {command.example}"
        yield ""
        yield from _arguments(command.arguments)
    yield f"\n{_SEARCH}"
    for title, vocabulary in (
        ("orders", ORDER_FIELDS),
        ("SKUs", SKU_FIELDS),
        ("parcels", SHIPMENT_FIELDS),
        ("cases", CASE_FIELDS),
    ):
        yield f"### Fields of {title}\n"
        yield from _fields(vocabulary)
        yield ""


def _arguments(arguments: tuple[Argument, ...]) -> Iterator[str]:
    if not arguments:
        return
    yield "| argument | means |"
    yield "|---|---|"
    for each in arguments:
        yield f"| `{_called(each)}` | {_cell(str(each.options.get('help', '')))} |"


def _called(each: Argument) -> str:
    name, options = each.names[0], each.options
    if not name.startswith("-"):
        return str(options.get("metavar", name.upper()))
    if "action" in options:
        return name
    choices = options.get("choices")
    value = "\\|".join(choices) if choices else options.get("metavar", name[2:].upper())
    return f"{name} {value}"


def _fields(vocabulary: Vocabulary) -> Iterator[str]:
    yield "| field | finds | values |"
    yield "|---|---|---|"
    for each in vocabulary.fields:
        names = ", ".join(f"`{name}:`" for name in (each.name, *each.aliases))
        says, _, example = each.help.partition(": ")
        yield f"| {names} | {_cell(says)}: `{example}` | {', '.join(each.choices)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
