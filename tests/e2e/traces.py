"""What the processes of a stack log about one trace."""

import json
import re
import secrets
from pathlib import Path
from typing import Any, Iterator

import secrecy
from stack import Stack, eventually

Line = dict[str, Any]
# One of them is written about each request or call, by each process that it crosses.
ENTRIES = ("request", "call")
TRACE_ID = re.compile(r"(?!0+$)[0-9a-f]{32}")
SPAN_ID = re.compile(r"(?!0+$)[0-9a-f]{16}")


class Trace:
    """As a client that keeps traces begins one."""

    def __init__(self, stack: Stack, flags: str = "01"):
        self._stack = stack
        self.id, self.span = secrets.token_hex(16), secrets.token_hex(8)
        self.headers = {"traceparent": f"00-{self.id}-{self.span}-{flags}"}

    def entries(self, *expected: str) -> list[Line]:
        """When there is one line for each of `expected`: its process, or process and method."""
        def found() -> list[Line] | None:
            lines = [line for line in lines_of(self._stack, self.id) if line["event"] in ENTRIES]
            return lines if len(lines) >= len(expected) else None

        lines = eventually(f"a line for each of {expected}", found)
        assert sorted(map(name_of, lines)) == sorted(expected), lines
        return lines


def name_of(line: Line) -> str:
    """Of an entry: "gateway POST /sync", "sync Check"."""
    what = f"{line['method']} {line['route']}" if "route" in line else line["method"].rpartition("/")[2]
    return f"{line['process'].removeprefix('tidemark-')} {what}"


def lines_of(stack: Stack, identifier: str) -> list[Line]:
    """As `grep IDENTIFIER DIR/logs/*`."""
    return [json.loads(line) for path in sorted((stack.data / "logs").iterdir())
            for line in written_lines(path) if identifier in line]


def written_lines(path: Path) -> list[str]:
    """But for the last, while it is being written."""
    return path.read_text(errors="replace").rpartition("\n")[0].splitlines()


def all_lines_below(folder: Path) -> Iterator[Line]:
    for path in secrecy.logs_below(folder):
        for text in path.read_text(errors="replace").splitlines():
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                continue  # what a process that was killed had half written, and what others write
            if isinstance(line, dict) and "event" in line:
                yield line
