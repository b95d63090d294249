"""Holds an answer of a server against the contract.

    contract = answers.Contract(document.load())
    contract.faults("GET", "/livez", 200, {"content-type": "application/json", …}, b'{"status":"live"}')   # []
"""

import json
import re
import urllib.parse
from collections import defaultdict
from typing import Any, Mapping

from . import problems
from .document import Document, operations, resolve
from .schemas import Schemas

# What a server may say to a request that is no operation of the contract.
NO_OPERATION = (400, 404, 405, 408, 413, 431)
PROBLEM = "application/problem+json"
PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}


class Contract:
    def __init__(self, document: Document):
        self._document = document
        self._schemas = Schemas(document, closed=True)
        # A path without names is preferred to one with.
        self._paths = [(_pattern(path), path) for path in sorted(document["paths"], key=lambda path: "{" in path)]
        self._seen: dict[str, set[str]] = defaultdict(set)

    def faults(self, method: str, path: str, status: int, headers: Mapping[str, str],
               body: bytes | None) -> list[str]:
        """What is not as described; none: all is. Header names are lower case. `body` None: it was not read."""
        operation = self._operation("get" if method == "HEAD" else method.lower(), path)
        if method == "OPTIONS" and status == 204:
            return [] if "allow" in headers else ["no Allow"]
        if operation is None:
            return self._faults_without_operation(status, headers, body if method != "HEAD" else None)
        if str(status) not in operation["responses"]:
            return [f"{operation['operationId']} answers {', '.join(sorted(operation['responses']))}, not {status}"]
        self._seen[operation["operationId"]].add(str(status))
        described = resolve(self._document, operation["responses"][str(status)])
        found = self._header_faults(described.get("headers", {}), headers)
        if method != "HEAD" and body is not None:
            found += self._body_faults(described.get("content", {}), headers, body)
        return found

    def unseen(self) -> list[str]:
        """A line for each operation with answers that were never given to `faults`, except HTTP's own errors."""
        lines = []
        for method, path, operation in operations(self._document):
            missing = [status for status in operation["responses"]
                       if status not in self._seen[operation["operationId"]]
                       and not self._is_of_http_alone(operation["responses"][status])]
            if missing:
                lines.append(f"{method.upper()} {path}: {', '.join(sorted(missing))}")
        return lines

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        path = urllib.parse.urlsplit(path).path
        for pattern, described in self._paths:
            if pattern.fullmatch(path):
                return self._document["paths"][described].get(method)
        return None

    def _faults_without_operation(self, status: int, headers: Mapping[str, str], body: bytes | None) -> list[str]:
        if status not in NO_OPERATION:
            return [f"there is no such operation, and the answer is {status}"]
        found = [] if status != 405 or "allow" in headers else ["405 without Allow"]
        found += self._header_faults(problems.REQUEST_ID, headers)
        return found + self._body_faults({PROBLEM: {"schema": PROBLEM_SCHEMA}}, headers, body)

    def _header_faults(self, described: Mapping[str, Any], headers: Mapping[str, str]) -> list[str]:
        found = []
        for name, header in described.items():
            header = resolve(self._document, header)
            value: Any = headers.get(name.lower())
            if value is None:
                found += [f"no {name}"] if header.get("required") else []
                continue
            if header["schema"]["type"] == "integer" and value.isdigit():
                value = int(value)
            found += [f"{name}{fault}" for fault in self._schemas.faults(header["schema"], value)]
        return found

    def _body_faults(self, content: Mapping[str, Any], headers: Mapping[str, str], body: bytes | None) -> list[str]:
        if body is None:
            return []
        if not content:
            return ["a body where none is described"] if body else []
        kind = headers.get("content-type", "").split(";")[0]
        if kind not in content:
            return [f"the content type is {kind or 'absent'}, not {', '.join(content)}"]
        if not kind.endswith("json"):
            return list(self._schemas.faults(content[kind]["schema"], body.decode()))
        value = json.loads(body)
        found = list(self._schemas.faults(content[kind]["schema"], value))
        return found + (_unequal(value, headers) if kind == PROBLEM and not found else [])

    def _is_of_http_alone(self, response: dict[str, Any]) -> bool:
        content = resolve(self._document, response).get("content", {})
        return set(content.get(PROBLEM, {}).get("examples", ())) in HTTP_ALONE


HTTP_ALONE = ({"malformed_request"}, {"request_timeout"}, {"body_too_large"}, {"headers_too_large"})


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))


def _unequal(problem: Mapping[str, Any], headers: Mapping[str, str]) -> list[str]:
    """What a problem says twice, it says alike."""
    pairs = [(problem["request_id"], headers["x-request-id"])]
    if "retry-after" in headers or "retry_after" in problem:
        pairs.append((str(problem.get("retry_after")), headers.get("retry-after")))
    return [f"the body says {inside}, the header {outside}" for inside, outside in pairs if inside != outside]
