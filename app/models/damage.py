"""What is said when what decides here cannot be read: somebody changed it behind the program's back?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import DamagedError, RefusedError

_UNREADABLE = (RefusedError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


@contextmanager
def readable(what: str, advice: str) -> Iterator[None]:
    """Read what is stored; what cannot be read is damaged, whatever the reason.

    Raises:
        DamagedError: it cannot be read.
    """
    try:
        yield
    except _UNREADABLE as error:
        raise DamagedError(f"{what} damaged; nothing was done.", advice) from error
