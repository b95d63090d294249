"""Records stacks of running processes with Linux' perf.

The clock that ticks is the kernel's software one, so that it works in a virtual machine too; where the kernel keeps
interrupts away, its ticks are counted at the function that lets them in again. Each sample carries the top of its
stack, unwound afterwards by the tables that every library has for exceptions: no build with frame pointers is
needed, neither of ours nor of Debian's libraries.
"""

import subprocess
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Mapping, Sequence

from .processes import Failed
from .stacks import Stack, parse

# A prime, so that it does not step with timers; each sample is copied and unwound, so that more would be seen in
# the profile.
SAMPLES_PER_SECOND = 199
STACK_BYTES = 16384


def record(process_of: Mapping[int, str], seconds: float) -> Counter[Stack]:
    """The stacks of these processes, threads and children included, during so many seconds."""
    with TemporaryDirectory(prefix="tidemark-flame-") as folder:
        data = Path(folder) / "perf.data"
        _perf("record", "--event", "cpu-clock", "--freq", SAMPLES_PER_SECOND, "--call-graph", f"dwarf,{STACK_BYTES}",
              "--pid", ",".join(map(str, process_of)), "--output", data, "--", "sleep", seconds)
        script = _perf("script", "--no-inline", "--fields", "comm,pid,tid,ip,sym,dso", "--input", data)
        return parse(script.splitlines(), process_of)


def _perf(*arguments: object) -> str:
    argv: Sequence[str] = ["perf", *map(str, arguments)]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, errors="replace")
    except FileNotFoundError:
        raise Failed("perf is missing: tools/install bench brings it") from None
    if done.returncode != 0:
        raise Failed(f"perf {arguments[0]} failed:\n{done.stderr.strip()}")
    return done.stdout
