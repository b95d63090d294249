"""tidemark-fleet: one scenario in one process, beside the PostgreSQL and Redis that `tools/servers` has started.

    tidemark-fleet --scenario NAME --settings FILE --progress --set /users=N --set /seed=N [--set NAME=VALUE]… > FILE

It says `progress FRACTION` on stderr as it goes; all else that it says there is for the person at the terminal.
"""

import collections
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Sequence

import building

from .day import Day, Failed
from .plan import Run
from .progress import Progress

TARGET = "tidemark-fleet"
SETTINGS = building.ROOT / "bench" / "fleet.json"
PROGRESS = re.compile(r"progress ([\d.]+)\s*")
LAST_WORDS = 20


@dataclass(frozen=True)
class Engine:
    # With what starts it.
    program: Sequence[str | Path]
    results: Path
    users: int
    seed: int

    def result_of(self, run: Run) -> Path:
        return self.results / f"{run.name}.json"

    def command(self, run: Run) -> list[str]:
        settings = (("/users", run.users(self.users)), ("/seed", self.seed), *run.settings)
        sets = [word for name, value in settings for word in ("--set", f"{name}={value}")]
        return [str(word) for word in (*self.program, "--scenario", run.scenario, "--settings", SETTINGS,
                                       "--progress", *sets)]

    def live(self, runs: Sequence[Run], progress: Progress) -> dict[str, Day]:
        """By the runs' names."""
        self.results.mkdir(parents=True, exist_ok=True)
        days = {}
        try:
            for run in runs:
                progress.begin(run)
                self._run(run, lambda fraction, run=run: progress.tell(run, fraction))
                progress.end(run)
                days[run.name] = Day.read(self.result_of(run))
        finally:
            progress.close()
        return days

    def _run(self, run: Run, tell: Callable[[float], None]) -> None:
        said: collections.deque[str] = collections.deque(maxlen=LAST_WORDS)
        # An old result is not to pass for this run's, nor a part of one for the whole.
        self.result_of(run).unlink(missing_ok=True)
        part = self.result_of(run).with_suffix(".part")
        with part.open("w") as result:
            process = subprocess.Popen(self.command(run), cwd=building.ROOT, text=True, errors="replace",
                                       stdin=subprocess.DEVNULL, stdout=result, stderr=subprocess.PIPE)
        try:
            for line in process.stderr:
                if match := PROGRESS.fullmatch(line):
                    tell(float(match[1]))
                else:
                    said.append(line)
        except BaseException:
            process.terminate()
            raise
        finally:
            process.wait()
        if process.returncode != 0:
            raise Failed(f"{run.name}: {TARGET} exited with {process.returncode}:\n{''.join(said)}")
        part.rename(self.result_of(run))


def read(runs: Sequence[Run], results: Path) -> dict[str, Day]:
    """What an earlier run has left; Failed where it is of several fleets."""
    days = {run.name: Day.read(results / f"{run.name}.json") for run in runs}
    first = days[runs[0].name]
    fleet = round(first.users / runs[0].share)
    for run in runs:
        day, users = days[run.name], run.users(fleet)
        if (day.users, day.seed) != (users, first.seed):
            raise Failed(f"{run.name} is of {day.users:,} users with seed {day.seed}, not of {users:,} with {first.seed}: "
                         "run bench/fleet without --again")
    return days
