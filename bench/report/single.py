"""What is measured once, not in rounds: memory, bytes, start to ready, the herd, a check beside pushes."""

import asyncio
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Callable

from supervisor import ports, probes

from . import processes
from .bench_stack import SERVICES, BenchStack
from .generators import Failed
from .samples import Outcome
from .work import PULLERS, Asking, Seeds

READY_SECONDS = 20.0
READY_EVERY_SECONDS = 0.001
PSS_EVERY_SECONDS = 0.2
STARTS = 5
HERD_CONNECTIONS = 512


def idle_memory(stack: BenchStack) -> dict[str, int]:
    return {name: processes.pss(pid) for name, pid in stack.service_pids().items()}


def memory_under(stack: BenchStack, command: list[str]) -> dict[str, int]:
    """The most that each service held while the command ran."""
    most = idle_memory(stack)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as asking:
        while asking.poll() is None:
            time.sleep(PSS_EVERY_SECONDS)
            most = {name: max(most[name], held) for name, held in idle_memory(stack).items()}
    if asking.returncode != 0:
        raise Failed(f"{Path(command[0]).name} exited with {asking.returncode}")
    return most


def growth_under_pulls(stack: BenchStack, seeds: Seeds, tasks: int) -> dict[str, int]:
    """While as many first pulls as PULLERS run side by side."""
    asking = Asking(stack, seeds.sized[tasks], 0)
    growth, _ = processes.growth_of_peaks(stack.service_pids(), lambda: asking(
        "first-pull", connections=PULLERS, length=["--requests", PULLERS]))
    return growth


def start_to_ready(stack: BenchStack, name: str) -> float:
    """Milliseconds until a second process of the same kind says that it is ready; the median of some."""
    return statistics.median(_one_start(stack, name) for _ in range(STARTS))


def _one_start(stack: BenchStack, name: str) -> float:
    chosen = ports.choose(("address", "admin"), {})
    env = stack.program_env(name) | {"TIDEMARK_ADDRESS": f"{ports.HOST}:{chosen['address']}",
                                     "TIDEMARK_ADMIN_ADDRESS": f"{ports.HOST}:{chosen['admin']}"}
    with tempfile.TemporaryFile() as log:
        began = time.monotonic()
        process = subprocess.Popen([stack.binaries / f"tidemark-{name}"], env=env, stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL)
        try:
            if not asyncio.run(_gets_ready(process, chosen["admin"])):
                raise Failed(f"a second {name} does not get ready")
            return 1000 * (time.monotonic() - began)
        finally:
            process.terminate()
            process.wait()


async def _gets_ready(process: subprocess.Popen, port: int) -> bool:
    give_up = time.monotonic() + READY_SECONDS
    while not await probes.http_is_200(ports.HOST, port, "/readyz"):
        if process.poll() is not None or time.monotonic() > give_up:
            return False
        await asyncio.sleep(READY_EVERY_SECONDS)
    return True


def start_times(stack: BenchStack) -> dict[str, float]:
    return {name: start_to_ready(stack, name) for name in SERVICES}


def herd(asking: Asking) -> Outcome:
    """Every user checks once; its seconds last till the last answer."""
    return asking("herd", connections=HERD_CONNECTIONS, length=())


def beside(background: list[str], foreground: Callable[[], Outcome]) -> Outcome:
    """What the foreground saw while the other command, which goes on for longer, kept the services busy."""
    with subprocess.Popen(background, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as pushing:
        try:
            outcome = foreground()
            if pushing.poll() is not None:
                raise Failed(f"{Path(background[0]).name} ended before what it was to disturb")
            return outcome
        finally:
            pushing.terminate()
            pushing.wait()
