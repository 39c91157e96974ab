"""The exception matrix as a text file: a table a kind, an answer a line, so that two versions compare.

It is TOML. What a file does not say stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.cases import CaseKind
from app.domain.casework.matrix import NAMES, Rows, as_said
from app.domain.toml_text import pairs, read_toml
from app.errors import RefusedError


def matrix_text(rows: Rows, kinds: Iterable[CaseKind] = CaseKind) -> str:
    """Return the matrix as it is written, kind by kind."""
    lines: list[str] = []
    for kind in kinds:
        said = as_said(rows[kind])
        lines += ["", f"[{kind}]", *pairs(said, NAMES)]
    return "\n".join(lines).lstrip("\n") + "\n"


def matrix_from(text: str) -> dict[str, dict[str, Any]]:
    """Read what a file says of kinds.

    Raises:
        RefusedError: it is no such file.
    """
    try:
        said = read_toml(text)
    except ValueError as error:
        raise _refused(f"The file cannot be read: {error}") from error
    strange = [name for name, row in said.items() if not isinstance(row, dict)]
    if strange:
        raise _refused(f"“{strange[0]}” stands outside of every kind")
    return said


def _refused(title: str) -> RefusedError:
    return RefusedError(f"{title}; nothing was changed.", "“orderdeck matrix export” writes one.")
