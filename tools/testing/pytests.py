"""Runs the Python tests below a folder and writes how many there were.

    python3 -m testing.pytests FOLDER REPORT [FILTER]

Tests are in *_test.py. FILTER is a regular expression on a test's full name (module, class, method). A class with
`runs_last = True` looks at what the others have left behind.
"""

import json
import logging
import re
import sys
import unittest
from pathlib import Path
from typing import Iterable, Iterator


def tests_in(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_in(test)
        else:
            yield test


def in_order(tests: Iterable[unittest.TestCase]) -> list[unittest.TestCase]:
    return sorted(tests, key=lambda test: getattr(test, "runs_last", False))


def main(folder: Path, report: Path, wanted: str) -> int:
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # its debug mode calls initdb a slow callback
    found = unittest.defaultTestLoader.discover(str(folder), pattern="*_test.py", top_level_dir=str(folder))
    chosen = unittest.TestSuite(in_order(test for test in tests_in(found) if re.search(wanted, test.id())))
    result = unittest.TextTestRunner(verbosity=2).run(chosen)
    failures = {str(test) for test, _ in result.failures + result.errors}
    failures |= {str(test) for test in result.unexpectedSuccesses}
    failed, skipped = len(failures), len(result.skipped)
    counts = {"passed": max(0, result.testsRun - failed - skipped), "failed": failed, "skipped": skipped,
              "failures": sorted(failures)}
    report.write_text(json.dumps(counts))
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else ""))
