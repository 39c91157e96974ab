"""Which of our SKUs does a channel's code mean? The likeliest are offered, and what linking would free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from app.queries.codes import Suggestion, orders_waiting, suggestions_for
from app.services.desk import Desk
from app.ui.pages.asking import Asker
from app.ui.pages.page import Shell
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import count_of


@dataclass(frozen=True, slots=True)
class Unknown:
    """A line whose code nobody knows."""

    account_id: int
    code: str
    title: str
    listing_id: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    suggestions: Sequence[Suggestion]
    waiting: int


def ask_link(
    shell: Shell,
    place: Asker,
    unknown: Unknown,
    link: Callable[..., object],
    *,
    numbered: bool = True,
) -> None:
    """Find what the code may mean, then ask; ``link`` gets the arguments of the operation."""
    shell.operations.ask(
        partial(_read, shell.operations.desk, unknown),
        then=lambda answer: place.ask(_question(unknown, answer, link, numbered)),
    )


def _read(desk: Desk, unknown: Unknown) -> _Answer:
    return _Answer(
        desk.read(suggestions_for, unknown.code, unknown.title),
        desk.read(orders_waiting, unknown.account_id, unknown.code, unknown.listing_id),
    )


def _question(
    unknown: Unknown, answer: _Answer, link: Callable[..., object], numbered: bool
) -> Question:
    def run(values: Values) -> object:
        return link(
            account_id=unknown.account_id, alias=unknown.code, sku_code=str(values["sku"]),
            pack=values["pack"], listing_id="" if unknown.code else unknown.listing_id,
        )  # fmt: skip

    near = answer.suggestions
    name = f"“{unknown.code}”" if unknown.code else f"the listing {unknown.listing_id}"
    fixes = f"Linking it fixes {count_of(answer.waiting, 'order')}." if answer.waiting else ""
    return Question(
        f"Which of your SKUs is {name}?",
        [
            Field("sku", "Your SKU", near[0].sku if near else "", is_needed=True),
            Field("pack", "Units in one", 1, least=1),
        ],
        "Link it", run, suggests="sku", numbered=numbered,
        note=f"{unknown.title}. {fixes} The link is remembered, and can be taken back.",
        suggestions=[(each.sku, f"{each.sku}  {each.title}: {each.why}") for each in near],
    )  # fmt: skip
