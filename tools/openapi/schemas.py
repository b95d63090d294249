"""Validates values against the schemas of a document."""

import copy
from typing import Any, Iterator

import jsonschema

Schema = dict[str, Any]


class Schemas:
    """`closed`: members that a schema does not name are faults. A client ignores them; a test is told."""

    def __init__(self, document: dict[str, Any], closed: bool = False):
        self._components = copy.deepcopy(document["components"])
        self._closed = closed
        if closed:
            _close(self._components)

    def faults(self, schema: Schema, value: Any) -> Iterator[str]:
        schema = copy.deepcopy(schema)
        if self._closed:
            _close(schema)
        root = {"allOf": [schema], "components": self._components}
        for error in jsonschema.Draft202012Validator(root).iter_errors(value):
            place = "/".join(["", *map(str, error.absolute_path)]) or "the whole"
            yield f"{place}: {error.message[:300]}"


def _close(node: Any) -> None:
    """Only what is an object of its own: parts of an `allOf` narrow another."""
    if isinstance(node, list):
        for item in node:
            _close(item)
    if isinstance(node, dict):
        if node.get("type") == "object" and "properties" in node:
            node.setdefault("additionalProperties", False)
        for value in node.values():
            _close(value)
