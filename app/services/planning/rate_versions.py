"""Change what services cost and where they are offered. Every version of the rate tables is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.changes import Changes
from app.domain.rate_tables import RateRow, Row, changed, with_limits, with_rows
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.services import policies
from app.services.planning.policy_versions import readable, refuse_other, stored, write_version
from app.services.rules.previewing import Preview, preview_policies

RATES: Final = "rates"
Rows = Sequence[Mapping[str, Any]]


def save_rates(
    db: Connection, actor: Actor, *, now: datetime, rows: Rows = (),
    limits: Mapping[str, Mapping[str, Any]] | None = None, based_on: int | None = None,
    reason: str = "", currency: str = "",
) -> Changes:  # fmt: skip
    """Replace the tables of the services that the rows name, and say where services are offered.

    Postage and handling are counted in ``currency``, if one is given: the numbers stay as they are.

    Raises:
        RefusedError: a table is not complete, there is no such currency, or somebody else has changed
            them meanwhile.
    """
    actor.must(Permission.ADMINISTER)
    version, before = stored(db, RATES)
    refuse_other(version, based_on, RATES)
    body = drafted_rates(before, rows, limits)
    names = changed(before, body)
    if currency and currency != body["currency"]:
        body, names = {**body, "currency": _currency(currency)}, [*names, f"counted in {currency}"]
    return write_version(db, actor, RATES, version, body, names, reason, now)


def drafted_rates(
    before: Mapping[str, Any], rows: Rows, limits: Mapping[str, Mapping[str, Any]] | None
) -> dict[str, Any]:
    """Return the tables with changes, not stored.

    Raises:
        RefusedError: a table is not complete.
    """

    def read() -> dict[str, Any]:
        body = with_rows(before, [_row(each) for each in rows])
        for name, said in (limits or {}).items():
            body = with_limits(body, name, said)
        policies.rate_policy(0, body)
        return body

    return readable(read)


def _currency(code: str) -> str:
    if len(code) == 3 and code.isascii() and code.isalpha() and code.isupper():
        return code
    raise RefusedError(f"“{code}” is no currency; nothing was changed.",
                       "Write its three letters, such as USD or EUR.")  # fmt: skip


def _row(said: Mapping[str, Any]) -> RateRow:
    return RateRow(str(said["service"]), Row(said["row"]), int(said["grams"]),
                   tuple(int(each) for each in said["values"]))  # fmt: skip


def rates_now(db: Connection) -> tuple[int, Mapping[str, Any]]:
    """Return the version in force and the tables as they are stored."""
    return stored(db, RATES)


def preview_rates(
    db: Connection, *, now: datetime, rows: Rows = (),
    limits: Mapping[str, Mapping[str, Any]] | None = None,
) -> Preview:  # fmt: skip
    """Return what other rates would change of open orders.

    Raises:
        RefusedError: a table is not complete.
    """
    version, before = stored(db, RATES)
    rates = policies.rate_policy(version, drafted_rates(before, rows, limits))
    return preview_policies(db, known=replace(policies.in_force(db), rates=rates), now=now)
