"""People at work: each kind of request asked again and again, every answer noted."""

import threading
import time
from collections import Counter
from typing import Any, Callable, Mapping

import grpc_client
from client import PASSWORD, Answer, Device
from stack import Stack, eventually

# Between two requests of a kind.
PAUSE_SECONDS = 0.05

UNAVAILABLE = "503 unavailable, Retry-After 5"
GRPC_UNAVAILABLE = "UNAVAILABLE unavailable"


def outcome(answer: Answer) -> str:
    if answer.code is None:
        return str(answer.status)
    return f"{answer.status} {answer.code}, Retry-After {answer.headers.get('retry-after')}"


class Pusher:
    """Pushes a new task, again and again until it is acknowledged, and then the next."""

    def __init__(self, device: Device):
        self.device = device
        self.acknowledged: set[str] = set()
        self._change: dict[str, Any] | None = None

    def push_over_http(self) -> str:
        if self._change is None:
            self._change = self.device.new_task("pushed under load")
        answer = self.device.send(self._change)
        if answer.status == 200:
            self.device.cursor = answer.json["server_time"]
            self._acknowledge()
        return outcome(answer)

    def push_over_grpc(self, stack: Stack) -> str:
        if self._change is None:
            self._change = self.device.new_task("pushed under load")
        end = grpc_client.end_of(stack, self.device.user.token, "push", self.device.name,
                                 str(self._change["mutation_id"]), self._change["id"])
        if end == "OK ok":
            self._acknowledge()
        return end

    def _acknowledge(self) -> None:
        self.acknowledged.add(self._change["id"])
        self._change = None

    @property
    def is_idle(self) -> bool:
        return self._change is None


class Asking:
    """A thread for each kind of request."""

    def __init__(self, kinds: Mapping[str, Callable[[], str]], pause_seconds: float = PAUSE_SECONDS):
        self._pause_seconds = pause_seconds
        self._lock = threading.Lock()
        self._seen: dict[str, list[tuple[float, str]]] = {kind: [] for kind in kinds}
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=kind, daemon=True) for kind in kinds.items()]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def since(self, moment: float) -> dict[str, Counter[str]]:
        """By kind, what those requests came to that began after `moment` (of time.monotonic)."""
        with self._lock:
            return {kind: Counter(what for began, what in seen if began >= moment) for kind, seen in self._seen.items()}

    def _ask(self, kind: str, ask: Callable[[], str]) -> None:
        while not self._stopping.wait(self._pause_seconds):
            began = time.monotonic()
            try:
                what = ask()
            except Exception as failure:  # noqa: BLE001: the test is to tell it, not a thread that nobody hears
                what = repr(failure)
            with self._lock:
                self._seen[kind].append((began, what))


class Load(Asking):
    def __init__(self, stack: Stack):
        self._stack = stack
        # Its tasks do not change, so that its state is cached.
        self.quiet = stack.user().device("quiet")
        self.quiet.sync(self.quiet.new_task("at rest"))
        self.pushers = [Pusher(stack.user().device("http")), Pusher(stack.user().device("grpc"))]
        super().__init__(self._kinds())

    # What each is answered while all is well.
    healthy = {"check": "304", "pull": "200", "devices": "200", "push": "200", "login": "200",
               "grpc check": "OK ok", "grpc push": "OK ok"}

    def _kinds(self) -> dict[str, Callable[[], str]]:
        fresh, user = self.quiet.user.device("fresh"), self.quiet.user
        account = {"email": user.email, "password": PASSWORD}
        http_pusher, grpc_pusher = self.pushers
        return {
            "check": lambda: outcome(self.quiet.check()),
            "pull": lambda: outcome(fresh.send()),
            "devices": lambda: outcome(user.call("GET", "/devices")),
            "push": http_pusher.push_over_http,
            "login": lambda: outcome(self._stack.call("POST", "/auth/login", account)),
            "grpc check": lambda: grpc_client.end_of(self._stack, user.token, "check", self.quiet.etag),
            "grpc push": lambda: grpc_pusher.push_over_grpc(self._stack),
        }

    def stop(self) -> None:
        """Whatever is under way is acknowledged before."""
        eventually("what was pushed last is acknowledged", lambda: all(pusher.is_idle for pusher in self.pushers))
        super().stop()
