"""How far all scenarios are together: a bar on a terminal, a line per scenario elsewhere."""

import sys
import time
from typing import Callable, Sequence, TextIO

from .plan import Run

WIDTH = 40


class Progress:
    def __init__(self, runs: Sequence[Run], to: TextIO = sys.stderr, now: Callable[[], float] = time.monotonic):
        self._whole = sum(run.weight for run in runs)
        self._done = 0.0
        self._to, self._now, self._began = to, now, now()
        self._draws = to.isatty()

    def begin(self, run: Run) -> None:
        if self._draws:
            self.tell(run, 0)
        else:
            self._say(f"{run.name}…")

    def tell(self, run: Run, fraction: float) -> None:
        """So much of this run is done."""
        if self._draws:
            whole = (self._done + run.weight * min(1, max(0, fraction))) / self._whole
            done = int(WIDTH * whole)
            bar = f"[{'#' * done}{'.' * (WIDTH - done)}]"
            print(f"\r\033[K{bar} {self._left(whole)}{run.name} {fraction:.0%}", end="", file=self._to, flush=True)

    def end(self, run: Run) -> None:
        self._done += run.weight

    def close(self) -> None:
        if self._draws:
            print("\r\033[K", end="", file=self._to, flush=True)

    def _left(self, whole: float) -> str:
        """By what was done so far; nothing while that says too little."""
        if whole < 0.01:
            return ""
        left = int((self._now() - self._began) * (1 - whole) / whole)
        return f"{left // 60}:{left % 60:02d} left  "

    def _say(self, text: str) -> None:
        print(text, file=self._to, flush=True)
