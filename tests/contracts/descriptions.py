"""Does one request, and its answer, fit a channel's own description? OpenAPI 2 and 3.

A request must be one that the description knows, with no parameter or field that it does not name.
An answer must have what it promises, of the kind that it promises; more is allowed. Schemas are made
ready when they are first used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft4Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.contracts.reference import document, operations
from tests.contracts.sampling import Json, resolved

_HERE = "urn:description"
_FORM = "application/x-www-form-urlencoded"
_FILES = "multipart/form-data"


@dataclass(frozen=True)
class Told:
    """What a description says about one operation."""

    path: str
    method: str
    said: Json
    values: Mapping[str, str]


@dataclass
class Description:
    """One description by its file's name; ``base`` stands before each of its paths.

    ``inside`` is for operations whose own examples wrap the object that is described;
    ``contradicted`` are fields that the description's own examples have of another kind. ``brought``
    are parameters that come with the channel's own cursor.
    """

    name: str
    base: str = ""
    inside: Mapping[str, str] = field(default_factory=dict)
    contradicted: tuple[str, ...] = ()
    brought: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)

    def problems(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> list[str]:
        """Return what is wrong with a request."""
        told = self._told(method, path)
        if told is None:
            return [f"{self.name} knows no {method} {path}"]
        self.used.add(str(told.said["operationId"]))
        given = {"query": dict(parse_qsl(query, True)), "path": told.values, "header": headers}
        found = [y for x in self._parameters(told) for y in self._of_parameter(x, given, body)]
        names = {x["name"] for x in self._parameters(told) if x["in"] == "query"} | {*self.brought}
        found += [f"no parameter {x!r}" for x in given["query"] if x not in names]
        return [f"{method} {told.path}: {x}" for x in found + self._of_body(told, headers, body)]

    def answer_problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with an answer."""
        told = self._told(method, path)
        if told is None:
            return [f"{self.name} knows no {method} {path}"]
        answer = told.said["responses"].get(str(status))
        if answer is None:
            return [f"{method} {told.path} never answers {status}"]
        schema = self._answer_schema(resolved(self._document, answer))
        if schema is None:
            return []
        wrapper = self.inside.get(told.said["operationId"])
        body = body[wrapper] if wrapper else body
        return [
            f"{method} {told.path} {status}: {x}" for x in self._against(schema, body, _LENIENT)
        ]

    def knows(self, method: str, path: str) -> bool:
        """Say whether the description has such a request at all."""
        return self._told(method, path) is not None

    @cached_property
    def _document(self) -> Json:
        return document(self.name)

    @cached_property
    def _registry(self) -> Any:
        found = Resource.from_contents(self._document, default_specification=DRAFT4)
        return Registry().with_resource(_HERE, found)

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str, str, Json]]:
        def pattern(path: str) -> re.Pattern[str]:
            parts = re.split(r"(\{[^}]+\})", path)
            made = "".join("([^/]+)" if x.startswith("{") else re.escape(x) for x in parts)
            return re.compile(made)

        found = [
            (pattern(path), path, method, said) for path, method, said in operations(self.name)
        ]
        return sorted(found, key=lambda x: x[1].count("{"))

    def _told(self, method: str, path: str) -> Told | None:
        if not path.startswith(self.base):
            return None
        path = path.removeprefix(self.base)
        for pattern, template, verb, said in self._patterns:
            match = pattern.fullmatch(path)
            if match and verb == method.lower():
                names = re.findall(r"\{([^}]+)\}", template)
                return Told(template, method, said, dict(zip(names, match.groups(), strict=True)))
        return None

    def _parameters(self, told: Told) -> list[Json]:
        shared = self._document["paths"][told.path].get("parameters", [])
        return [resolved(self._document, x) for x in [*shared, *told.said.get("parameters", [])]]

    def _of_parameter(self, told: Json, given: Json, body: bytes) -> Iterator[str]:
        where, name = told["in"], told["name"]
        if where == "body":
            yield from self._against(told["schema"], json.loads(body or b"null"), _STRICT)
        elif where in given:
            value = _found(given[where], name, where)
            if value is None:
                if told.get("required"):
                    yield f"{name} is missing"
            else:
                schema = told.get("schema") or told
                yield from self._against(_typed(schema), _value(value, schema), _STRICT, name)

    def _of_body(self, told: Told, headers: Mapping[str, str], body: bytes) -> list[str]:
        wanted = told.said.get("requestBody")
        if not wanted:
            return []
        contents = resolved(self._document, wanted)["content"]
        kind = headers.get("content-type", "").partition(";")[0]
        if kind not in contents:
            return [f"a body of the kind {kind!r}, not {sorted(contents)}"] if body else []
        schema = contents[kind].get("schema", {})
        if kind == _FORM:
            return self._of_form(resolved(self._document, schema), body)
        if kind == _FILES:
            return self._of_files(resolved(self._document, schema), headers, body)
        if not kind.endswith("json"):
            return []
        return list(self._against(schema, json.loads(body), _STRICT))

    def _of_form(self, schema: Json, body: bytes) -> list[str]:
        said = dict(parse_qsl(body.decode(), True))
        known = schema.get("properties", {})
        value = {x: _value(y, resolved(self._document, known.get(x, {}))) for x, y in said.items()}
        return list(self._against(schema, value, _STRICT))

    def _of_files(self, schema: Json, headers: Mapping[str, str], body: bytes) -> list[str]:
        """A form with files: the names of its parts are held against the description."""
        head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
        form = message_from_bytes(head + body, policy=default)
        names = [part.get_param("name", header="content-disposition") for part in form.iter_parts()]
        return list(self._against(schema, {str(x): "a file" for x in names}, _STRICT))

    def _answer_schema(self, answer: Json) -> Json | None:
        if "schema" in answer:
            found: Json = answer["schema"]
            return found
        contents = answer.get("content") or {}
        return next((x.get("schema") for kind, x in contents.items() if "json" in kind), None)

    def _against(self, schema: Json, value: Any, kind: Any, name: str = "") -> Iterator[str]:
        here = {"$ref": f"{_HERE}{schema['$ref']}"} if "$ref" in schema else _absolute(schema)
        checker = kind(here, registry=self._registry, format_checker=_FORMATS)
        for each in checker.iter_errors(value):
            if not self._is_contradicted(each):
                where = ".".join(map(str, each.absolute_path)) or name
                yield f"{where}: {each.message[:200]}"

    def _is_contradicted(self, error: ValidationError) -> bool:
        """Say whether the examples have it otherwise; of several schemas, it is enough in one."""
        where = ".".join(map(str, error.absolute_path))
        if self.contradicted and where.endswith(self.contradicted):
            return True
        branches: dict[Any, list[ValidationError]] = {}
        for each in error.context or ():
            branches.setdefault(each.relative_schema_path[0], []).append(each)
        return any(all(map(self._is_contradicted, each)) for each in branches.values())


def _absolute(value: Any) -> Any:
    """Point a schema's references at the whole description."""
    if isinstance(value, Mapping):
        return {
            key: f"{_HERE}{each}"
            if key == "$ref" and str(each).startswith("#")
            else _absolute(each)
            for key, each in value.items()
        }
    return [_absolute(x) for x in value] if isinstance(value, list) else value


def _found(given: Mapping[str, str], name: str, where: str) -> str | None:
    return given.get(name.lower() if where == "header" else name)


def _typed(schema: Json) -> Json:
    """Return a parameter's schema: OpenAPI 2 writes it into the parameter itself."""
    beside = ("in", "name", "required", "description", "default", "collectionFormat")
    return {key: value for key, value in schema.items() if key not in beside}


def _value(text: str, schema: Json) -> Any:
    kind = schema.get("type")
    if kind == "array":
        return [_value(x, schema.get("items", {})) for x in text.split(",")]
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in ("integer", "number") and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return float(text) if "." in text else int(text)
    return text


_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def _type(checker: Any, types: Any, value: Any, schema: Json) -> Iterator[ValidationError]:
    if value is None and schema.get("nullable"):
        return
    yield from Draft4Validator.VALIDATORS["type"](checker, types, value, schema)


def _enum(checker: Any, known: Any, value: Any, schema: Json) -> Iterator[ValidationError]:
    if value is None and schema.get("nullable"):
        return
    yield from Draft4Validator.VALIDATORS["enum"](checker, known, value, schema)


def _only_known(checker: Any, known: Any, value: Any, schema: Json) -> Iterator[ValidationError]:
    yield from Draft4Validator.VALIDATORS["properties"](checker, known, value, schema)
    if isinstance(value, Mapping) and "additionalProperties" not in schema:
        for name in set(value) - set(known):
            yield ValidationError(f"{name!r} is no field of it")


_LENIENT: Any = extend(Draft4Validator, {"type": _type, "enum": _enum})  # type: ignore[no-untyped-call]
_STRICT: Any = extend(_LENIENT, {"properties": _only_known})  # type: ignore[no-untyped-call]
