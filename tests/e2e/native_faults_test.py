"""The C++ client is killed at any of its steps, or at any time: nothing is lost, and nothing has effect twice."""

import itertools
import random
import subprocess
import unittest

from client import Device, User
from probe import Probe, exported
from stack import Stack

# So many seconds ahead, a device's access token has expired by its own clock.
PAST_THE_TOKEN = "1000"
STEPS_MAX = 100


class NativeFaultsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()

    def test_killed_at_any_step_of_a_sync_it_ends_as_if_nothing_had_happened(self):
        self.at_every_step({})

    def test_killed_at_any_step_of_renewing_its_token_it_ends_as_if_nothing_had_happened(self):
        self.at_every_step({"TIDEMARK_PROBE_AHEAD": PAST_THE_TOKEN})

    def at_every_step(self, env: dict[str, str]) -> None:
        """Goes on until a run comes to its end untouched, which tells that there are no more steps."""
        for step in itertools.count(1):
            died = True
            with self.subTest(step=step):
                died = self.kill_and_start_again(step, env)
            self.assertLess(step, STEPS_MAX, "it seems never to come to its end")
            if not died:
                self.assertGreater(step, 15, "a sync has more steps than that")
                return

    def kill_and_start_again(self, step: int, env: dict[str, str]) -> bool:
        user = self.stack.user()
        desk = user.device("desk")
        desk.sync(desk.new_task("a shared one", "shared"), desk.new_task("a doomed one", "doomed"))
        probe = Probe(self.stack, user)
        probe.one("sync")
        # What the probe has to push meets what it has to pull.
        desk.sync(desk.edit("shared", content="edited elsewhere"), desk.edit("doomed", deleted_at=1),
                  desk.new_task("made elsewhere", "elsewhere"))
        words = ["add", "made here", "--", "done", "shared", "--", "sync"]
        died, said = probe.dies_at(step, *words, **env)
        acknowledged = {one["did"] for one in said if "error" not in one}

        # As it is now: the crash took nothing that was acknowledged.
        before = probe.one("list", **env)["tasks"]
        if "add" in acknowledged:
            self.assertIn("made here", [task["content"] for task in before])
        probe.one("sync", **env)
        self.assert_exact(user, desk, probe, acknowledged, env)
        return died

    def assert_exact(self, user: User, desk: Device, probe: Probe, acknowledged: set[str], env: dict[str, str]) -> None:
        here, there = probe.contents(), exported(user)
        self.assertEqual(here, there)
        made_here = [task_id for task_id, (content, _) in there.items() if content == "made here"]
        self.assertLessEqual(len(made_here), 1)
        if "add" in acknowledged:
            self.assertEqual(len(made_here), 1)
        self.assertEqual(there["elsewhere"], ("made elsewhere", False))
        self.assertNotIn("doomed", there)
        self.assertEqual(there["shared"][0], "edited elsewhere")
        if "done" in acknowledged:
            self.assertTrue(there["shared"][1])
        status = probe.one("status", **env)
        self.assertEqual((status["state"], status["pending"], status["rejected"], status["conflicts"]),
                         ("online", 0, 0, 0))
        self.assert_applied_once(user, made_here, there["shared"][1])
        # The cursor: nothing is left to pull, and nothing is pulled again.
        again = probe.one("sync", **env)
        self.assertEqual((again["pushed"], again["pulled"]), (0, 0))
        devices = user.call("GET", "/devices").json["devices"]
        [mine] = [device for device in devices if device["device_id"] not in ("desk", "witness")]
        self.assertTrue(mine["up_to_date"], mine)

    def assert_applied_once(self, user: User, made_here: list[str], completed: bool) -> None:
        """A change that was applied twice would have raised the version or left an earlier value."""
        desk = user.device("witness")
        desk.sync()
        for task_id in made_here:
            self.assertEqual(desk.tasks[task_id]["version"], 1)
            self.assertEqual(user.call("GET", f"/tasks/{task_id}/history").json["history"], [])
        history = user.call("GET", "/tasks/shared/history").json["history"]
        fields = sorted(entry["field"] for entry in history)
        self.assertEqual(fields, ["completed", "content"] if completed else ["content"])

    @staticmethod
    def killed_after(process: subprocess.Popen[str], seconds: float) -> str:
        """What it said until then, or to its end."""
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        return process.communicate()[0]

    def test_killed_at_random_while_it_adds_and_syncs_it_loses_nothing_that_it_acknowledged(self):
        user = self.stack.user()
        probe = Probe(self.stack, user)
        dice = random.Random(6)
        acknowledged = set()
        for round_ in range(12):
            contents = [f"task {round_}.{number}" for number in range(12)]
            words = [word for content in contents for word in ("add", content, "--", "due", "--")]
            process = probe.popen(*words)
            said = self.killed_after(process, dice.uniform(0.02, 0.6))
            adds = [line for line in said.splitlines() if line.endswith("}") and '"did":"add"' in line]
            acknowledged |= set(contents[:len(adds)])
        probe.one("sync")
        there = sorted(content for content, _ in exported(user).values())
        self.assertEqual(len(there), len(set(there)), "something was applied twice")
        self.assertLessEqual(acknowledged, set(there), "something was lost")
        self.assertEqual(probe.contents(), exported(user))
        self.assertEqual(probe.one("status")["pending"], 0)
