"""Those who ask, and what they print."""

import csv
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any, Mapping, Sequence

from .samples import Outcome


class Failed(Exception):
    """Its text is for the person at the terminal."""


def run(argv: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """What it printed; Failed with its last words."""
    done = subprocess.run([str(word) for word in argv], env=env, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise Failed(f"{Path(argv[0]).name} exited with {done.returncode}:\n{(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def from_load(text: str) -> Outcome:
    """tidemark-load and tidemark-echo-load: one line of JSON."""
    found: dict[str, Any] = json.loads(text)
    latency = {name: micros / 1000 for name, micros in found.get("latency_us", {}).items()}
    return Outcome(found["requests"], found["seconds"], found["errors"], latency,
                   found.get("bytes_sent_per_request", 0.0), found.get("bytes_received_per_request", 0.0))


WRK_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def from_wrk(text: str) -> Outcome:
    requests, seconds, unit = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)", text).groups()
    latency = {f"p{quantile}": float(number) * WRK_UNITS[unit_of]
               for quantile, number, unit_of in re.findall(r"^ +(50|90|99)% +([\d.]+)(us|ms|s)$", text, re.M)}
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    errors = int(failed[1]) if failed else 0
    errors += sum(int(number) for number in broken.groups()) if broken else 0
    return Outcome(int(requests), float(seconds) * {"ms": 0.001, "s": 1.0, "m": 60.0}[unit], errors, latency)


def from_redis_benchmark(text: str, requests: int) -> Outcome:
    """As --csv prints it."""
    row = next(csv.DictReader(io.StringIO(text)))
    latency = {f"p{quantile}": float(row[f"p{quantile}_latency_ms"]) for quantile in (50, 99)}
    return Outcome(requests, requests / float(row["rps"]), 0, latency)


def from_pgbench(text: str) -> Outcome:
    requests = int(re.search(r"number of transactions actually processed: (\d+)", text)[1])
    failed = re.search(r"number of failed transactions: (\d+)", text)
    rate = float(re.search(r"tps = ([\d.]+)", text)[1])
    return Outcome(requests, requests / rate, int(failed[1]) if failed else 0)
