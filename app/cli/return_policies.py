"""``recovery-matrix`` and ``return-policy``: what the owner decides once, as a file to read and change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.cli.command import Answer, Call, Command, argument
from app.cli.receipts import receipt
from app.errors import RefusedError
from app.services.recovering.weighing import stored as stored_matrix
from app.services.returning.policy import stored as stored_policy


def matrix(call: Call) -> Answer:
    """Show what is offered when a parcel goes wrong, or take a changed file."""
    if call.args.file:
        rows = _read(call.args.file)
        return receipt(call.desk.run("save_recovery_matrix", rows=rows, reason=call.args.reason))
    return _shown(*call.desk.read(stored_matrix))


def policy(call: Call) -> Answer:
    """Show how long buyers may send back and when money is given, or take a changed file."""
    if call.args.file:
        body = _read(call.args.file)
        return receipt(call.desk.run("save_return_policy", body=body, reason=call.args.reason))
    return _shown(*call.desk.read(stored_policy))


def _shown(version: int, body: Any) -> Answer:
    text = json.dumps(body, indent=2, ensure_ascii=False)
    return Answer({"version": version, "body": body}, text.splitlines)


def _read(name: str) -> Any:
    """Return what a file says.

    Raises:
        RefusedError: it cannot be read, or is no JSON.
    """
    try:
        return json.loads(Path(name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RefusedError(f"{name} cannot be read as JSON; nothing was changed.",
                           "Write the one in force to a file, change single values, and take that.") from error  # fmt: skip


_FILE = argument(
    "--file",
    default="",
    metavar="FILE",
    help="take this one from now on; default: show the one in force",
)
_REASON = argument("--reason", default="", metavar="TEXT", help="kept with the version")
COMMANDS = (
    Command("recovery-matrix", "what is offered when a parcel goes wrong, by situation, channel, money and customer",
            "recovery-matrix --file matrix.json --reason 'lost parcels are sent again'", matrix, (_FILE, _REASON)),
    Command("return-policy", "how long buyers may send back, when money is given, and where each grade goes",
            "return-policy --file returns.json --reason 'holiday season'", policy, (_FILE, _REASON)),
)  # fmt: skip
