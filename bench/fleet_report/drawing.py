"""Lines over an axis as SVG, in the look of the status page: its classes, no script, a title on pointing at a place."""

import math
from dataclasses import dataclass
from html import escape
from typing import Iterator, Sequence

# Small, so that letters keep their size on a phone.
WIDTH, HEIGHT = 460, 230
LEFT, RIGHT, TOP, BOTTOM = 62, 10, 12, 24
# Of the page's styles: a colour and a dash each.
STYLES = 4
# Of the table of numbers, about.
ROWS = 24


@dataclass(frozen=True)
class Line:
    name: str
    # One for each place of the axis.
    values: Sequence[float]


@dataclass(frozen=True)
class Mark:
    """A level to compare with, along the axis up to a part of it."""
    name: str
    value: float
    until: float = 1.0


@dataclass(frozen=True)
class Axis:
    """Places from left to right, what each is called, and which of them get a tick."""
    names: Sequence[str]
    ticks: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Plot:
    title: str
    # What the numbers are.
    unit: str
    axis: Axis
    lines: Sequence[Line]
    marks: Sequence[Mark] = ()
    # Shares from 0 to 1 are shown as percent.
    is_share: bool = False


def figure(plot: Plot) -> str:
    legend = "".join(f"<li>{_swatch(index)}{escape(line.name)}</li>" for index, line in enumerate(plot.lines))
    return (f"<figure>\n<figcaption><strong>{escape(plot.title)}</strong>, {escape(plot.unit)}"
            f'<ul class="legend">{legend}</ul></figcaption>\n{svg(plot)}\n{_numbers(plot)}\n</figure>')


def svg(plot: Plot) -> str:
    most = max([0, *(value for line in plot.lines for value in line.values), *(mark.value for mark in plot.marks)])
    steps = [0, 0.2, 0.4, 0.6, 0.8, 1] if plot.is_share else round_steps(most)
    return "\n".join((f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(plot.title)}">',
                      *_grid(plot, steps), *_lines(plot, steps[-1]), *_marks(plot, steps[-1]), *_places(plot), "</svg>"))


def _numbers(plot: Plot) -> str:
    """For who does not see the picture, or wants to copy them: every so often a row."""
    every = max(1, len(plot.axis.names) // ROWS)
    heads = "".join(f"<th>{escape(line.name)}</th>" for line in plot.lines)
    rows = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(f'<td>{_shown(plot, line.values[place])}</td>' for line in plot.lines)}</tr>\n"
        for place, name in enumerate(plot.axis.names) if place % every == 0)
    return (f'<details><summary>Numbers</summary><div class="scrolled" tabindex="0" role="region" '
            f'aria-label="{escape(plot.title)}: numbers"><table class="numbers">\n<thead><tr><th></th>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}</tbody></table></div></details>")


def round_steps(most: float) -> list[float]:
    """From 0 to a round number that `most` fits under, in at most five steps."""
    least = max(5, most)
    power = 10 ** math.floor(math.log10(least / 5))
    step = next(size * power for size in (1, 2, 5, 10) if size * power * 5 >= least)
    return [index * step for index in range(math.ceil(least / step) + 1)]


def _x(plot: Plot, place: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / len(plot.axis.names)


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(value, most) / most


def _shown(plot: Plot, value: float) -> str:
    return f"{value:.0%}" if plot.is_share else f"{value:,.0f}"


def _grid(plot: Plot, steps: Sequence[float]) -> Iterator[str]:
    for step in steps:
        y = _y(step, steps[-1])
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text class="tick end" x="{LEFT - 6}" y="{y + 4:.1f}">{_shown(plot, step)}</text>'
    for place, name in plot.axis.ticks:
        yield f'<text class="tick middle" x="{_x(plot, place):.1f}" y="{HEIGHT - 7}">{escape(name)}</text>'


def _lines(plot: Plot, most: float) -> Iterator[str]:
    for index, line in enumerate(plot.lines):
        points = " ".join(f"{_x(plot, place):.1f},{_y(value, most):.1f}" for place, value in enumerate(line.values))
        yield f'<polyline class="line series{index % STYLES}" points="{points}"/>'


def _marks(plot: Plot, most: float) -> Iterator[str]:
    highest = max((mark.value for mark in plot.marks), default=0)
    for mark in plot.marks:
        y, right = _y(mark.value, most), LEFT + (WIDTH - LEFT - RIGHT) * mark.until
        # Two may lie close to each other.
        beside = y - 4 if mark.value == highest else y + 13
        yield f'<path class="level" d="M{LEFT} {y:.1f}H{right:.1f}"/>'
        yield f'<text class="tick" x="{LEFT + 4}" y="{beside:.1f}">{escape(mark.name)}</text>'


def _places(plot: Plot) -> Iterator[str]:
    """What there is at each place, for who points at it."""
    width = (WIDTH - LEFT - RIGHT) / len(plot.axis.names)
    for place, name in enumerate(plot.axis.names):
        told = " · ".join(f"{line.name} {_shown(plot, line.values[place])}" for line in plot.lines)
        yield (f'<rect class="place" x="{_x(plot, place) - width / 2:.1f}" y="{TOP}" width="{width:.1f}" '
               f'height="{HEIGHT - TOP - BOTTOM}"><title>{escape(f"{name}: {told}")}</title></rect>')


def _swatch(index: int) -> str:
    line = f'<path class="line series{index % STYLES}" d="M0 4H24"/>'
    return f'<svg class="swatch" viewBox="0 0 24 8" aria-hidden="true">{line}</svg>'
