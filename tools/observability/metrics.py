"""Metrics: as docs/metrics.md lists them, as a process shows them, and as a query names them."""

import re
from dataclasses import dataclass, field
from typing import Iterable

from . import ROOT

PROCESSES = ("gateway", "sync", "auth", "ratelimit")
# What Prometheus itself adds.
PROMETHEUS_OWN = {"up"}
HISTOGRAM_PARTS = ("_bucket", "_sum", "_count")
# Labels of a histogram's parts that are no one's to choose.
OWN_LABELS = {"le"}


@dataclass
class Metric:
    name: str
    kind: str
    labels: set[str] = field(default_factory=set)


def documented(text: str | None = None) -> dict[str, dict[str, Metric]]:
    """By process, then by name: the rows `| name | kind | labels | processes | meaning |`."""
    if text is None:
        text = (ROOT / "docs" / "metrics.md").read_text()
    found: dict[str, dict[str, Metric]] = {process: {} for process in PROCESSES}
    for row in re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|([^|]*)\|", text, re.MULTILINE):
        name, kind, labels, processes = row
        wanted = PROCESSES if processes.strip() == "all" else re.findall(r"\w+", processes)
        for process in wanted:
            found[process][name] = Metric(name, kind, set(re.findall(r"\w+", labels)))
    return found


def shown(text: str) -> dict[str, Metric]:
    """What a scrape got, by name."""
    found = {name: Metric(name, kind) for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)}
    for sample, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        metric = found.get(sample) or found[re.sub(r"_(bucket|sum|count)$", "", sample)]
        metric.labels |= set(re.findall(r'(\w+)="', labels)) - OWN_LABELS
    return found


def named_in(query: str) -> set[str]:
    """Metrics and recorded series that a query reads."""
    without_texts = re.sub(r'"(?:[^"\\]|\\.)*"', '""', query)
    return set(re.findall(r"(?<![\w:])(?:tidemark[_:][\w:]+|process_\w+|up|ALERTS)(?![\w:(])", without_texts))


def family_of(name: str, kinds: dict[str, str]) -> str:
    """A histogram's name for one of its parts; else the name as it is. `kinds` by name."""
    for part in HISTOGRAM_PARTS:
        if name.endswith(part) and kinds.get(name.removesuffix(part)) == "histogram":
            return name.removesuffix(part)
    return name


def unknown(queries: Iterable[str], recorded: set[str]) -> set[str]:
    """What queries name and nobody shows or records."""
    kinds = {name: metric.kind for metrics in documented().values() for name, metric in metrics.items()}
    known = set(kinds) | recorded | PROMETHEUS_OWN | {"ALERTS"}
    return {name for query in queries for name in named_in(query) if family_of(name, kinds) not in known
            or kinds.get(name) == "histogram"}
