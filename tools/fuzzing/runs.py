"""One run of one libFuzzer target."""

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import building

SOURCES = building.ROOT / "tests" / "fuzz"
CORPUS = SOURCES / "corpus"
FOUND = building.ROOT / "build" / "fuzz" / "found"

# Of a short run: a few seconds each.
RUNS = {"client_address": 40_000, "decode_auth": 10_000, "decode_sync": 10_000, "decode_sync_v1": 10_000,
        "encode": 3_000, "http_request": 20_000, "http_target": 80_000, "if_none_match": 20_000}
# An input that takes longer has found something as well.
INPUT_SECONDS_MAX = 20
MEGABYTES_MAX = 2048


@dataclass(frozen=True)
class Outcome:
    holds: bool
    # For the person at the terminal.
    text: str


def targets() -> list[str]:
    return sorted(path.stem.removeprefix("fuzz_") for path in SOURCES.glob("fuzz_*.cc"))


def at_fixed_addresses() -> list[str]:
    """libFuzzer goes by addresses, so that a run can be repeated only where they are the same each time. Some
    containers forbid that: there a short run tries as many inputs, but not always the same."""
    prefix = ["setarch", "-R"]
    return prefix if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0 else []


def argv(programs: Path, target: str, seconds: int, new: Path) -> list[str | Path]:
    """Without seconds a fixed seed and so many inputs, however fast the machine."""
    length = [f"-max_total_time={seconds}"] if seconds else ["-seed=1", f"-runs={RUNS[target]}"]
    # What is found is written to the first folder; the committed inputs are only read.
    return [programs / f"fuzz_{target}", *length, "-print_final_stats=1", "-reload=0", f"-timeout={INPUT_SECONDS_MAX}",
            f"-rss_limit_mb={MEGABYTES_MAX}", f"-artifact_prefix={FOUND}/{target}-", new, CORPUS / target]


def run(programs: Path, target: str, seconds: int, keep: bool) -> Outcome:
    FOUND.mkdir(parents=True, exist_ok=True)
    inputs = len(list((CORPUS / target).iterdir()))
    with tempfile.TemporaryDirectory(prefix="tidemark-fuzz-") as folder:
        started = time.monotonic()
        done = _done([*at_fixed_addresses(), *argv(programs, target, seconds, Path(folder))])
        took = time.monotonic() - started
        if done.returncode != 0:
            return Outcome(False, told_of_failure(target, done.stdout))
        text = told_of_success(target, inputs, done.stdout, took)
        if keep:
            _done([programs / f"fuzz_{target}", "-merge=1", "-use_counters=0", CORPUS / target, folder]).check_returncode()
            text += f"; {len(list((CORPUS / target).iterdir())) - inputs} added to the corpus"
        return Outcome(True, text)


def _done(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, text=True, errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def told_of_success(target: str, inputs: int, output: str, took: float) -> str:
    tried = re.search(r"^stat::number_of_executed_units: (\d+)$", output, re.MULTILINE)
    covered = re.findall(r" cov: (\d+) ", output)
    return (f"{target}: every claim held for {int(tried[1]):,} inputs, made from {inputs} of the corpus,"
            f" at {covered[-1]} places of the code ({took:.1f} s)")


def told_of_failure(target: str, output: str) -> str:
    claim = re.search(r"^(?:Does not hold: .*|.*ERROR: \w*Sanitizer.*|.*runtime error:.*)$", output, re.MULTILINE)
    written = re.search(r"Test unit written to (\S+)", output)
    lines = [f"{target}: FAILED"]
    lines += [f"  {claim[0]}"] if claim else []
    lines += [f"  input: {written[1]}", f"  again: build/fuzz/bin/fuzz_{target} {written[1]}"] if written else []
    return "\n".join([*lines, *(f"  | {line}" for line in output.splitlines()[-40:])])
