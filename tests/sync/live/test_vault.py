"""Are keys kept where only their owner can read them?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from app.errors import RefusedError
from app.sync.live.vault import PASSPHRASE, FileVault, KeptSecrets, SystemVault, open_vault

CANARY = "shpat-canary-9f31"


class InMemory(KeyringBackend):
    """A keyring that forgets, and takes no more than Windows does."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        assert len(password) <= 1280
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError(username)
        del self.kept[service, username]


def test_long_tokens_are_kept_in_parts_and_nothing_old_stays() -> None:
    before, backend = keyring.get_keyring(), InMemory()
    keyring.set_keyring(backend)
    try:
        secrets = KeptSecrets(SystemVault(), "desk:1")
        secrets.write({"access_token": "a" * 5_000})
        secrets.write({"access_token": "b" * 2_500})
        assert secrets.read() == {"access_token": "b" * 2_500}
        assert len(backend.kept) == 4
        SystemVault().forget("desk:1")
        assert backend.kept == {}
    finally:
        keyring.set_keyring(before)


def test_the_file_of_keys_tells_nothing_and_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.vault"
    KeptSecrets(FileVault(path, "correct horse"), "desk:1").write({"access_token": CANARY})
    assert CANARY.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    kept = KeptSecrets(FileVault(path, "correct horse"), "desk:1").read()
    assert kept == {"access_token": CANARY}
    with pytest.raises(RefusedError, match="does not open"):
        FileVault(path, "another").read("desk:1")


def test_a_file_keeps_its_salt_and_tells_nothing_twice_in_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "keys.vault"
    vault = FileVault(path, "correct horse")
    vault.write("desk:1", CANARY)
    before = path.read_bytes()
    vault.write("desk:1", CANARY)
    salt, rest = path.read_bytes()[:16], path.read_bytes()[16:]
    assert (salt == before[:16], rest == before[16:]) == (True, False)
    assert FileVault(path, "correct horse").read("desk:1") == CANARY


def test_accounts_that_renew_their_keys_at_the_same_moment_all_keep_them(tmp_path: Path) -> None:
    path = tmp_path / "keys.vault"

    def renew(name: str) -> None:
        FileVault(path, "correct horse").write(name, CANARY)

    names = [f"desk:{account}" for account in range(4)]
    with ThreadPoolExecutor(len(names)) as at_once:
        list(at_once.map(renew, names))
    assert [FileVault(path, "correct horse").read(name) for name in names] == [CANARY] * 4


def test_without_a_safe_place_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSPHRASE, raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(RefusedError, match="no safe place"):
            open_vault()
    finally:
        keyring.set_keyring(before)
