"""A direct gRPC client of the sync service: a program of ours, as Python's standard library speaks no gRPC."""

import os
import subprocess

import secrecy
from stack import BUILT, Stack

PROGRAM = BUILT / "tidemark-streams"
TIMEOUT_SECONDS = 30


def end_of(stack: Stack, token: str, *arguments: str) -> str:
    """How the call ended: gRPC's code and ours, as "UNAVAILABLE unavailable"."""
    secrecy.keep(token)
    address = ":".join(map(str, stack.address("sync")))
    done = subprocess.run([PROGRAM, address, *arguments], env=os.environ | {"TIDEMARK_TOKEN": token},
                          capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
    return done.stdout.splitlines()[-1].removeprefix("end ")
