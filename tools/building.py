"""Builds the C++ programs and the web page, with progress for the person who waits.

    python3 -m building           everything, tests included, of the preset TIDEMARK_PRESET (default release)
"""

import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
Say = Callable[[str], None]

# A compiler at work on Beast and gRPC takes about this much.
BYTES_PER_JOB = 1_200_000_000
PROGRESS_EVERY_SECONDS = 15


class Failed(Exception):
    """Its text is for the person at the terminal."""


def preset() -> str:
    """release for ./run; `./test --asan` runs the same programs from another build."""
    return os.environ.get("TIDEMARK_PRESET", "release")


def build_dir() -> Path:
    return ROOT / "build" / preset()


def jobs() -> int:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(len(os.sched_getaffinity(0)), memory // BYTES_PER_JOB))


def env() -> dict[str, str]:
    """ccache outside the clone, knowing it by relative paths: any clone profits from any other's build.

    A Node that tools/install brought (the system's being too old) comes first in PATH.
    """
    own_node = ROOT / ".tidemark" / "node" / "node_modules" / ".bin"
    path = os.environ.get("PATH", "/usr/bin:/bin")
    return {
        **os.environ,
        "CCACHE_DIR": os.environ.get("CCACHE_DIR", str(Path.home() / ".cache" / "ccache-tidemark")),
        "CCACHE_BASEDIR": str(ROOT),
        "CCACHE_NOHASHDIR": "1",
        "PATH": f"{own_node}:{path}" if own_node.exists() else path,
    }


def programs(targets: Sequence[str], log: Path, say: Say) -> Path:
    """Builds the targets (none: all); the folder of the finished programs."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as file:
        if _is_to_be_configured():
            say(f"Configuring build/{preset()}…")
            _run(["cmake", "--preset", preset()], ROOT, file, log)
        _ninja(targets, file, log, say)
    return build_dir() / "bin"


def _is_to_be_configured() -> bool:
    """Ninja looks after all that CMake read, except for the presets."""
    ninja_file = build_dir() / "build.ninja"
    return not ninja_file.exists() or ninja_file.stat().st_mtime < (ROOT / "CMakePresets.json").stat().st_mtime


def _ninja(targets: Sequence[str], file, log: Path, say: Say) -> None:
    first = not (build_dir() / ".ninja_log").exists()
    process = subprocess.Popen(["ninja", "-j", str(jobs()), "-C", str(build_dir()), *targets], cwd=ROOT, env=env(),
                               text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    progress = _Progress("Building" + (" (the first time takes some minutes)" if first else ""), say)
    try:
        for line in process.stdout:
            file.write(line)
            if match := re.match(r"\[(\d+)/(\d+)\]", line):
                progress.show(match[1], match[2])
    except KeyboardInterrupt:
        process.terminate()
        raise
    finally:
        process.wait()
        progress.end()
    if process.returncode != 0:
        file.flush()
        raise Failed(_quoted("The build failed", log))


class _Progress:
    """One line that changes on a terminal; elsewhere a line now and then."""

    def __init__(self, what: str, say: Say):
        self._what, self._say = what, say
        self._terminal = sys.stdout.isatty()
        self._shown_at = None

    def show(self, done: str, total: str) -> None:
        now = time.monotonic()
        text = f"{self._what}… [{done}/{total}]"
        if self._terminal:
            print(f"\r\033[K{text}", end="", flush=True)
        elif self._shown_at is None or now - self._shown_at >= PROGRESS_EVERY_SECONDS or done == total:
            self._say(text)
        else:
            return
        self._shown_at = now

    def end(self) -> None:
        if self._terminal and self._shown_at is not None:
            print(flush=True)


def web(log: Path, say: Say) -> Path:
    """Builds the web page if its sources are newer than it; the folder to serve."""
    dist = WEB / "dist"
    page = dist / "index.html"
    install_node_modules(WEB, log, say)
    if not page.exists() or page.stat().st_mtime < max(path.stat().st_mtime for path in _web_sources()):
        say("Building the web page…")
        with open(log, "a") as file:
            _run(["npm", "run", "build"], WEB, file, log)
    return dist


def install_node_modules(folder: Path, log: Path, say: Say) -> None:
    """`npm ci`, only when the lockfile is not the one that is installed."""
    stamp = folder / "node_modules" / ".installed-lock"
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == lock:
        return
    say(f"Installing the npm packages of {folder.relative_to(ROOT)}/…")
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "a") as file:
        _run(["npm", "ci", "--no-audit", "--no-fund"], folder, file, log)
    stamp.write_text(lock)


def _web_sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(WEB):
        folders[:] = [name for name in folders if name not in ("node_modules", "dist", "test-results")]
        yield from (Path(folder) / name for name in files)


def _run(argv: Sequence[str], cwd: Path, file, log: Path) -> None:
    done = subprocess.run(argv, cwd=cwd, env=env(), stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise Failed(_quoted(f"`{' '.join(argv)}` failed", log))


def _quoted(what: str, log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-40:]
    return "\n".join([f"{what}. The end of {log}:", *lines])
