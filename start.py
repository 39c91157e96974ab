#!/usr/bin/env python3
"""The one door to Orderdeck: with nothing but Python on the machine, open the desk or pass its tests.

    python3 start.py                  opens the desk
    python3 start.py test             passes the tests (what follows goes to pytest)
    python3 start.py import FILE      runs any command of the desk's command line

The first start makes a private environment in ``.venv`` beside this file; later starts use it at once.
What this file has to say goes to stderr, so that the desk's own output stays clean.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "orderdeck.stamp"
LOCK = ROOT / ".venv.lock"
OLDEST_PYTHON = (3, 11)

DESK = "."
DESK_AND_TESTS = ".[dev]"
"""What pip installs: the stamp keeps which, so that opening the desk never takes the tests' tools away."""

UNFINISHED = "unfinished"


class StartError(Exception):
    """Something that a person has to put right first; the message says what and how."""


def main(arguments: list[str]) -> int:
    """Prepare what these arguments need, then hand over to it; its exit status becomes ours."""
    wanted = DESK_AND_TESTS if arguments[:1] == ["test"] else DESK
    try:
        require_python()
        require_system_packages(arguments)
        if not is_ready(wanted):
            prepare(wanted)
    except StartError as refusal:
        say(str(refusal))
        return 2
    if wanted == DESK:
        os.environ["ORDERDECK_COMMAND"] = how_we_were_called()
    return hand_over(command_for(arguments))


def say(sentence: str) -> None:
    """Tell the person something without touching stdout, which belongs to the desk's commands."""
    print(sentence, file=sys.stderr, flush=True)


# ---- what the machine must bring ----------------------------------------------------------------


def require_python() -> None:
    """Refuse a Python that the desk cannot run on."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise StartError(
            f"Orderdeck needs Python 3.11 or newer; this is Python {sys.version.split()[0]}. "
            "Install a newer one from your system's packages or python.org, then start with it."
        )


def require_system_packages(arguments: Sequence[str]) -> None:
    """Name everything that the system lacks in one line, before anything is downloaded."""
    qt = load_system_libraries()
    missing: list[str] = []
    if sys.platform.startswith("linux"):
        if is_window(arguments):
            missing = qt.missing_for_window(os.environ)
        elif is_drawing(arguments):
            missing = qt.missing_for_drawing()
    packages = qt.debian_packages(missing)
    if not can_make_environments():
        missing = ["Python's venv and ensurepip", *missing]
        packages.append(f"python3.{sys.version_info.minor}-venv")
    if missing:
        raise StartError(qt.explain(missing, packages))
    if is_window(arguments) and not qt.has_screen(os.environ):
        raise StartError(qt.NO_SCREEN)


def load_system_libraries() -> ModuleType:
    """Load the desk's own list of what Qt needs, by its path: nothing is installed yet."""
    path = ROOT / "app" / "ui" / "system_libraries.py"
    spec = importlib.util.spec_from_file_location("system_libraries", path)
    if spec is None or spec.loader is None:
        raise StartError(f"{path} is missing: this copy of Orderdeck is not complete.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_window(arguments: Sequence[str]) -> bool:
    """Say whether these arguments open a window: no command at all, or ``gui`` on a screen."""
    if any(word in arguments for word in ("-h", "--help")):
        return False
    return not arguments or ("gui" in arguments and not is_drawing(arguments))


def is_drawing(arguments: Sequence[str]) -> bool:
    """Say whether these arguments draw without a screen: the tests, or pictures of the screens."""
    return arguments[:1] == ["test"] or any(a.startswith("--screenshots") for a in arguments)


def can_make_environments() -> bool:
    """Say whether this Python can make one; Debian and Ubuntu leave that to a package of its own."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


# ---- the private environment --------------------------------------------------------------------


def is_ready(wanted: str) -> bool:
    """Say whether the environment was finished for this very code and holds what is wanted."""
    return environment_python().exists() and stamp() in (
        f"{fingerprint()} {DESK_AND_TESTS}",
        f"{fingerprint()} {wanted}",
    )


def prepare(wanted: str) -> None:
    """Make or bring up to date the environment; one start at a time, a second one waits for the first."""
    with one_at_a_time():
        if is_ready(wanted):
            return
        if stamp().endswith(DESK_AND_TESTS):
            wanted = DESK_AND_TESTS
        say("Preparing Orderdeck in .venv (the first time this downloads about 150 MB) …")
        if stamp() == UNFINISHED or not is_usable():
            make_environment()
        install(wanted)


def make_environment() -> None:
    """Start over with an empty environment: half of an interrupted one helps nobody."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    ENVIRONMENT.mkdir(exist_ok=True)
    STAMP.write_text(UNFINISHED, encoding="utf-8")
    if call([sys.executable, "-m", "venv", str(ENVIRONMENT)]) != 0:
        raise StartError(
            f"Python could not make its environment in {ENVIRONMENT}; its own message is above."
        )


def install(wanted: str) -> None:
    """Install the desk; the stamp says *unfinished* for as long as it is, so that a kill is noticed."""
    STAMP.write_text(UNFINISHED, encoding="utf-8")
    pip = [str(environment_python()), "-m", "pip", "--disable-pip-version-check"]
    if call([*pip, "install", "--quiet", "-c", "constraints.txt", "-e", wanted]) != 0:
        STAMP.unlink()
        raise StartError(
            "The installation did not finish; pip's own message is above. "
            "With a working network connection, the same command goes on from here."
        )
    STAMP.write_text(f"{fingerprint()} {wanted}", encoding="utf-8")


def is_usable() -> bool:
    """Say whether the environment still works and belongs to this Python."""
    check = f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    python = environment_python()
    return python.exists() and call([str(python), "-c", check]) == 0


def environment_python() -> Path:
    """Say where an environment keeps its interpreter on this system."""
    folder, program = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return ENVIRONMENT / folder / program


def fingerprint() -> str:
    """Sum up what an installation depends on: the two lists, this Python, and where the code lies."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp() -> str:
    """Read what the last installation left; empty when there was none."""
    return STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock that a double click's second start waits for."""
    with LOCK.open("w") as file:
        take(file)
        yield


def take(file: IO[str]) -> None:
    """Wait until the file is locked for this process; it is let go when the file is closed."""
    if sys.platform == "win32":
        with contextlib.suppress(
            OSError
        ):  # Windows gives up after ten seconds; pip copes with company
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


# ---- handing over -------------------------------------------------------------------------------


def command_for(arguments: Sequence[str]) -> list[str]:
    """Translate our arguments: ``test`` means pytest here, everything else is the desk's own."""
    python = str(environment_python())
    if arguments[:1] == ["test"]:
        at_home = ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]
        # All tests on all cores; what somebody chose to run, as they chose.
        return [python, "-m", "pytest", *at_home, *(arguments[1:] or ["-n", "auto"])]
    # -P: a folder named "app" where the person stands must not be taken for ours
    return [python, "-P", "-m", "app", *arguments]


def how_we_were_called() -> str:
    """Return what the person typed to get here, for the lines that the desk asks them to type."""
    python = "python" if os.name == "nt" else "python3"
    return f"{python} {shlex.quote(sys.argv[0])}"


def hand_over(command: list[str]) -> int:
    """Become the command; Windows cannot, so there we wait for it and pass its status on."""
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


def call(command: Sequence[str]) -> int:
    """Run a tool in the repository with its output on stderr, and return its exit status."""
    return subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
