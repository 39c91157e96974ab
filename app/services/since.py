"""Does something still stand as a change left it? Only then may that change be taken back."""

from __future__ import annotations

from app.errors import RefusedError


def refuse_changed_since(stands: object, left: object, what: str) -> None:
    """Refuse to take a change back over a later one; ``left`` is how it left things, if it is an undo.

    Raises:
        RefusedError: something else stands there by now.
    """
    if left is not None and stands != left:
        raise changed_since(what)


def changed_since(what: str) -> RefusedError:
    """Return that somebody has changed it since."""
    return RefusedError(f"{what} was changed since; nothing was undone.",
                        "Look at it as it is now, and change it there.")  # fmt: skip
