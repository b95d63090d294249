"""What bench/soak and bench/slowloris have in common: arguments, the build, and where their part is written."""

import argparse
import datetime
import os
import signal
import sys
import urllib.parse
from pathlib import Path
from typing import Callable

import building
from report import document
from report.bench_stack import BenchStack, Seed
from report.generators import Failed

TARGETS = ("tidemark-gateway", "tidemark-sync", "tidemark-auth", "tidemark-ratelimit", "bench")
DOCUMENT = building.ROOT / "docs" / "benchmarks.md"
# What is measured: the text of it, and whether it holds.
Measure = Callable[[Path, argparse.Namespace], tuple[str, bool]]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def when() -> str:
    return f"{datetime.date.today().isoformat()}, on {os.cpu_count()} cores"


def host_and_port(stack: BenchStack) -> tuple[str, int]:
    url = urllib.parse.urlparse(stack.env["TIDEMARK_URL"])
    return url.hostname, url.port


def tokens(seed: Seed) -> list[str]:
    """Of its users; the file's first line is a heading."""
    return [line.split()[-1] for line in seed.file.read_text().splitlines()[1:]]


def run(name: str, parser: argparse.ArgumentParser, measure: Measure) -> int:
    """0: it holds, 1: it could not be measured, 2: it does not hold."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is stopped all the same
    parser.add_argument("--write", action="store_true", help="also write what is printed to docs/benchmarks.md")
    options = parser.parse_args()
    try:
        binaries = building.programs(TARGETS, building.ROOT / "build" / "logs" / "bench.log", say)
        text, holds = measure(binaries, options)
        print(text)
        if options.write:
            DOCUMENT.write_text(document.replace(DOCUMENT.read_text(), name, text, f"bench/{name}"))
        return 0 if holds else 2
    except (building.Failed, Failed, document.NoMarks) as failure:
        print(f"bench/{name}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
