"""Lints the contract. ./test calls it.

    python3 -m openapi        prints what breaks a rule, one a line; exit code 1 if anything does
"""

import json
import sys

from . import document, lint, sources


def main() -> int:
    contract = document.load()
    meta_schema = json.loads(lint.META_SCHEMA.read_text())
    found = [*lint.violations(contract, meta_schema), *sources.violations(contract, document.ROOT)]
    print("\n".join(found) or "openapi: the contract keeps its rules")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
