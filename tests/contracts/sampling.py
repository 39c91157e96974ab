"""A whole object of a description: every field filled with something of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def resolved(document: Json, schema: Json) -> Json:
    """Follow a schema's references to what it says."""
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].split("/")[1:]:
            found = found[step.replace("~1", "/")]
        schema = found
    return schema


def sample(document: Json, schema: Json, known: Json, name: str = "") -> Any:
    """Return a value of a schema; ``known`` has values by field name, where any text will not do."""
    if name in known:
        return known[name]
    schema = resolved(document, schema)
    if "allOf" in schema:
        return sample(document, schema["allOf"][0], known, name)
    if "properties" in schema:
        each = schema["properties"].items()
        return {key: sample(document, value, known, key) for key, value in each}
    if schema.get("type") == "array":
        return [sample(document, schema.get("items", {}), known, name)]
    return _plain(schema, name)


def _plain(schema: Json, name: str) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    kinds = {"integer": max(2, schema.get("minimum", 0)), "number": 1.5, "boolean": True}
    return kinds.get(schema.get("type", "string"), f"some {name}")
