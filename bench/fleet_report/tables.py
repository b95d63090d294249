"""A table with what is said below it, and notes that are numbered through all tables."""

from dataclasses import dataclass, field
from typing import Sequence

from report import tables

DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Table:
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    # Paragraphs.
    below: Sequence[str] = ()

    def markdown(self) -> str:
        parts = [f"**{self.title}**", tables.table(self.headings, self.rows).rstrip(), *self.below]
        return "\n\n".join(parts) + "\n"


@dataclass
class Notes:
    texts: list[str] = field(default_factory=list)

    def mark(self, text: str) -> str:
        """The same text has the same number."""
        if text not in self.texts:
            self.texts.append(text)
        return sign(self.texts.index(text))

    def markdown(self) -> str:
        return "".join(f"- {sign(index)} {text}\n" for index, text in enumerate(self.texts))


def sign(index: int) -> str:
    return str(index + 1).translate(DIGITS)


def number(value: float | None) -> str:
    return "–" if value is None else tables.number(value)


def whole(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def change(after: float, before: float) -> str:
    """E.g. "−50 %", of what was before."""
    if not before:
        return "–"
    percent = 100 * (after - before) / before
    return f"{'−' if percent < 0 else '+'}{abs(percent):.0f} %"


def times(value: float, of: float) -> str:
    return f"{value / of:.2f}x" if of else "–"
