"""The profile as a flame graph: an SVG without a script, for a page as for a browser.

A box is a function; below it who called it, above it whom it called. Its width is its share of the samples, widest
first, its colour the library it is from. A browser shows the whole name and the share on pointing at a box.
"""

from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import Iterator, Mapping

from .stacks import KERNEL, PROGRAM, Frame, Stack

WIDTH, ROW, MARGIN = 1600, 17, 10
HEAD = 64
# Of a letter of the font below.
LETTER = 6.7
# What is narrower is left out, with all above it.
NARROWEST = 2
PLAIN = "#e4e0d8"
# The same in every graph; the largest of the others get a colour each.
COLOURS = {PROGRAM: "#f2a65a", KERNEL: "#b8c4d0", "libgrpc": "#8fbf8f", "libc": "#d9b3e0"}
FOR_LIBRARIES = ("#8ec3d9", "#e6d27a", "#e59a9a", "#b5a58c")


@dataclass
class Node:
    frame: Frame
    samples: int = 0
    callees: dict[Frame, "Node"] = field(default_factory=dict)

    def called(self, frame: Frame) -> "Node":
        return self.callees.setdefault(frame, Node(frame))

    def widest_first(self) -> list["Node"]:
        return sorted(self.callees.values(), key=lambda node: (-node.samples, node.frame.function))


@dataclass(frozen=True)
class Box:
    frame: Frame
    samples: int
    x: float
    width: float
    # 0 at the bottom.
    row: int


def tree(counts: Mapping[Stack, int]) -> Node:
    """All, then processes, then threads, then their stacks."""
    root = Node(Frame("all", ""))
    for stack, count in counts.items():
        node = root
        node.samples += count
        for frame in (Frame(stack.process, ""), Frame(f"thread {stack.thread}", ""), *stack.frames):
            node = node.called(frame)
            node.samples += count
    return root


def boxes(root: Node) -> Iterator[Box]:
    yield from _boxes(root, MARGIN, (WIDTH - 2 * MARGIN) / max(1, root.samples), 0)


def _boxes(node: Node, x: float, scale: float, row: int) -> Iterator[Box]:
    width = node.samples * scale
    if width < NARROWEST:
        return
    yield Box(node.frame, node.samples, x, width, row)
    for callee in node.widest_first():
        yield from _boxes(callee, x, scale, row + 1)
        x += callee.samples * scale


def draw(counts: Mapping[Stack, int], title: str) -> str:
    root = tree(counts)
    placed = list(boxes(root))
    height = HEAD + (max(box.row for box in placed) + 1) * ROW + MARGIN if placed else HEAD
    colours = _colours(counts)
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        "<style>text{font:11px monospace;fill:#222}rect{stroke:#fff;stroke-width:.5}.title{font-size:15px}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="title" x="{MARGIN}" y="24">{escape(title)}</text>',
        *_legend(counts, colours),
        *(_drawn(box, root.samples, height, colours) for box in placed),
        "</svg>\n"))


def _shares_of_libraries(counts: Mapping[Stack, int]) -> Counter[str]:
    shares = Counter[str]()
    for stack, count in counts.items():
        if stack.frames:
            shares[stack.frames[-1].library] += count
    return shares


def _colours(counts: Mapping[Stack, int]) -> dict[str, str]:
    others = [name for name, _ in _shares_of_libraries(counts).most_common() if name not in COLOURS]
    return COLOURS | dict(zip(others, FOR_LIBRARIES))


def _legend(counts: Mapping[Stack, int], colours: Mapping[str, str]) -> Iterator[str]:
    """The libraries with a colour, and how much of the time the processor was in each."""
    total, x = max(1, sum(counts.values())), float(MARGIN)
    shares = _shares_of_libraries(counts)
    for name in sorted(colours, key=lambda library: -shares[library]):
        label = f"{name} {shares[name] / total * 100:.0f} %"
        yield f'<rect x="{x:.1f}" y="37" width="12" height="12" fill="{colours[name]}"/>'
        yield f'<text x="{x + 17:.1f}" y="47">{escape(label)}</text>'
        x += 17 + LETTER * (len(label) + 3)


def _drawn(box: Box, total: int, height: int, colours: Mapping[str, str]) -> str:
    y = height - MARGIN - (box.row + 1) * ROW
    name, share = box.frame.function, f"{box.samples / total * 100:.1f} %"
    where = f", {box.frame.library}" if box.frame.library else ""
    letters = int((box.width - 4) / LETTER)
    label = name if len(name) <= letters else name[:letters - 1] + "…" if letters >= 4 else ""
    text = f'<text x="{box.x + 2:.1f}" y="{y + 12}">{escape(label)}</text>' if label else ""
    return (f"<g><title>{escape(name)} ({share}{escape(where)})</title>"
            f'<rect x="{box.x:.1f}" y="{y}" width="{box.width:.1f}" height="{ROW - 1}" '
            f'fill="{colours.get(box.frame.library, PLAIN)}"/>{text}</g>')
