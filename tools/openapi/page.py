"""The contract as a web page: one HTML file that needs nothing but its style sheet, and no script."""

import html
import json
from typing import Any, Iterable, Sequence

from . import schema_rows, text
from .document import Document, examples_of, operations, resolve
from .problems import REQUEST_ID

PROBLEM = "application/problem+json"
FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} API</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
{contents}
<main id="content">
{main}
</main>
</body>
</html>
"""


def render(document: Document) -> str:
    main = "\n".join([_head(document), *(_tag(document, tag) for tag in document["tags"]), _schemas(document)])
    return FRAME.format(title=html.escape(document["info"]["title"]), contents=_contents(document), main=main)


def _contents(document: Document) -> str:
    groups = []
    for tag in document["tags"]:
        items = [f'<li>{_link(operation["operationId"], f"{_method(method)} <span>{html.escape(path)}</span>")}</li>'
                 for method, path, operation in _of_tag(document, tag["name"])]
        groups.append(f'<li>{_link("tag-" + tag["name"], tag["name"])}<ul>{"".join(items)}</ul></li>')
    schemas = "".join(f'<li>{_link("schema-" + name, name)}</li>' for name in _shown_schemas(document))
    return (f'<nav aria-label="Contents"><p><a href="#content">{html.escape(document["info"]["title"])} API</a></p>'
            f'<ul>{"".join(groups)}<li><a href="#schemas">Schemas</a><ul>{schemas}</ul></li></ul></nav>')


def _link(target: str, words: str) -> str:
    return f'<a href="#{target}">{words}</a>'


def _head(document: Document) -> str:
    info = document["info"]
    bearer = document["components"]["securitySchemes"]["bearer"]
    return (f'<header><h1>{html.escape(info["title"])} API <small>{info["version"]}</small></h1>'
            f'<p class="lead">{text.inline(info["summary"])} <a href="/openapi.json">openapi.json</a></p>'
            f'{text.blocks(info["description"])}<p>{NEEDS_TOKEN} {text.inline(bearer["description"])}</p>'
            "</header>")


NEEDS_TOKEN = '<span class="token">needs a token</span>'


def _tag(document: Document, tag: dict[str, str]) -> str:
    articles = "\n".join(_operation(document, *found) for found in _of_tag(document, tag["name"]))
    return (f'<section id="tag-{tag["name"]}"><h2>{tag["name"]}</h2>{text.blocks(tag["description"])}\n'
            f"{articles}</section>")


def _of_tag(document: Document, tag: str) -> Iterable[tuple[str, str, dict[str, Any]]]:
    return (found for found in operations(document) if tag in found[2]["tags"])


def _operation(document: Document, method: str, path: str, operation: dict[str, Any]) -> str:
    name = operation["operationId"]
    need = "" if operation.get("security") == [] else NEEDS_TOKEN
    parts = [f'<article aria-labelledby="{name}">'
             f'<h3 id="{name}">{_method(method)} <code>{html.escape(path)}</code> {need}'
             f'<a class="anchor" href="#{name}" aria-label="Link to {method.upper()} {html.escape(path)}">#</a></h3>',
             f'<p class="lead">{text.inline(operation["summary"])}</p>', text.blocks(operation.get("description", ""))]
    parts += _request(document, operation)
    parts.append(_code("In a shell", _curl(document, method, path, operation)))
    return "\n".join([*parts, *_answers(document, operation), "</article>"])


def _request(document: Document, operation: dict[str, Any]) -> list[str]:
    parts = []
    if parameters := [resolve(document, parameter) for parameter in operation.get("parameters", ())]:
        rows = [(schema_rows.name(given["name"], given.get("required", False)), given["in"],
                 schema_rows.kind(document, given["schema"]), text.inline(given["description"]))
                for given in parameters]
        parts.append(_table("Parameters", ("Name", "In", "Type", "Meaning"), rows))
    for holder in operation.get("requestBody", {}).get("content", {}).values():
        parts.append(_table(f"Body: {schema_rows.link(holder['schema'])}", ("Member", "Type", "Meaning"),
                            schema_rows.members(document, holder["schema"])))
        parts.append(_examples(document, holder, "Example of a body"))
    return parts


def _answers(document: Document, operation: dict[str, Any]) -> list[str]:
    described = {status: resolve(document, response) for status, response in operation["responses"].items()}
    good = {status: response for status, response in described.items() if PROBLEM not in response.get("content", {})}
    rows = [(f"<code>{status}</code>", text.inline(response["description"]), _body_of(document, response),
             _headers_of(document, response)) for status, response in good.items()]
    parts = [_table("Answers", ("Status", "Meaning", "Body", "Headers"), rows)]
    for status, response in good.items():
        parts += [_examples(document, holder, f"Example of {status}")
                  for holder in response.get("content", {}).values()]
    return [*parts, _errors({status: described[status] for status in described.keys() - good.keys()})]


def _errors(responses: dict[str, dict[str, Any]]) -> str:
    rows = [(f"<code>{status}</code>", text.blocks(responses[status]["description"])) for status in sorted(responses)]
    return f"<details><summary>Errors</summary>{_table('Errors', ('Status', 'Codes'), rows)}</details>"


def _body_of(document: Document, response: dict[str, Any]) -> str:
    bodies = [f"<code>{kind}</code><br>{schema_rows.link(holder['schema']) if '$ref' in holder['schema'] else ''}"
              for kind, holder in response.get("content", {}).items()]
    return "".join(bodies) or "none"


def _headers_of(document: Document, response: dict[str, Any]) -> str:
    named = [(name, resolve(document, header)) for name, header in response["headers"].items()
             if name not in REQUEST_ID]
    return "".join(f'<p><code>{name}</code>: {text.inline(header["description"])}</p>' for name, header in named)


def _schemas(document: Document) -> str:
    parts = []
    for name in _shown_schemas(document):
        schema = document["components"]["schemas"][name]
        parts.append(f'<article aria-labelledby="schema-{name}"><h3 id="schema-{name}">{name}</h3>'
                     f'{text.blocks(schema.get("description", ""))}')
        if "properties" in schema:
            rows = schema_rows.members(document, schema)
            parts.append(_table(f"Members of {name}", ("Member", "Type", "Meaning"), rows))
        parts.append("</article>")
    return f'<section id="schemas"><h2>Schemas</h2>{"".join(parts)}</section>'


def _shown_schemas(document: Document) -> list[str]:
    """Objects, and what a body is; a time or an id is told where it is used."""
    bodies = {"StateEvents"}
    return sorted(name for name, schema in document["components"]["schemas"].items()
                  if "properties" in schema or name in bodies)


def _examples(document: Document, holder: dict[str, Any], title: str) -> str:
    names = {name: example.get("summary", "") for name, example in holder.get("examples", {}).items()}
    return "".join(_code(": ".join(filter(None, [title, names.get(name, "")])), _pretty(value))
                   for name, value in examples_of(document, holder).items())


def _pretty(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _curl(document: Document, method: str, path: str, operation: dict[str, Any]) -> str:
    """What one may paste: required parameters and the first example of a body."""
    for parameter in (resolve(document, given) for given in operation.get("parameters", ())):
        path = path.replace(f"{{{parameter['name']}}}", str(parameter.get("example", "")))
    words = [f"curl {'-N ' if operation['operationId'] == 'stream' else ''}$URL{path}"]
    holder = next(iter(operation.get("requestBody", {}).get("content", {}).values()), None)
    if method not in ("get", "post") or (method == "post" and holder is None):
        words.append(f"-X {method.upper()}")
    if operation.get("security") != []:
        words.append('-H "Authorization: Bearer $TOKEN"')
    if holder is not None:
        first = next(iter(examples_of(document, holder).values()))
        words.append(f"--json '{json.dumps(first, ensure_ascii=False)}'")
    return " \\\n  ".join(words)


def _code(title: str, code: str) -> str:
    return (f'<details><summary>{html.escape(title)}</summary>'
            f'<pre tabindex="0"><code>{html.escape(code, quote=False)}</code></pre></details>')


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
                   for first, *rest in rows)
    return (f'<div class="table"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")


def _method(method: str) -> str:
    return f'<span class="method {method}">{method.upper()}</span>'
