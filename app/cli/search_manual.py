"""What does the manual say of searching? Made from the vocabularies, so that it cannot be wrong."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.search_examples import EXAMPLES, RULES
from app.domain.search_fields import (
    CASE_FIELDS,
    ORDER_FIELDS,
    RETURN_FIELDS,
    SHIPMENT_FIELDS,
    SKU_FIELDS,
    FieldKind,
    SearchField,
    Vocabulary,
)

_HEAD = """\
# Searching

Made by `scripts/write_search_page` from the fields themselves: change those, not this page.

One language finds orders, SKUs, cases, parcels and returns: in the window, on the command line and in saved views. Words need no
signs at all; they are found wherever an order is known by them. `/` or Ctrl+F puts the cursor into the search
of a page, results come while you type, and Esc clears it and goes back to the list.

While you type, fields and values are offered: ↑ ↓ choose, Tab or Enter take, Esc closes. What was
understood is shown as filters that a click removes; “Filter” beside the search builds the same without typing.
Alt+← and Alt+→ go back and forward through what you looked at.
"""
_VALUES = {
    FieldKind.CODE: "the whole text; `*` for any part of it",
    FieldKind.WORDS: "a part of the text",
    FieldKind.NUMBER: "`3`, `>3`, `2..5`",
    FieldKind.MONEY: "`50`, `>50`, `50..100`, in whole units of the order's own currency",
    FieldKind.MOMENT: "`today`, `<+4h`, `<now`, `2026-10-01..2026-10-31`",
    FieldKind.AGE: "`>2d`, `<4h`, `1d..3d`",
}


def page() -> str:
    """Return the whole page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## How to say it\n"
    yield "| write | means |"
    yield "|---|---|"
    for text, means in RULES:
        yield f"| `{_cell(text)}` | {_cell(means)} |"
    for title, vocabulary in (
        ("Orders", ORDER_FIELDS),
        ("SKUs", SKU_FIELDS),
        ("Cases", CASE_FIELDS),
        ("Parcels", SHIPMENT_FIELDS),
        ("Returns", RETURN_FIELDS),
    ):
        yield f"\n## {title}\n"
        yield from _examples(vocabulary)
        yield from _fields(vocabulary)
        for field in vocabulary.fields:
            yield from _meanings(field)


def _examples(vocabulary: Vocabulary) -> Iterator[str]:
    yield "| to find | search |"
    yield "|---|---|"
    for means, text in EXAMPLES[vocabulary.of]:
        yield f"| {means} | `{_cell(text)}` |"
    yield ""


def _fields(vocabulary: Vocabulary) -> Iterator[str]:
    yield "| field | finds | takes | for example |"
    yield "|---|---|---|---|"
    for each in vocabulary.fields:
        names = ", ".join(f"`{name}:`" for name in (each.name, *each.aliases))
        examples = ", ".join(f"`{_cell(example)}`" for example in each.examples)
        yield f"| {names} | {each.says} | {_takes(each)} | {examples} |"


def _takes(field: SearchField) -> str:
    if field.kind is not FieldKind.CHOICE:
        return _VALUES[field.kind]
    if field.meanings:
        return "one of the words below"
    return ", ".join(f"`{choice}`" for choice in field.choices)


def _meanings(field: SearchField) -> Iterator[str]:
    if not field.meanings or field.name == "status":  # which takes the same words as "is"
        return
    yield f"\n| `{field.name}:` | means |"
    yield "|---|---|"
    for word, means in field.meanings.items():
        yield f"| `{word}` | {means} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
