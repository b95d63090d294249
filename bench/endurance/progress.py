"""How far a long run is, for the person who waits at a terminal."""

import sys

WIDTH = 40


class Progress:
    """One line, written over again; nothing where there is no terminal."""

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._shows = sys.stderr.isatty()

    def tell(self, at: float, what: str) -> None:
        if not self._shows:
            return
        done = min(WIDTH, int(WIDTH * at / self._seconds))
        left = max(0, int(self._seconds - at))
        print(f"\r\033[K[{'#' * done}{'.' * (WIDTH - done)}] {left // 60}:{left % 60:02d} left  {what}", end="",
              file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shows:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
