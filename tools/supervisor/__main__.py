"""The arguments of ./run, and the life of a supervisor: foreground, --detach, --stop."""

import argparse
import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import building

from . import ports
from .data_dir import DataDir
from .keeper import StartFailed
from .stack import Plan, Stack

ROOT = building.ROOT
PROFILES = ROOT / "deploy" / "config"
DATA = ROOT / ".tidemark"
TARGETS = ("tidemark-gateway", "tidemark-sync", "tidemark-auth", "tidemark-ratelimit", "tidemark")
STOP_DEADLINE_SECONDS = 120


def say(text: str) -> None:
    print(text, flush=True)


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Builds Tidemark and runs all of it on this machine.")
    parser.add_argument("--port", type=int, default=8080, metavar="N",
                        help="the web address' port (default %(default)s; 0: any free one)")
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR",
                        help="where the data is kept (default: .tidemark in the checkout)")
    parser.add_argument("--profile", default="dev", metavar="NAME",
                        help="the limits: deploy/config/limits-NAME.textproto (default %(default)s)")
    parser.add_argument("--limits", type=Path, metavar="FILE",
                        help="a limits file of your own, in place of a profile; SIGHUP to a process reads it again")
    parser.add_argument("--detach", action="store_true", help="return when all is ready")
    parser.add_argument("--stop", action="store_true", help="end what runs on DIR")
    return parser.parse_args(argv)


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # also a build ends in order
    options = parse(sys.argv[1:])
    if options.stop:
        return stop(options.data)
    limits_file = options.limits.resolve() if options.limits else PROFILES / f"limits-{options.profile}.textproto"
    if options.limits and not limits_file.is_file():
        return fail(f"There is no file {options.limits}.")
    if not limits_file.exists():
        known = sorted(path.stem.removeprefix("limits-") for path in PROFILES.glob("limits-*.textproto"))
        return fail(f"There is no profile {options.profile!r}. There are: {', '.join(known)}")
    if not 0 <= options.port <= 65_535:
        return fail(f"{options.port} is no port: they go from 0 (any free one) to 65535.")
    if options.data.exists() and not options.data.is_dir():
        return fail(f"{options.data} is no folder.")
    try:
        data = DataDir(options.data)
    except OSError as error:
        return fail(f"{options.data} cannot be used: {error.strerror}.")
    if not data.lock():
        return fail(f"Tidemark already runs on {data.path} (pid {data.lock_holder()}). "
                    f"Stop it: ./run --stop{_data_option(data)}")
    if options.port and not ports.is_free(options.port):
        return fail(f"Port {options.port} is taken by another program. Name another one: ./run --port {options.port + 1}")
    try:
        binaries = given_programs() or building.programs(TARGETS, data.log("build"), say)
        web_dir = building.web(data.log("web"), say)
    except building.Failed as failure:
        return fail(str(failure))
    except KeyboardInterrupt:
        return 130
    plan = Plan(data, options.port, limits_file, binaries, web_dir)
    return detach(plan) if options.detach else asyncio.run(serve(plan, when_ready=lambda: say("Ctrl-C stops it.")))


def given_programs() -> Path | None:
    """A folder of programs to run in place of those that are built here: tools/images gives such."""
    folder = os.environ.get("TIDEMARK_PROGRAMS")
    return Path(folder).resolve() if folder else None


def fail(text: str) -> int:
    print(f"run: {text}", file=sys.stderr, flush=True)
    return 1


async def serve(plan: Plan, when_ready) -> int:
    """Starts everything, keeps it alive until a signal, stops it. The exit code of ./run."""
    say("Starting PostgreSQL, Redis and the four processes…")
    stack = Stack(plan, lambda text: say(f"{time.strftime('%H:%M:%S')} {text}"))
    stopping = asyncio.Event()

    def on_signal() -> None:
        if stopping.is_set():
            stack.hurry()
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)
    try:
        if await _unless(stopping, stack.start()):
            welcome(plan, stack)
            when_ready()
            await _unless(stopping, stack.keep())
        return 0
    except StartFailed as failure:
        return fail(str(failure))
    finally:
        say("Stopping…")
        await stack.stop()


async def _unless(stopping: asyncio.Event, work) -> bool:
    """Runs `work` to its end, or cancels it when it is time to stop. True: it came to its end."""
    task, stop = asyncio.ensure_future(work), asyncio.create_task(stopping.wait())
    await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        return False
    task.result()
    return True


def welcome(plan: Plan, stack: Stack) -> None:
    data, url = plan.data, stack.url
    say(f"""
Tidemark is running at {url}

Open it in a browser, or watch a task travel between two devices:
  TIDEMARK_URL={url} examples/two-devices.sh
On the command line (the server is remembered; then: … add Buy milk, … ls, … watch):
  {_short(plan.binaries / "tidemark")} register ada@example.org --server {stack.command_server}
Addresses and pids: {_short(data.env_file)}   logs: {_short(data.logs)}   to end it: ./run --stop{_data_option(data)}
""")


def _short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _data_option(data: DataDir) -> str:
    return "" if data.path == DATA else f" --data {_short(data.path)}"


def detach(plan: Plan) -> int:
    """The supervisor goes on in a child of its own session; this process tells how its start went."""
    told, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        os.setsid()
        plan.data.sign_lock()

        def let_go() -> None:
            log = os.open(plan.data.log("supervisor"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            nothing = os.open(os.devnull, os.O_RDONLY)
            sys.stdout.flush()
            os.dup2(nothing, 0)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.write(telling, b"ready")
            os.close(telling)

        os._exit(asyncio.run(serve(plan, when_ready=let_go)))
    os.close(telling)
    try:
        with os.fdopen(told, "rb") as pipe:
            if pipe.read() == b"ready":
                return 0
    except KeyboardInterrupt:
        os.kill(child, signal.SIGTERM)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or 1


def stop(folder: Path) -> int:
    if not folder.is_dir() and folder != DATA:
        return fail(f"There is no folder {folder}. Name the one that was started: ./run --stop --data DIR")
    data = DataDir(folder) if folder.is_dir() else None
    holder = data.lock_holder() if data else None
    if holder is None:
        say(f"Tidemark does not run on {folder}.")
        return 0
    os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + STOP_DEADLINE_SECONDS
    while data.lock_holder() is not None:
        if time.monotonic() > deadline:
            return fail(f"the supervisor (pid {holder}) has not stopped within {STOP_DEADLINE_SECONDS} s")
        time.sleep(0.05)
    say("Tidemark has stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
