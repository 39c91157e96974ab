"""Run one command: parse, do it, say the answer, and turn refusals into sentences and statuses."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack

from app.cli.command import IN_PART, REFUSED, Answer, Call
from app.cli.commands import called
from app.cli.document import as_json
from app.cli.doors import Doors
from app.cli.parser import build, parse
from app.cli.program import in_their_words
from app.cli.terminal import visible
from app.errors import DeskError


def run(argv: Sequence[str], doors: Doors) -> int:
    """Run a command and return its exit status; what is a bug is left to the caller."""
    as_document = "--json" in argv
    try:
        answer = _answer(argv, doors)
    except DeskError as error:
        return refuse(error, as_document=as_document)
    except SystemExit as done:  # --help and --version have printed what they had to say
        return int(done.code or 0)
    except KeyboardInterrupt:
        say("Stopped. What was finished before stays; an import that was confirmed goes on at "
            "the next start.")  # fmt: skip
        return IN_PART
    _print(answer, as_document)
    return answer.status


def _answer(argv: Sequence[str], doors: Doors) -> Answer:
    args = parse(build(called(argv)), argv)
    with ExitStack() as closing:
        answer: Answer = args.command.run(Call(args, doors, closing))
        return answer


def _print(answer: Answer, as_document: bool) -> None:
    if answer.document is None:
        return
    if as_document:
        print(as_json(answer.document))
        return
    for line in answer.lines():
        print(line)


def refuse(error: DeskError, *, as_document: bool) -> int:
    """Say what was refused and what to do, and return the status for it."""
    if as_document:
        said = {"error": {"title": error.title, "advice": error.advice}}
        print(as_json(said))
    else:
        say(in_their_words(error.title))
        for line in error.advice.splitlines():
            say(in_their_words(line))
    return REFUSED


def say(sentence: str) -> None:
    """Tell a person something without touching what scripts read."""
    print(visible(sentence), file=sys.stderr, flush=True)
