"""The channels' own descriptions beside the repository; tests that need them are skipped without."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from tests.sync.files.reference import MISSING, SHARED

CONTRACTS = SHARED / "contracts"
__all__ = ["CONTRACTS", "MISSING", "content_examples", "document", "operations", "sandbox"]

Json = Mapping[str, Any]


@cache
def document(name: str) -> Json:
    """Read a description once, JSON or YAML."""
    text = (CONTRACTS / name).read_text(encoding="utf-8")
    found: Json = json.loads(text) if name.endswith(".json") else yaml.load(text, _LOADER)
    return found


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def operations(name: str) -> Iterator[tuple[str, str, Json]]:
    """Yield every operation of a description: path, method, what it says."""
    for path, methods in document(name)["paths"].items():
        for method, told in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield path, method, told


def content_examples(name: str) -> Iterator[tuple[str, Any]]:
    """Yield the JSON examples of the answers in an OpenAPI 3 description, with a name for each."""
    for path, method, told in operations(name):
        for code, answer in told["responses"].items():
            for kind, content in (answer.get("content") or {}).items():
                if "json" not in kind:
                    continue
                where = f"{method} {path} {code}"
                if "example" in content:
                    yield where, content["example"]
                for label, each in (content.get("examples") or {}).items():
                    yield f"{where} {label}", each.get("value")


def sandbox(name: str) -> Iterator[tuple[str, Any]]:
    """Yield the examples and sandbox answers of an Amazon model."""
    for path, method, told in operations(name):
        for code, answer in told["responses"].items():
            for label, each in (answer.get("examples") or {}).items():
                yield f"{method} {path} {code} {label}", each
            cases = (answer.get("x-amzn-api-sandbox") or {}).get("static") or []
            for at, case in enumerate(cases):
                yield f"{method} {path} {code} sandbox {at}", case.get("response")
