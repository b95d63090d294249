"""Every service behind the gateway has replicas; each is replaced under load, and nobody notices."""

import http.client
import itertools
import json
import re
import secrets
import threading
import time
import unittest
import urllib.parse
from collections import Counter
from datetime import UTC, datetime
from typing import Callable

import client
import grpc_call
from balancer import Balancer
from client import PASSWORD, User, now_ms
from load import UNAVAILABLE, Asking, Pusher, outcome
from stack import Stack, eventually
from status_test import GET_STATUS
from stored import query
from stream_test import LiveStream
from twin import Twin

SERVICES = ("ratelimit", "auth", "sync")
# Of each kind of request, while a replica goes and comes back.
ENOUGH = 20
PAUSE_SECONDS = 0.01
# Also for what lasts: the person's first task and those that come meanwhile fill several messages of a first pull.
TASKS = 50
# What counts as a service's work: neither what lasts, nor what all are asked (health, status).
ANSWERED = re.compile(r'^tidemark_rpc_total\{[^}]*method="/tidemark\.v1\.(?:Sync|Auth|RateLimit)Service/(?!Watch)[^}]*\} (\d+)$',
                      re.MULTILINE)
# Of a service's work, for the shares of its replicas to be compared.
WORK = 300
SPREAD_MAX = 1.3
# A connection that ended in the midst of an answer, or before it.
CUT = "cut"
# How a log tells of a call that was not answered in time, of a service that was there.
LATE = "DEADLINE_EXCEEDED"


class Replicas:
    """Some of each service, and gateways in front of them, on the stores of a stack."""

    HANDOVER = {"handover": "500ms"}

    def __init__(self, stack: Stack, gateways: int, each: int = 2):
        self.of: dict[str, list[Twin]] = {}
        for name in SERVICES:
            self.of[name] = [self._start(stack, name) for _ in range(each)]
        self.of["gateway"] = [self._start(stack, "gateway") for _ in range(gateways)]

    def _start(self, stack: Stack, name: str) -> Twin:
        addresses = {f"{service}_address": ",".join(replica.address for replica in replicas)
                     for service, replicas in self.of.items() if service != name}
        replica = Twin(stack, name, **addresses, **self.HANDOVER)
        replica.await_ready()
        return replica

    def told_lines(self, event: str) -> list[str]:
        return [line for replicas in self.of.values() for replica in replicas for line in replica.told_lines(event)]

    def why(self, since: float) -> str:
        """What the logs tell of calls and requests that found nobody, or not in time."""
        began = datetime.fromtimestamp(time.time() - (time.monotonic() - since), UTC).isoformat()
        lines = (line for replicas in self.of.values() for replica in replicas
                 for part in ("UNAVAILABLE", LATE, '"status":503') for line in replica.lines_with(part))
        return "\n".join(line for line in lines if json.loads(line)["time"] >= began)

    def answered(self, service: str) -> Counter[Twin]:
        """Calls so far, by those replicas that run."""
        return Counter({replica: sum(map(int, ANSWERED.findall(replica.metrics()))) for replica in self.of[service] if replica.runs})

    def close(self) -> None:
        for replicas in self.of.values():
            for replica in replicas:
                replica.kill()


class Stream:
    """GET /sync/stream, opened again whenever it has ended in order."""

    def __init__(self, user: User):
        self.user = user
        self.head: str | None = None
        self.failures: list[str] = []
        self.ends = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True

    def _follow(self) -> None:
        while not self._stopping:
            try:
                stream = LiveStream(self.user)
                if stream.response.status != 200:
                    self.failures.append(f"{stream.response.status}")
                    continue
                while event := stream.event():
                    self.head = event["id"]
                self.ends += 1
            except (OSError, http.client.HTTPException) as cut:
                self.failures.append(repr(cut))


class Kept:
    """One connection for many requests, opened again where the server said that it ends it."""

    def __init__(self, user: User):
        url = urllib.parse.urlparse(user.base)
        self._headers = {"Authorization": f"Bearer {user.token}"}
        self._connection = http.client.HTTPConnection(url.hostname, url.port, timeout=client.TIMEOUT_SECONDS)

    def check(self) -> str:
        try:
            self._connection.request("GET", "/sync/check", headers=self._headers)
            return _outcome_of(self._connection.getresponse())
        except BaseException:
            self._connection.close()
            raise


class People(Asking):
    """Everything that people ask for, through one address."""

    healthy = {"check": "304", "kept check": "200", "push": "200", "second push": "200", "first pull": "200",
               "login": "200", "refresh": "200", "V1": "200", "export": "200", "keys": "200", "stream": "200"}

    def __init__(self, url: str):
        self.url = url
        self.quiet = User(url).device("quiet")
        self.quiet.sync(*[self.quiet.new_task("at rest " * 20) for _ in range(TASKS)])
        self.pushers = [Pusher(User(url).device("desk")) for _ in range(2)]
        self.stream = Stream(self.pushers[0].device.user)
        kinds = self._kinds()
        assert kinds.keys() == self.healthy.keys()
        super().__init__({kind: _noting_cuts(ask) for kind, ask in kinds.items()}, PAUSE_SECONDS)

    def _kinds(self) -> dict[str, Callable[[], str]]:
        user, fresh = self.quiet.user, self.quiet.user.device("fresh")
        account = {"email": user.email, "password": PASSWORD}
        self._session = User(self.url)
        self._v1 = User(self.url)
        # Of one person ten streams may be open, and an end is noticed a little late.
        self._watchers = itertools.cycle([User(self.url) for _ in range(5)])
        return {
            "check": lambda: outcome(self.quiet.check()),
            "kept check": Kept(user).check,
            "push": self.pushers[0].push_over_http,
            "second push": self.pushers[1].push_over_http,
            "first pull": lambda: outcome(fresh.send()),
            "login": lambda: outcome(client.call(self.url, "POST", "/auth/login", account)),
            "refresh": self._refresh,
            "V1": self._sync_v1,
            "export": lambda: outcome(user.call("GET", "/export")),
            "keys": lambda: outcome(client.call(self.url, "GET", "/.well-known/jwks.json")),
            "stream": self._open_stream,
        }

    def _refresh(self) -> str:
        answer = client.call(self.url, "POST", "/auth/refresh", {"refresh_token": self._session.refresh_token})
        if answer.status == 200:
            self._session.take(answer.json)
        return outcome(answer)

    def _open_stream(self) -> str:
        stream = LiveStream(next(self._watchers))
        try:
            if stream.response.status != 200:
                return _outcome_of(stream.response)
            return "200" if stream.event() else "ended"
        finally:
            stream.close()

    def _sync_v1(self) -> str:
        now = now_ms()
        task = {"id": "v1", "version": 1, "created_at": now, "updated_at": now, "deleted_at": None, "content": "text",
                "completed": False, "pinned": False, "device_id": "old"}
        answer = self._v1.call("POST", "/v1/sync", {"last_sync": 0, "changes": [task]})
        if answer.status == 200:
            json.loads(answer.body)  # whole
        return outcome(answer)

    def stop(self) -> None:
        """The stream is followed on until `close`: it may be about to be opened again."""
        eventually("what was pushed last is acknowledged", lambda: all(pusher.is_idle for pusher in self.pushers))
        super().stop()

    def close(self) -> None:
        self.stream.stop()
        self.stop()


def _outcome_of(response: http.client.HTTPResponse) -> str:
    return outcome(client.Answer(response.status, response.getheaders(), response.read()))


def _noting_cuts(ask: Callable[[], str]) -> Callable[[], str]:
    def asked() -> str:
        try:
            return ask()
        except (ConnectionError, http.client.HTTPException) as cut:
            return f"{CUT}: {cut!r}"
    return asked


class UnderLoad(unittest.TestCase):
    STACK: str

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(cls.STACK)
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)

    def begin(self, gateways: int, each: int = 2) -> None:
        self.replicas = Replicas(self.stack, gateways, each)
        self.addCleanup(self.replicas.close)
        self.url = f"http://{self.replicas.of['gateway'][0].address}"
        if gateways > 1:
            balancer = Balancer(self.replicas.of["gateway"])
            self.addCleanup(balancer.close)
            self.url = balancer.url
        self.let_people_in()

    def let_people_in(self) -> None:
        """People who were not here before, and are at work when it returns."""
        self.people = People(self.url)
        self.people.start()
        self.addCleanup(self.people.close)
        self.await_requests(time.monotonic())

    def await_requests(self, since: float) -> None:
        eventually("enough is asked", lambda: all(seen.total() >= ENOUGH for seen in self.people.since(since).values()))

    def await_health(self) -> None:
        since = time.monotonic()
        eventually("all is well", lambda: all(self.people.healthy[kind] in seen
                                              for kind, seen in self.people.since(since).items()))

    def assert_no_request_fails(self, since: float) -> None:
        for kind, seen in self.people.since(since).items():
            if set(seen) != {self.people.healthy[kind]}:
                self.fail(f"{kind}: {seen}\n{self.replicas.why(since)}")
        self.assertEqual(self.people.stream.failures, [])

    def assert_nothing_is_lost(self) -> None:
        self.people.stop()
        for pusher in self.people.pushers:
            fresh = pusher.device.user.device("fresh")
            fresh.sync()
            self.assertEqual(set(fresh.tasks), pusher.acknowledged)
            if pusher.device.user is self.people.stream.user:
                eventually("the stream tells the newest head", lambda: self.people.stream.head == fresh.etag)

    def assert_is_replaced_unnoticed(self, replica: Twin) -> None:
        """The next one may be stopped as soon as this one says that it is ready."""
        began = time.monotonic()
        self.assertEqual(replica.end(), 0)
        replica.start()
        replica.await_ready()
        self.await_requests(began)
        self.assert_no_request_fails(began)


class RollingRestartTest(UnderLoad):
    STACK = "rolling"

    def test_no_request_fails_while_each_replica_of_each_service_is_replaced_in_turn(self):
        self.begin(gateways=1)
        for service in SERVICES:
            for number, replica in enumerate(self.replicas.of[service]):
                with self.subTest(service, number=number):
                    self.assert_is_replaced_unnoticed(replica)
        self.assertEqual(self.people.stream.ends, 0)
        self.assert_nothing_is_lost()
        # Who has waited for a quarter of a second counts in memory as well, which is the machine's doing.
        lost = [line for line in self.replicas.told_lines("ratelimit_lost") if LATE not in line]
        self.assertEqual(lost, [], "limits were counted in memory meanwhile")

    def test_each_of_three_replicas_has_its_share_while_one_is_removed_and_added(self):
        self.begin(gateways=1, each=3)
        began = time.monotonic()
        self.assert_work_is_shared("three")
        for service in SERVICES:
            self.assertEqual(self.replicas.of[service][0].end(), 0)
        self.assert_work_is_shared("one removed")
        for service in SERVICES:
            self.replicas.of[service][0].start()
            self.replicas.of[service][0].await_ready()
        self.assert_work_is_shared("added again")
        self.assert_no_request_fails(began)
        self.assert_nothing_is_lost()

    def assert_work_is_shared(self, phase: str) -> None:
        for service in SERVICES:
            with self.subTest(phase, service=service):
                self._assert_is_shared(service)

    def _assert_is_shared(self, service: str) -> None:
        began = self.replicas.answered(service)
        eventually("each has been found", lambda: all((self.replicas.answered(service) - began)[replica] for replica in began))
        before = self.replicas.answered(service)
        eventually("enough is answered", lambda: (self.replicas.answered(service) - before).total() >= WORK)
        shares = [(self.replicas.answered(service) - before)[replica] for replica in before]
        self.assertLessEqual(max(shares), SPREAD_MAX * min(shares), shares)

    def test_no_request_fails_while_each_gateway_behind_a_balancer_is_replaced_in_turn(self):
        self.begin(gateways=2)
        for number, replica in enumerate(self.replicas.of["gateway"]):
            with self.subTest(number=number):
                self.assert_is_replaced_unnoticed(replica)
        self.assert_nothing_is_lost()

    def test_no_request_fails_while_the_service_token_is_replaced_in_three_rounds(self):
        old, new = self.stack.secret("service_token"), secrets.token_hex(32)
        self.begin(gateways=2)
        for believed in (f"{old},{new}", f"{new},{old}", new):
            with self.subTest(tokens=believed.count(",") + 1):
                for replica in itertools.chain(*self.replicas.of.values()):
                    replica.set(service_token=believed)
                    self.assert_is_replaced_unnoticed(replica)
        self.people.stop()
        for pusher in self.people.pushers:  # more than a page by now
            stored = query(self.stack, f"select id from sync.tasks where user_id = '{pusher.device.user.id}'")
            self.assertEqual(set(stored.splitlines()), pusher.acknowledged)
        for service in SERVICES:
            host, port = self.replicas.of[service][0].address.split(":")
            for token, told in ((old, 0), (new, 1)):
                answers = grpc_call.call((host, int(port)), GET_STATUS, b"", {"service-token": token})
                self.assertEqual(len(answers), told, f"{service} believes the wrong token")

    def test_a_replica_that_is_killed_costs_some_503s_and_no_acknowledged_change(self):
        self.begin(gateways=1)
        for service in SERVICES:
            for number, replica in enumerate(self.replicas.of[service]):
                with self.subTest(service, number=number):
                    self.assert_is_killed_at_the_cost_of_503s(replica)
        self.assert_nothing_is_lost()

    def assert_is_killed_at_the_cost_of_503s(self, replica: Twin) -> None:
        began = time.monotonic()
        replica.kill()
        self.await_requests(began)
        replica.start()
        replica.await_ready()
        self.await_health()
        for kind, seen in self.people.since(began).items():
            unexpected = [what for what in seen if what not in {self.people.healthy[kind], UNAVAILABLE}
                          and not (kind in ("V1", "export") and what.startswith(CUT))]
            self.assertEqual(unexpected, [], f"{kind}: {seen}")


if __name__ == "__main__":
    unittest.main()
