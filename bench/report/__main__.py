"""The arguments of bench/run."""

import argparse
import dataclasses
import signal
import sys

import building

from . import document, session
from .generators import Failed
from .session import QUICK, WHOLE, Extent

TARGETS = ("tidemark-gateway", "tidemark-sync", "tidemark-auth", "tidemark-ratelimit", "bench")
DOCUMENT = building.ROOT / "docs" / "benchmarks.md"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def parse(argv: list[str]) -> tuple[argparse.Namespace, Extent]:
    parser = argparse.ArgumentParser(
        prog="bench/run", description="Measures Tidemark beside its bare parts, and prints goals, floors and ratios.")
    parser.add_argument("--users", type=int, help=f"of W1 and W2 (default {WHOLE.users})")
    parser.add_argument("--tasks", type=int, help=f"of each of them (default {WHOLE.tasks})")
    parser.add_argument("--quick", action="store_true", help="a smaller run, of about two minutes")
    parser.add_argument("--million", action="store_true",
                        help="instead: check and sync with up to a million users, and what they take on disk")
    parser.add_argument("--write", action="store_true", help="also write what is printed to docs/benchmarks.md")
    options = parser.parse_args(argv)
    extent = QUICK if options.quick else WHOLE
    return options, dataclasses.replace(extent, users=options.users or extent.users,
                                        tasks=options.tasks or extent.tasks)


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is stopped all the same
    options, extent = parse(sys.argv[1:])
    try:
        binaries = building.programs(TARGETS, building.ROOT / "build" / "logs" / "bench.log", say)
        part, measure = (("the million", session.with_a_million) if options.million else
                         ("goals and floors", session.beside_floors))
        text = measure(binaries, extent, say)
        print(text)
        if options.write:
            DOCUMENT.write_text(document.replace(DOCUMENT.read_text(), part, text))
        return 0
    except (building.Failed, Failed, document.NoMarks) as failure:
        print(f"bench/run: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
