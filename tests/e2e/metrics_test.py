"""What the four processes show in /metrics after they have served, and what people watch them with."""

import json
import re
import shutil
import subprocess
import unittest
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from client import PASSWORD, User, call
from observability import FOLDER, metrics, rules
from stack import Stack, await_day_with_room, eventually
from streams_test import Streams
from supervisor import ports

SECRET_CONTENT = "buy a present for grace"


def use_everything(stack: Stack) -> User:
    """Some traffic of each kind: what is counted by its first event is there afterwards."""
    user = stack.user()
    desk, phone = user.device("desk"), user.device("phone")
    task = desk.new_task(SECRET_CONTENT)
    desk.sync(task)
    phone.check()
    phone.sync()
    assert phone.check().status == 304
    phone.sync(phone.edit(task["id"], content="for grace, from the phone"))
    desk.sync(desk.edit(task["id"], content="for grace, from the desk"))
    assert desk.send(desk.new_task("bad", task_id="bad id")).json["rejected"]
    for path in ("/devices", "/usage", "/export", f"/tasks/{task['id']}/history", "/auth/sessions"):
        assert user.call("GET", path).status == 200, path
    assert user.call("POST", "/v1/sync", {"last_sync": 0, "changes": []}).status == 200
    assert call(stack.url, "POST", "/auth/login", {"email": user.email, "password": PASSWORD + "!"}).status == 401
    assert call(stack.url, "GET", "/sync/check").status == 401
    assert stack.call("GET", "/nowhere-to-be-found", described=False).status == 404
    watch = Streams(stack.env()["TIDEMARK_SYNC_ADDRESS"], user.token, "watch")
    watch.line()
    watch.close()
    return user


class MetricsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        await_day_with_room()
        # With budgets.
        cls.stack = Stack.shared("free-tier")
        cls.user = use_everything(cls.stack)
        # By the next report to Redis, half a minute later at most.
        eventually("the day's users", lambda: re.search(r"^tidemark_active_users [1-9]", cls.text("sync"), re.MULTILINE))
        cls.texts = {process: cls.text(process) for process in metrics.PROCESSES}

    @classmethod
    def text(cls, process: str) -> str:
        return cls.stack.admin(process, "/metrics").body.decode()

    def value(self, process: str, sample: str) -> float:
        [line] = [line for line in self.texts[process].splitlines() if line.startswith(sample + " ")]
        return float(line.split()[-1])

    def test_promtool_has_nothing_to_complain_of(self):
        for process, text in self.texts.items():
            with self.subTest(process):
                done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_each_process_shows_what_docs_metrics_says_and_nothing_else(self):
        documented = metrics.documented()
        for process, text in self.texts.items():
            with self.subTest(process):
                self.assertEqual(metrics.shown(text), documented[process])

    def test_nothing_of_a_user_is_in_them(self):
        words = (self.user.id, self.user.email, self.user.token, "grace", "phone", "desk", "127.0.0.1",
                 "nowhere-to-be-found")
        for process, text in self.texts.items():
            for word in words:
                self.assertNotIn(word, text, process)

    def test_they_have_counted_what_was_done(self):
        self.assertGreaterEqual(self.value("sync", 'tidemark_checks_total{result="modified"}'), 1)
        self.assertGreaterEqual(self.value("sync", 'tidemark_syncs_total{end="not_modified"}'), 1)
        self.assertGreaterEqual(self.value("sync", 'tidemark_syncs_total{end="pushed"}'), 4)
        self.assertGreaterEqual(self.value("sync", 'tidemark_syncs_total{end="v1"}'), 1)
        self.assertGreaterEqual(self.value("sync", 'tidemark_changes_rejected_total{code="bad_id"}'), 1)
        conflicts = [self.value("sync", f'tidemark_conflicts_total{{field="content",winner="{winner}"}}')
                     for winner in ("server", "client")]
        self.assertGreaterEqual(sum(conflicts), 1)
        self.assertGreaterEqual(self.value("sync", "tidemark_active_users"), 1)
        self.assertGreaterEqual(self.value("sync", 'tidemark_quota_used{resource="requests"}'), 5)
        self.assertEqual(self.value("sync", 'tidemark_quota_limit{resource="requests"}'), 100_000)
        self.assertGreaterEqual(self.value("gateway", 'tidemark_http_requests_total{route="/sync/check",status="304"}'), 1)
        self.assertGreaterEqual(self.value("ratelimit", 'tidemark_ratelimit_decisions_total{policy="sync",result="allowed"}'), 5)

    def test_a_check_that_finds_nothing_new_takes_few_bytes(self):
        sample = 'tidemark_http_sent_bytes_total{route="/sync/check"}'
        before = self.value("gateway", sample)
        desk = self.user.device("desk")
        desk.sync()
        self.assertEqual(desk.check().status, 304)
        type(self).texts = self.texts | {"gateway": self.text("gateway")}
        self.assertTrue(0 < self.value("gateway", sample) - before < 1_000)


class PrometheusTest(unittest.TestCase):
    """Debian's Prometheus, with our configuration, on a stack that serves."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared("free-tier")
        use_everything(cls.stack)
        folder = cls.stack.data.parent / "prometheus"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(FOLDER, folder)
        targets = subprocess.run([FOLDER / "targets", cls.stack.data], capture_output=True, text=True, check=True).stdout
        (folder / "targets.json").write_text(targets)
        configuration = folder / "prometheus.yml"
        # As every minute, but nobody waits for minutes.
        configuration.write_text(configuration.read_text().replace("15s", "1s"))
        product = folder / "rules" / "recording.yml"
        product.write_text(product.read_text().replace("interval: 1m", "interval: 1s"))
        address = f"{ports.HOST}:{ports.choose(['prometheus'], {})['prometheus']}"
        cls.url = f"http://{address}"
        cls.log = open(folder / "log", "w")
        cls.addClassCleanup(cls.log.close)
        cls.process = subprocess.Popen(["prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={folder / 'data'}",
                                        f"--web.listen-address={address}"], stdout=cls.log, stderr=cls.log)
        cls.addClassCleanup(cls.end)
        eventually("all processes scraped", lambda: len(cls.query("up == 1")) == len(metrics.PROCESSES))

    @classmethod
    def end(cls) -> None:
        cls.process.terminate()
        cls.process.wait(timeout=30)

    @classmethod
    def ask(cls, path: str, **arguments: str) -> Any:
        assert cls.process.poll() is None, "Prometheus has ended"
        try:
            with urllib.request.urlopen(f"{cls.url}{path}?{urllib.parse.urlencode(arguments)}", timeout=30) as answer:
                return json.load(answer)["data"]
        except (urllib.error.URLError, ConnectionError) as problem:
            if isinstance(problem, urllib.error.HTTPError) and problem.code != 503:
                raise AssertionError(f"{arguments}: {problem.read().decode()}") from problem
            return None

    @classmethod
    def query(cls, query: str) -> list[Any]:
        answer = cls.ask("/api/v1/query", query=query)
        return answer["result"] if answer else []

    def test_every_query_of_the_dashboard_and_of_the_alerts_is_answered(self):
        alerts = {name: alert["expr"] for name, alert in rules.alerts().items()}
        for where, query in (rules.dashboard_queries() | alerts).items():
            with self.subTest(where):
                self.assertIsNotNone(self.ask("/api/v1/query", query=query))

    def test_the_products_table_is_there_after_some_traffic(self):
        desk = self.stack.user().device("desk")
        desk.sync(desk.new_task("milk"))
        # A rate is of what comes between two scrapes.
        eventually("two scrapes", lambda: self.query('count_over_time(tidemark_checks_total{result="modified"}[5m]) > 1'))
        for _ in range(3):
            self.assertEqual(desk.check().status, 304)
        desk.sync()
        for name in sorted(rules.recorded() - {"tidemark:rpc_seconds:p99_rate5m"}):
            with self.subTest(name):
                eventually(f"a value of {name}", lambda: self.query(f"{name} >= 0"))
        # Rules are evaluated between two scrapes, too: then it is of what was asked before.
        [sample] = eventually("a share of 304s", lambda: self.query("tidemark:not_modified_share:rate1h > 0"))
        self.assertLessEqual(float(sample["value"][1]), 1, sample)

    def alert_rules(self) -> list[dict]:
        return [rule for group in self.ask("/api/v1/rules", type="alert")["groups"] for rule in group["rules"]]

    def test_no_critical_alert_fires_while_all_is_well(self):
        self.assertEqual({rule["name"] for rule in self.alert_rules()}, set(rules.alerts()))
        eventually("every rule was evaluated", lambda: all(rule["health"] == "ok" for rule in self.alert_rules()))
        # What was absent before the first scrape is pending until the next look.
        eventually("no critical alert", lambda: self.query('ALERTS{severity="critical"}') == [])
