"""Markdown tables that also read well on a terminal, and the tables of series."""

from typing import Mapping, Sequence

from .samples import Series

COLUMNS = ("gateway", "sync", "auth", "ratelimit", "postgres", "redis")


def number(value: float) -> str:
    """Three digits that mean something, no more."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in (headings, *rows)]
    rule = " | ".join("-" * max(3, width) for width in widths)
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:])) + "\n"


def of_work(series: Mapping[str, Series]) -> str:
    """Latencies and processor times in milliseconds."""
    return table(("work", "requests/s", "p50", "p90", "p99", "CPU", *COLUMNS, "spread", "errors"),
                 [_work_row(name, each) for name, each in series.items()])


def _work_row(name: str, series: Series) -> list[str]:
    return [name, number(series.rate()), *(_latency(series, quantile) for quantile in ("p50", "p90", "p99")),
            number(series.cpu_ms()), *(number(series.cpu_ms(process)) for process in COLUMNS),
            f"{series.spread():.0%}", str(series.errors())]


def of_floors(series: Mapping[str, Series]) -> str:
    return table(("floor", "operations/s", "p50", "p99", "CPU", "spread", "errors"), [
        [name, number(each.rate()), _latency(each, "p50"), _latency(each, "p99"), f"{each.cpu_ms():.4f}",
         f"{each.spread():.0%}", str(each.errors())] for name, each in series.items()])


def _latency(series: Series, quantile: str) -> str:
    found = series.latency(quantile)
    return "" if found is None else number(found)
