"""The report as one HTML file: the tables, the notes and the plots; nothing comes from elsewhere, no script."""

import re
from html import escape
from pathlib import Path
from typing import Iterator, Mapping, Sequence

import building

from . import plots
from .account import Account
from .day import Day
from .drawing import figure
from .figures import MET, MISSED
from .tables import Table, sign
from .what_if import ratio

STYLES = (building.WEB / "status" / "style.css", Path(__file__).with_name("page.css"))
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def of(account: Account, days: Mapping[str, Day]) -> str:
    style = "".join(file.read_text() for file in STYLES)
    alarms = "".join(f'<p class="summary bad"><span>{escape(fault)}</span></p>\n' for fault in account.faults)
    drawn = "\n".join(figure(plot) for plot in plots.of(days))
    notes = "".join(f"<li>{sign(index)} {_inline(text)}</li>\n" for index, text in enumerate(account.notes.texts))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>Tidemark: a day of {days["v1"].users:,} users</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>A day of {days["v1"].users:,} users</h1>
<p>{escape(account.heading)}</p>
</header>
<main>
{alarms}<dl class="tiles">
{"".join(_tiles(days))}</dl>
<h2>The day</h2>
<div class="plots">
{drawn}
</div>
{"".join(_section(table) for table in account.tables)}<h2>Notes</h2>
<ul class="notes">
{notes}</ul>
</main>
<footer>
<p>Written by <code>bench/fleet</code>. How it is simulated, and more on what cannot be met: <code>docs/benchmarks.md</code>.</p>
</footer>
</body>
</html>
"""


def _tiles(days: Mapping[str, Day]) -> Iterator[str]:
    v1, final = days["v1"], days["final"]
    for name, value, below in (
            ("syncs a user and day", f"{final.per_user('syncs'):.1f}", f"V1: {v1.per_user('syncs'):.1f}"),
            ("database queries a sync", f"{final.queries_per_sync or 0:.2f}", f"V1: {v1.queries_per_sync or 0:.2f}"),
            ("users from the same budgets", f"{ratio(v1, final):.1f}x", "against V1"),
            ("edits lost", f"{sum(day.counts['edits_lost'] for day in days.values()):,}",
             f"of {sum(day.counts['edits_made'] for day in days.values()):,}, on all days together")):
        yield f"<div><dt>{name}</dt><dd><strong>{value}</strong><span>{below}</span></dd></div>\n"


def _section(table: Table) -> str:
    title = escape(table.title)
    return (f'<h2>{title}</h2>\n<div class="scrolled" tabindex="0" role="region" aria-label="{title}">\n'
            f"<table>\n<thead><tr>{_cells('th', table.headings)}</tr></thead>\n<tbody>\n"
            + "".join(f"<tr>{_cells('td', row)}</tr>\n" for row in table.rows)
            + "</tbody>\n</table>\n</div>\n" + "".join(f'<p class="quiet">{_inline(text)}</p>\n' for text in table.below))


def _cells(tag: str, cells: Sequence[str]) -> str:
    return "".join(f"<{tag}{_verdict(cell)}>{_inline(cell)}</{tag}>" for cell in cells)


def _verdict(cell: str) -> str:
    """Its class, where it is one."""
    names = {MET: "met", MISSED: "missed"}
    name = "explained" if cell.startswith("explained ") else names.get(cell)
    return f' class="{name}"' if name else ""


def _inline(text: str) -> str:
    """The little Markdown that our texts have."""
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))
    return re.sub(r"`(.+?)`", r"<code>\1</code>", text)
