"""The arguments of ./test. The last line it prints is the sum: `N passed, N failed`."""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import building

from . import phases
from .counts import Counts


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./test", description="Builds Tidemark and runs every test there is.")
    parser.add_argument("filter", nargs="?", default="",
                        help="only C++ and end-to-end tests whose name matches this regular expression")
    sanitizer = parser.add_mutually_exclusive_group()
    sanitizer.add_argument("--asan", dest="sanitizer", action="store_const", const="asan",
                           help="C++ and end-to-end tests under the address and undefined behaviour sanitizers")
    sanitizer.add_argument("--tsan", dest="sanitizer", action="store_const", const="tsan",
                           help="C++ tests that do not link gRPC under the thread sanitizer")
    return parser.parse_args(argv)


def main() -> int:
    options = parse(sys.argv[1:])
    sanitizer = options.sanitizer or ""
    if sanitizer:
        os.environ["TIDEMARK_PRESET"] = sanitizer
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not build(sanitizer):
        print(Counts(failed=1))
        return 1
    chosen = phases.FILTERED if options.filter else phases.SANITIZED[sanitizer]
    with tempfile.TemporaryDirectory(prefix="tidemark-test-") as folder:
        Path(folder).chmod(0o755)  # the user postgres must get in
        bench = phases.Bench(Path(folder), options.filter, sanitizer)
        try:
            total = run_all(chosen, bench)
        except KeyboardInterrupt:
            print("\nInterrupted; stopping what runs…", flush=True)
            return 130
        finally:
            phases.stop_stacks(bench)
    print(total, flush=True)
    return 0 if total.failed == 0 else 1


def build(sanitizer: str) -> bool:
    say = lambda text: print(text, flush=True)  # noqa: E731
    logs = building.ROOT / "build" / "logs"
    try:
        building.programs((), logs / f"build-{building.preset()}.log", say)
        if not sanitizer:
            building.install_node_modules(building.ROOT / "tools" / "node", logs / "web.log", say)
        building.web(logs / "web.log", say)
        return True
    except building.Failed as failure:
        print(failure, file=sys.stderr)
        return False


def run_all(chosen, bench: phases.Bench) -> Counts:
    total, broken = Counts(), []
    for title, phase in chosen:
        print(f"\n=== {title} ===", flush=True)
        started = time.monotonic()
        counts = phase(bench)
        print(f"--- {title}: {counts} ({time.monotonic() - started:.0f} s)", flush=True)
        total += counts
        if counts.failed:
            broken.append(title)
    for name in total.failures:
        print(f"FAILED: {name}")
    print(f"\nFailed: {', '.join(broken)}" if broken else "\nAll is well.", flush=True)
    return total


if __name__ == "__main__":
    sys.exit(main())
