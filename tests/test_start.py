"""The one door: what it checks, what it remembers, and what it hands over to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import start
from app.ui import system_libraries


@pytest.fixture
def tools_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Give ``start`` a repository of its own, and note which tools it would have run."""
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("")
    environment = tmp_path / ".venv"
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "ENVIRONMENT", environment)
    monkeypatch.setattr(start, "STAMP", environment / "orderdeck.stamp")
    monkeypatch.setattr(start, "LOCK", tmp_path / ".venv.lock")
    commands: list[list[str]] = []

    def note(command: list[str]) -> int:
        commands.append(command)
        if "venv" in command:
            start.environment_python().parent.mkdir(parents=True)
            start.environment_python().touch()
        return 0

    monkeypatch.setattr(start, "call", note)
    return commands


def kinds(commands: list[list[str]]) -> list[str]:
    return [command[2] if command[1] == "-m" else "look" for command in commands]


def test_the_first_start_makes_an_environment_and_the_second_makes_nothing(
    tools_run: list[list[str]],
) -> None:
    start.prepare(start.DESK)
    assert kinds(tools_run) == ["venv", "pip"]
    tools_run.clear()

    start.prepare(start.DESK)
    assert tools_run == []
    assert start.is_ready(start.DESK)


def test_a_changed_dependency_list_is_installed_into_the_same_environment(
    tools_run: list[list[str]], tmp_path: Path
) -> None:
    start.prepare(start.DESK)
    (tmp_path / "constraints.txt").write_text("babel==2.18.0\n")
    assert not start.is_ready(start.DESK)
    tools_run.clear()

    start.prepare(start.DESK)
    assert kinds(tools_run) == ["look", "pip"]


def test_opening_the_desk_never_takes_the_tests_tools_away(
    tools_run: list[list[str]], tmp_path: Path
) -> None:
    start.prepare(start.DESK_AND_TESTS)
    assert start.is_ready(start.DESK)
    (tmp_path / "constraints.txt").write_text("babel==2.18.0\n")

    start.prepare(start.DESK)
    assert tools_run[-1][-1] == start.DESK_AND_TESTS


def test_an_interrupted_installation_is_done_again_from_the_beginning(
    tools_run: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_killed(command: list[str]) -> int:
        if "pip" in command:
            raise KeyboardInterrupt
        return note(command)

    note = start.call
    monkeypatch.setattr(start, "call", is_killed)
    with pytest.raises(KeyboardInterrupt):
        start.prepare(start.DESK)
    assert not start.is_ready(start.DESK)

    monkeypatch.setattr(start, "call", note)
    tools_run.clear()
    start.prepare(start.DESK)
    assert kinds(tools_run) == ["venv", "pip"]
    assert start.is_ready(start.DESK)


def test_an_installation_without_network_is_explained_and_goes_on_later(
    tools_run: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    note = start.call
    monkeypatch.setattr(start, "call", lambda command: note(command) or int("pip" in command))
    with pytest.raises(start.StartError, match="the same command goes on from here"):
        start.prepare(start.DESK)

    monkeypatch.setattr(start, "call", note)
    tools_run.clear()
    start.prepare(start.DESK)
    assert kinds(tools_run) == ["look", "pip"]


def test_an_old_python_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(start.StartError, match=r"needs Python 3\.11 or newer"):
        start.require_python()


@pytest.mark.parametrize(
    ("arguments", "window", "drawing"),
    [
        ([], True, False),
        (["gui", "--demo"], True, False),
        (["gui", "--demo", "--screenshots", "pictures"], False, True),
        (["test", "-k", "gui"], False, True),
        (["import", "orders.csv", "--json"], False, False),
    ],
)
def test_only_what_shows_or_draws_needs_qts_system_libraries(
    arguments: list[str], window: bool, drawing: bool
) -> None:
    assert start.is_window(arguments) is window
    assert start.is_drawing(arguments) is drawing


def test_test_means_pytest_and_the_rest_is_the_desks_own() -> None:
    assert start.command_for(["test", "-k", "routing"])[1:3] == ["-m", "pytest"]
    assert start.command_for(["test", "-k", "routing"])[-2:] == ["-k", "routing"]
    assert start.command_for(["test"])[-2:] == ["-n", "auto"]
    assert start.command_for(["orders", "--json"])[1:] == ["-P", "-m", "app", "orders", "--json"]


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="system packages are a Linux matter"
)
def test_everything_that_the_system_lacks_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(start, "can_make_environments", lambda: False)
    with pytest.raises(start.StartError) as refusal:
        start.require_system_packages(["import", "orders.csv"])
    assert f"python3.{sys.version_info.minor}-venv" in str(refusal.value)
    assert "libgl1" not in str(refusal.value)


def test_a_window_on_x11_asks_for_the_libraries_that_qts_own_message_leaves_out() -> None:
    bare = {"libxcb-icccm.so.4", "libxcb-keysyms.so.1"}
    missing = system_libraries.missing_for_window(
        {"DISPLAY": ":0"}, loadable=lambda soname: soname not in bare
    )
    assert set(missing) == bare
    assert system_libraries.debian_packages(missing) == ["libxcb-icccm4", "libxcb-keysyms1"]


def test_one_complete_way_to_a_window_is_enough() -> None:
    def only_wayland(soname: str) -> bool:
        return "xcb" not in soname

    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    assert system_libraries.missing_for_window(both, only_wayland) == []
    assert system_libraries.missing_for_window({"DISPLAY": ":0"}, only_wayland) != []
    assert system_libraries.missing_for_window({"QT_QPA_PLATFORM": "offscreen"}, only_wayland) == []


def test_every_library_has_a_package_that_brings_it() -> None:
    needed = [*system_libraries.DRAWING, *sum(system_libraries.PLATFORMS.values(), ())]
    assert set(needed) == set(system_libraries.NAMES_OF_DEBIAN_PACKAGES)


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="other systems always have a screen"
)
def test_no_screen_is_said_in_a_sentence_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "missing_for_drawing", lambda *_: [])
    problem = system_libraries.what_stops_the_window({})
    assert problem is not None
    assert "--screenshots" in problem


def test_the_desk_is_told_how_the_person_called_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["start.py", "orders"])
    assert start.how_we_were_called().endswith(" start.py")


def test_help_on_the_window_needs_no_screen() -> None:
    assert start.is_window(["gui"])
    assert not start.is_window(["gui", "--help"])
    assert not start.is_window(["gui", "-h"])
