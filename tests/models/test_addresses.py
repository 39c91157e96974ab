"""Which addresses of a database are understood, and what is said of the others?"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import RefusedError
from app.models.database import Store


@pytest.mark.parametrize(
    "url",
    ["sqlite+aiosqlite:///{}/x.db", "postgresql+psycopg2://me@host/x", "mysql://me@host/x", "x"],
)
def test_an_address_with_another_driver_is_refused_in_a_sentence(url: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="nothing was opened"):
        Store(url.format(tmp_path))
    assert list(tmp_path.glob("*.db")) == []


def test_the_usual_addresses_are_understood(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/x.db", f"sqlite+pysqlite:///{tmp_path}/x.db"):
        store = Store(url)
        assert store.path == tmp_path.resolve() / "x.db"
        store.close()
    store = Store("postgresql://me@host/name")
    assert store.url.drivername == "postgresql+psycopg"
    store.close()
