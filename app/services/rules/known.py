"""What may a rule name? The desk's own locations, SKUs, channels, services and people."""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.domain.rulebook.findings import References
from app.models.catalogue import skus
from app.models.governance import operators
from app.models.orders import sales_channels
from app.services import policies
from app.services.rules.in_force import places


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


_CHANNELS = select(sales_channels.c.code, sales_channels.c.name)
