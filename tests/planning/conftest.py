"""The routing judge that lies beside the repository, called in process."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def routing(shared: Path) -> Path:
    """Find the folder of the routing judge."""
    folder = shared / "routing"
    if not folder.is_dir():
        pytest.skip("the routing judge is not on this machine (ORDERDECK_SHARED names its folder)")
    return folder


def _load(folder: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def judge(routing: Path) -> ModuleType:
    """Load the judge of the edge cases, which loads the checker."""
    sys.path.insert(0, str(routing))
    try:
        return _load(routing, "run_edges")
    finally:
        sys.path.remove(str(routing))
