"""Holds rules, alerts and dashboard to what there is, with Debian's promtool."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from observability import FOLDER, ROOT, RULE_TESTS, metrics, rules

SEVERITIES = {"critical", "warning"}
SCHEMA_VERSION = 39


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True)


class PrometheusTest(unittest.TestCase):
    def test_the_configuration_and_its_rules_are_valid(self):
        done = promtool("check", "config", FOLDER / "prometheus.yml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_rules_do_what_their_tests_say(self):
        done = promtool("test", "rules", *RULE_TESTS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_targets_are_those_of_a_stack(self):
        with tempfile.TemporaryDirectory() as data:
            Path(data, "env").write_text("".join(f"TIDEMARK_{name.upper()}_ADMIN=127.0.0.1:{port}\n"
                                                 for port, name in enumerate(metrics.PROCESSES, start=9001)))
            targets = subprocess.run([FOLDER / "targets", data], capture_output=True, text=True, check=True).stdout
        self.assertEqual(json.loads(targets), [
            {"targets": [f"127.0.0.1:{port}"], "labels": {"job": f"tidemark-{name}"}}
            for port, name in enumerate(metrics.PROCESSES, start=9001)])


class RulesTest(unittest.TestCase):
    def test_every_alert_says_how_bad_it_is_what_it_means_and_what_to_do(self):
        for name, alert in rules.alerts().items():
            with self.subTest(name):
                self.assertIn(alert["labels"]["severity"], SEVERITIES)
                self.assertEqual(set(alert["annotations"]), {"summary", "description", "runbook"})

    def test_every_runbook_is_there_and_every_section_of_an_alert_has_its_alert(self):
        runbooks = {alert["annotations"]["runbook"] for alert in rules.alerts().values()}
        for runbook in runbooks:
            page, anchor = runbook.split("#")
            self.assertIn(anchor, rules.anchors((ROOT / page).read_text()), runbook)
        sections = re.findall(r"^### (\w+)$", (ROOT / "docs" / "alerts.md").read_text(), re.MULTILINE)
        self.assertEqual(set(sections), set(rules.alerts()))

    def test_every_alert_is_tested_to_fire_and_not_to(self):
        fires, rests = set(), set()
        for test in rules.rule_tests():
            for expected in test.get("alert_rule_test", []):
                (fires if expected["exp_alerts"] else rests).add(expected["alertname"])
        self.assertEqual(fires, set(rules.alerts()))
        self.assertEqual(rests, set(rules.alerts()))

    def test_every_recorded_series_is_tested(self):
        tested = {name for test in rules.rule_tests() for expected in test.get("promql_expr_test", [])
                  for name in metrics.named_in(expected["expr"])}
        self.assertEqual(tested, rules.recorded())

    def test_rules_name_only_metrics_that_there_are(self):
        self.assertEqual(metrics.unknown((rule["expr"] for rule in rules.rules()), rules.recorded()), set())


class DashboardTest(unittest.TestCase):
    def test_every_query_parses(self):
        queries = rules.dashboard_queries()
        self.assertGreater(len(queries), 30)
        listed = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(queries.values())]
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            # JSON is YAML.
            json.dump({"groups": [{"name": "dashboard", "rules": listed}]}, file)
            file.flush()
            done = promtool("check", "rules", file.name)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_queries_name_only_metrics_that_there_are(self):
        self.assertEqual(metrics.unknown(rules.dashboard_queries().values(), rules.recorded()), set())

    def test_queries_use_no_variable_that_is_not_declared(self):
        declared = {variable["name"] for variable in rules.dashboard()["templating"]["list"]}
        self.assertEqual({variable for query in rules.dashboard_queries().values()
                          for variable in re.findall(r"\$\{?(\w+)", query)}, set(), "all are put in place")
        self.assertEqual(declared, {"datasource", "instance"})

    def test_every_recorded_promise_is_on_it(self):
        named = {name for query in rules.dashboard_queries().values() for name in metrics.named_in(query)}
        promises = re.findall(r"^\| .* \| `(tidemark:\S+)` \|", (ROOT / "docs" / "metrics.md").read_text(), re.MULTILINE)
        self.assertEqual(len(promises), 5)
        self.assertLessEqual(set(promises), named)
        self.assertLessEqual(set(promises), rules.recorded())

    def test_panels_do_not_overlap_and_each_has_its_own_id_and_source(self):
        dashboard = rules.dashboard()
        self.assertEqual(dashboard["schemaVersion"], SCHEMA_VERSION)
        panels = dashboard["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
            cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells
            if panel["type"] != "row":
                self.assertEqual(panel["datasource"]["uid"], "${datasource}", panel["title"])
                self.assertTrue(panel["targets"], panel["title"])
