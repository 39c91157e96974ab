"""A file with addresses in it is nobody else's to read, and never replaces one unasked."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.services.saving import is_taken, save_new, save_over

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems keep no such bits")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_private_and_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    save_new(path, b"one\r\n")
    assert mode(path) == 0o600
    with pytest.raises(FileExistsError):
        save_new(path, b"two")
    assert path.read_bytes() == b"one\r\n"


def test_a_link_to_nowhere_is_a_name_that_is_taken(tmp_path: Path) -> None:
    link = tmp_path / "rejects.csv"
    link.symlink_to(tmp_path / "elsewhere.csv")
    assert is_taken(link)
    with pytest.raises(FileExistsError):
        save_new(link, b"one")
    assert not (tmp_path / "elsewhere.csv").exists()


def test_a_file_that_a_person_chose_to_lose_is_replaced_and_private(tmp_path: Path) -> None:
    path = tmp_path / "confirmations.csv"
    path.write_bytes(b"an older, longer file")
    path.chmod(0o644)
    save_over(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)
