"""What does a person type to call this program, so that every line shown can be pasted as it is?"""

from __future__ import annotations

import os
import re
import shlex
from typing import Final

NAME: Final = "orderdeck"
_CALLED = re.compile(rf"(?<![\w/.-]){NAME}(?= [-\w])")


def program() -> str:
    """Return how the person has called it: by its name, or by what ``start.py`` says it was."""
    return os.environ.get("ORDERDECK_COMMAND", "").strip() or NAME


def typed(*words: str) -> str:
    """Return the line to type for a command, quoted for a shell whatever the words hold."""
    return f"{program()} {shlex.join(words)}"


def named(number: str) -> str:
    """Return an order's number as it is typed: a leading "#" would begin a comment in a shell."""
    return number.removeprefix("#") or number


def in_their_words(text: str) -> str:
    """Return a refusal, which names the program plainly for scripts, as this person calls it."""
    return _CALLED.sub(lambda _: program(), text)
