"""Every answer that these tests get is held against the contract (gateway/openapi). At the end is told what it
describes and no test got."""

import atexit
from typing import Mapping

from openapi import answers, document

_contract = answers.Contract(document.load())


def check(method: str, path: str, status: int, headers: Mapping[str, str], body: bytes | None) -> None:
    """Fails the test whose answer is not described. `body` None: it was not read."""
    faults = _contract.faults(method, path, status, headers, body)
    assert not faults, f"{method} {path}, answered {status}, is not as described: {'; '.join(faults[:5])}"


@atexit.register
def _tell_what_no_test_got() -> None:
    if unseen := _contract.unseen():
        print("Described, and answered to no test:", *unseen, sep="\n  ", flush=True)
