"""What may a rule name? The desk's own locations, SKUs, channels, services and people."""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.domain.rulebook.findings import References
from app.domain.rulebook.linting import lint
from app.domain.rulebook.saying import Called
from app.models.base import is_state
from app.models.catalogue import skus
from app.models.governance import operators
from app.models.inventory import locations
from app.models.orders import sales_channels
from app.models.rules import rulebooks
from app.services import policies
from app.services.rules.in_force import places, stored_book


def references(db: Connection) -> References:
    """Return the names that the desk knows, folded."""
    rates = policies.in_force(db).rates
    channels = {each for row in db.execute(_CHANNELS) for each in row}
    return References(
        frozenset(code.casefold() for code, _ids in places(db)),
        frozenset(code.casefold() for code in db.execute(select(skus.c.code)).scalars()),
        frozenset(each.casefold() for each in channels),
        frozenset(level.name.casefold() for level in (rates.standard, rates.expedited)),
        frozenset(name.casefold() for name in db.execute(select(operators.c.name)).scalars()),
    )


def called(db: Connection) -> Called:
    """Return what the codes that rules use are called."""
    places_ = {row.code: row.name.partition(",")[0] for row in db.execute(_PLACES)}
    channels = {row.code.casefold(): row.name for row in db.execute(_CHANNELS)}
    return Called({**places_, **_KINDS}, channels)


def rules_naming(db: Connection, code: str) -> list[str]:
    """Return the names of the rules in force that speak of a location."""
    row = db.execute(_ACTIVE).first()
    if row is None:
        return []
    codes = db.execute(select(locations.c.code).where(locations.c.code != code)).scalars()
    others = References(places=frozenset({"", *(each.casefold() for each in codes)}))
    said = f"There is no location “{code}”.".casefold()
    found = lint(stored_book(row.version, row.text), others)
    return list(dict.fromkeys(each.rule for each in found if each.sentence.casefold() == said))


_ACTIVE = select(rulebooks.c.version, rulebooks.c.text).where(is_state(rulebooks.c.state, "active"))
_PLACES = select(locations.c.code, locations.c.name).order_by(locations.c.id)
_KINDS = {
    "@warehouse": "a warehouse of yours", "@shop": "a shop", "@3pl": "a fulfilment company",
    "@channel": "a channel's own warehouse",
}  # fmt: skip
_CHANNELS = select(sales_channels.c.code, sales_channels.c.name)
