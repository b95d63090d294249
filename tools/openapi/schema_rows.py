"""Schemas as rows of a table, and in words."""

import html
from typing import Any, Iterator

from . import text
from .document import Document, resolve

BOUNDS = (("minimum", "≥ {}"), ("maximum", "≤ {}"), ("minLength", "at least {} characters"),
          ("maxLength", "at most {} characters"), ("minItems", "at least {}"), ("maxItems", "at most {}"))
# The greatest integer that JSON carries exactly, in words that can be read.
EXACT = {9_007_199_254_740_991: "2^53-1"}
Schema = dict[str, Any]


def members(document: Document, schema: Schema) -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of each member of an object, as HTML."""
    schema = resolve(document, schema)
    for member, described in schema.get("properties", {}).items():
        needed = member in schema.get("required", ())
        yield name(member, needed), kind(document, described), meaning(document, described)


def name(of: str, needed: bool) -> str:
    return f"<code>{html.escape(of)}</code>{'' if needed else ' <small>optional</small>'}"


def meaning(document: Document, schema: Schema) -> str:
    return text.inline(schema.get("description") or resolve(document, schema).get("description", ""))


def kind(document: Document, schema: Schema) -> str:
    """Its type with its bounds; an object that has a name is a link."""
    target = resolve(document, schema)
    if "properties" in target:
        return link(schema) if "$ref" in schema else "object"
    if target.get("type") == "array":
        return f"list of {kind(document, target['items'])}{_bounds(target)}"
    if "const" in target:
        return _literal(target["const"])
    if "enum" in target:
        return " | ".join(map(_literal, target["enum"]))
    types = target.get("type", "any")
    words = " or ".join([types] if isinstance(types, str) else types)
    return html.escape(words + (f" ({target['format']})" if "format" in target else "")) + _bounds(target)


def link(reference: Schema) -> str:
    target = reference["$ref"].rsplit("/", 1)[-1]
    return f'<a href="#schema-{target}">{target}</a>'


def _literal(value: Any) -> str:
    return f"<code>{html.escape(str(value).lower() if isinstance(value, bool) else str(value))}</code>"


def _bounds(schema: Schema) -> str:
    bounds = [html.escape(words.format(EXACT.get(schema[bound], f"{schema[bound]:,}")))
              for bound, words in BOUNDS if bound in schema]
    if "pattern" in schema:
        bounds.append(f"<code>{html.escape(schema['pattern'])}</code>")
    return f"<br><small>{', '.join(bounds)}</small>" if bounds else ""
