"""What no log may hold: passwords, tokens, contents of tasks. Whoever makes one keeps it here; the last test looks.

    secrecy.keep(token)
    assert secrecy.found_below(folder) == []
"""

import json
import re
from pathlib import Path
from typing import Any, Iterator

# Under these names in a request or an answer.
SECRET_MEMBERS = {"password", "current_password", "new_password", "access_token", "refresh_token", "content"}
# Shorter texts are found where nobody put them.
LENGTH_MIN = 8
_WORD = re.compile(rb"[A-Za-z0-9_-]{%d,}" % LENGTH_MIN)

_words: set[bytes] = set()
# By how they begin, so that thousands are looked for in thousands of lines at once.
_phrases: dict[bytes, set[bytes]] = {}


def keep(text: str) -> None:
    """Of a token also its parts: a log may hold it cut."""
    for part in (text, *text.split(".")):
        for spelled in (part, json.dumps(part)[1:-1]):
            if len(spelled) >= LENGTH_MIN:
                secret = spelled.encode()
                known = _words if _WORD.fullmatch(secret) else _phrases.setdefault(secret[:LENGTH_MIN], set())
                known.add(secret)


def keep_all_of(message: Any) -> None:
    """What a JSON message holds of them."""
    if isinstance(message, list):
        for element in message:
            keep_all_of(element)
    if isinstance(message, dict):
        for name, value in message.items():
            if name in SECRET_MEMBERS and isinstance(value, str):
                keep(value)
            else:
                keep_all_of(value)


def found_below(folder: Path) -> list[str]:
    """Each line of a log that holds what was kept, or a secret of the stack's own: which file, and the line."""
    for file in folder.rglob("secrets"):
        for line in file.read_text().splitlines():
            keep(line.partition("=")[2])
    return [f"{log}: {line.decode(errors='replace')}" for log in logs_below(folder) for line in _telling(log)]


def logs_below(folder: Path) -> list[Path]:
    """Of the processes that a stack runs, and of their twins."""
    return [path for path in folder.rglob("*")
            if path.match("logs/*.log") or path.match("logs/*.log.1") or path.match("twin-*/log")]


def _telling(log: Path) -> Iterator[bytes]:
    with log.open("rb") as file:
        for line in file:
            if not _words.isdisjoint(_WORD.findall(line)) or _holds_phrase(line):
                yield line.strip()


def _holds_phrase(line: bytes) -> bool:
    return any(line.startswith(phrase, at) for at in range(len(line) - LENGTH_MIN + 1)
               for phrase in _phrases.get(line[at:at + LENGTH_MIN], ()))
