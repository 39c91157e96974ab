"""Where do files live? Settings that cannot be in the database."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP_NAME = "Orderdeck"
_PACKAGE = Path(__file__).resolve().parent


def home() -> Path:
    """Return the folder of everything this program keeps; ``ORDERDECK_HOME`` moves it."""
    chosen = os.environ.get("ORDERDECK_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def private_folder(path: Path) -> Path:
    """Create a folder that only its owner can read, and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def database_url() -> str:
    """Return the database to open: ``ORDERDECK_DB``, or one SQLite file in the user's folder."""
    chosen = os.environ.get("ORDERDECK_DB")
    if chosen:
        return chosen
    return f"sqlite:///{private_folder(home()) / 'orderdeck.db'}"


def anchor_folder() -> Path:
    """Return where audit heads are kept, outside every database."""
    return private_folder(home() / "anchors")


def resource(*parts: str) -> Path:
    """Return a file that ships with the program, from a checkout or an installed wheel."""
    return _shipped("resources").joinpath(*parts)


def document(*parts: str) -> Path:
    """Return a page of the documentation, shipped in the same way."""
    return _shipped("docs").joinpath(*parts)


def _shipped(folder: str) -> Path:
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder
