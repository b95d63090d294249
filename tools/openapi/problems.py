"""The error answers of a route, from the codes it names.

A route says `x-problems: [token, json, email_taken]`: groups and codes of problems.yaml. They become one response per
HTTP status, shared by all routes that can answer the same codes.
"""

from typing import Any

REQUEST_ID = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
ALWAYS = "http"
MORE_HEADERS = {
    401: {"WWW-Authenticate": {"$ref": "#/components/headers/WwwAuthenticate"}},
    429: {"Retry-After": {"$ref": "#/components/headers/RetryAfter"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"}},
    503: {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
}
Table = dict[str, Any]


def expand(document: dict[str, Any], table: Table) -> None:
    responses = document["components"].setdefault("responses", {})
    for item in document["paths"].values():
        for operation in item.values():
            for status, codes in by_status(operation.pop("x-problems"), table).items():
                name = "-".join([f"Problem{status}", *codes])
                responses.setdefault(name, response(status, codes, table))
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/{name}"}


def by_status(names: list[str], table: Table) -> dict[int, list[str]]:
    """Statuses rise; codes are in the table's order. KeyError: a name that the table does not have."""
    wanted = {code for name in [ALWAYS, *names] for code in table["groups"].get(name, [name])}
    for code in wanted:
        table["codes"][code]
    found: dict[int, list[str]] = {}
    for code, row in table["codes"].items():
        if code in wanted:
            found.setdefault(row["status"], []).append(code)
    return dict(sorted(found.items()))


def response(status: int, codes: list[str], table: Table) -> dict[str, Any]:
    rows = {code: table["codes"][code] for code in codes}
    narrowed = {"properties": {"status": {"const": status}, "code": {"enum": codes}}}
    return {
        "description": "\n".join(f"- `{code}`: {row['meaning']}" for code, row in rows.items()),
        "headers": REQUEST_ID | MORE_HEADERS.get(status, {}),
        "content": {"application/problem+json": {
            "schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]},
            "examples": {code: {"value": example(code, row)} for code, row in rows.items()}}},
    }


def example(code: str, row: dict[str, Any]) -> dict[str, Any]:
    return {"type": f"urn:tidemark:error:{code}", "title": row["title"], "status": row["status"],
            "detail": row["detail"], "code": code, **row.get("more", {}), "request_id": "4f1c2d3e5a6b7c8d"}
