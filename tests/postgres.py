"""Empty PostgreSQL databases for one test each, on a server that someone else started."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, NullPool, create_engine, make_url, text


@contextmanager
def temporary_database(server: str) -> Iterator[str]:
    """Create an empty database on the server and drop it afterwards, whoever is still connected."""
    url = make_url(server)
    name = f"orderdeck_{uuid.uuid4().hex}"
    _administer(url, f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: URL, statement: str) -> None:
    """Run a statement that PostgreSQL allows only outside a transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))
