"""How does a file reach the disk that holds names and addresses? Readable by its owner only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_OWNER_ONLY: Final = 0o600


def save_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises:
        FileExistsError: something has that name; it is left as it is.
        OSError: it cannot be written; nothing is left of it.
    """
    with open(path, "xb", opener=_private) as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            path.unlink()
            raise


def save_over(path: Path, content: bytes) -> None:
    """Write a file, also over one that a person has chosen to lose.

    Raises:
        OSError: it cannot be written.
    """
    with open(path, "wb", opener=_private) as file:
        keep_private(path)
        file.write(content)


def keep_private(path: Path) -> None:
    """Take a file out of others' sight, where the disk knows of others at all."""
    with suppress(OSError):  # a memory stick knows no owners
        path.chmod(_OWNER_ONLY)


def is_taken(path: Path) -> bool:
    """Say whether anything has that name, a link to nowhere included."""
    return os.path.lexists(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)
