"""The desk's front door: hand the arguments over, and say plainly when the desk itself has failed."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

BUG = 4


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; a bug is shown as one, with its details."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    collect_rarely()
    try:
        from app.main import run

        status = run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # noqa: BLE001  (the one place where a bug ends: shown, never swallowed)
        return _bug("--json" in arguments)
    return status


def collect_rarely() -> None:
    """Rows come by the thousand and hold no cycles, as does what an import defines; the collector's
    default walks cost a tenth of both. The window lets it look more often, and so never for long."""
    gc.set_threshold(500_000, 20, 50)


def _speak_utf8() -> None:
    """Write every letter that there is, wherever the output goes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _bug(as_document: bool) -> int:
    from app.errors import details_of

    title = "Orderdeck has failed; this is a mistake in the program, not yours."
    advice = "What was finished before is kept. Please report the lines below with what you did."
    sys.stderr.write(f"{title}\n{advice}\n\n{details_of()}")
    if as_document:
        import json

        sys.stdout.write(json.dumps({"error": {"title": title, "advice": advice}}) + "\n")
    return BUG


if __name__ == "__main__":
    sys.exit(main())
