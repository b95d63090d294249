"""The generated parts of docs/benchmarks.md: each stands between two marks, what is around them is written by hand."""

import re


class NoMarks(Exception):
    """Its text is for the person at the terminal."""


def replace(document: str, part: str, text: str, command: str = "bench/run") -> str:
    begin, end = f"<!-- {command} writes this part: {part} -->", f"<!-- end of {part} -->"
    if begin not in document or end not in document:
        raise NoMarks(f"docs/benchmarks.md has no part between `{begin}` and `{end}`")
    return re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n{text}{end}", document, flags=re.S)
