"""The C++ client library against the real services."""

import unittest
from concurrent.futures import ThreadPoolExecutor

from client import PASSWORD
from command import NOWHERE
from probe import Probe, Watching, exported
from quota_test import BUDGET, renew_auth, set_requests_of_the_day, with_budgets
from stack import Stack, await_day_with_room, eventually, scratch

PAUSED = "Sync paused (service at capacity). Tasks saved locally, will sync tomorrow."
PAST_THE_TOKEN = "1000"
SPREAD_SECONDS = 30 * 60


class NativeClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()

    def setUp(self):
        self.user = self.stack.user()

    def watching(self, probe: Probe) -> Watching:
        watching = Watching(probe)
        self.addCleanup(watching.close)
        return watching

    def test_two_devices_see_each_others_edits_live(self):
        phone, laptop = Probe(self.stack, self.user), Probe(self.stack, self.user)
        screens = [self.watching(phone), self.watching(laptop)]
        for screen in screens:
            screen.until("it is live", lambda said: said.get("live"))
        for probe, other in ((phone, screens[1]), (laptop, screens[0])):
            added = probe.run("add", "seen by the other", "--", "due")[1][0]
            other.until("the other's edit", lambda said: said["did"] == "tasks" and added["id"] in
                        [task["id"] for task in said["tasks"]])

    def test_an_edit_by_another_process_is_shown_and_sent_by_the_one_that_stays(self):
        probe = Probe(self.stack, self.user)
        screen = self.watching(probe)
        screen.until("it is live", lambda said: said.get("live"))
        added = probe.one("add", "from another terminal")
        screen.until("the edit", lambda said: said["did"] == "tasks" and
                     added["id"] in [task["id"] for task in said["tasks"]])
        eventually("it was sent", lambda: added["id"] in exported(self.user))

    def test_an_expired_token_is_renewed_once_by_processes_that_run_at_the_same_time(self):
        probe = Probe(self.stack, self.user)
        session = len(self.user.call("GET", "/auth/sessions").json["sessions"])
        with ThreadPoolExecutor(8) as pool:
            runs = [pool.submit(probe.run, "sync", TIDEMARK_PROBE_AHEAD=PAST_THE_TOKEN) for _ in range(8)]
        self.assertEqual([run.result()[0] for run in runs], [0] * 8)
        self.assertEqual(len(self.user.call("GET", "/auth/sessions").json["sessions"]), session)
        probe.one("sync")

    def test_a_revoked_session_asks_to_log_in_and_keeps_the_queue(self):
        probe = Probe(self.stack, self.user)
        changed = self.user.call("POST", "/auth/password",
                                 {"current_password": PASSWORD, "new_password": PASSWORD + "!"})
        self.assertEqual(changed.status, 204, changed)
        probe.one("add", "kept while logged out")
        probe.fails("sync")
        status = probe.one("status")
        self.assertEqual((status["state"], status["pending"]), ("sign_in_needed", 1))
        self.assertEqual(probe.fails("due")["error"], "missing_token")
        probe.env["TIDEMARK_PASSWORD"] = PASSWORD + "!"
        probe.one("login", self.user.email)
        probe.one("sync")
        self.assertEqual([content for content, _ in exported(self.user).values()], ["kept while logged out"])

    def test_a_store_is_of_one_person(self):
        probe = Probe(self.stack, self.user)
        probe.one("logout")
        other = self.stack.user()
        self.assertEqual(probe.fails("login", other.email)["error"], "FAILED_PRECONDITION")
        sessions = other.call("GET", "/auth/sessions").json["sessions"]
        self.assertEqual(len(sessions), 1, "the session that was not kept is ended")
        probe.one("login", self.user.email)

    def test_the_session_is_in_a_file_that_only_its_owner_can_read(self):
        probe = Probe(self.stack, self.user)
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in probe.folder.iterdir()}
        self.assertEqual(set(modes.values()), {"0o600"}, modes)
        self.assertIn("tasks.db.session", modes)
        probe.one("logout")
        self.assertFalse((probe.folder / "tasks.db.session").exists())

    def test_without_a_network_everything_is_kept_until_it_is_back(self):
        probe = Probe(self.stack, self.user)
        probe.one("add", "made offline")
        nowhere = {"TIDEMARK_SYNC_ADDRESS": NOWHERE}
        for _ in range(4):
            self.assertEqual(probe.fails("sync", **nowhere)["error"], "UNAVAILABLE")
        status = probe.one("status")
        self.assertEqual((status["state"], status["pending"]), ("offline", 1))
        probe.one("sync")
        status = probe.one("status")
        self.assertEqual((status["state"], status["pending"]), ("online", 0))
        self.assertEqual(len(exported(self.user)), 1)


class NativeQuotaTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        limits = scratch("limits") / "limits.textproto"
        limits.write_text(with_budgets(requests=BUDGET))
        cls.stack = Stack("native-quota", limits=limits)
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)

    def setUp(self):
        await_day_with_room()
        self.user = self.stack.user()
        self.probe = Probe(self.stack, self.user)
        self.probe.one("sync")

    def open_again(self) -> None:
        self.used(0, "open")
        renew_auth(self.stack)

    def used(self, part: float, state: str) -> None:
        set_requests_of_the_day(self.stack, round(BUDGET * part))
        eventually(f"the quota is {state}",
                   lambda: self.user.call("GET", "/usage").json["quota"]["state"] == state)

    def test_a_used_up_day_pauses_the_sync_until_tomorrow_and_keeps_the_queue(self):
        self.addCleanup(self.open_again)
        self.used(1.0, "exhausted")
        self.probe.one("add", "waits for tomorrow")
        refused = self.probe.fails("due")
        self.assertEqual(refused["error"], "quota_exhausted")
        status = self.probe.one("status")
        self.assertEqual((status["state"], status["message"], status["pending"]), ("degraded", PAUSED, 1))
        waits = self.probe.fails("due")
        self.assertEqual(waits["error"], "rate_limited", "nobody asks before tomorrow")
        midnight = refused["retry_after"]
        self.assertTrue(midnight - 60 <= waits["retry_after"] <= midnight + SPREAD_SECONDS, waits)

        self.open_again()
        self.assertEqual(self.probe.fails("due")["error"], "rate_limited")
        tomorrow = str(waits["retry_after"] + 60)
        self.probe.one("due", TIDEMARK_PROBE_AHEAD=tomorrow)
        self.assertEqual([content for content, _ in exported(self.user).values()], ["waits for tomorrow"])
        status = self.probe.one("status", TIDEMARK_PROBE_AHEAD=tomorrow)
        self.assertEqual((status["state"], status["message"], status["pending"]), ("online", "", 0))

    def test_while_reads_are_paused_pushes_go_on(self):
        self.addCleanup(self.open_again)
        self.used(0.91, "read_paused")
        self.assertEqual(self.probe.fails("sync")["error"], "read_paused")
        status = self.probe.one("status")
        self.assertEqual((status["state"], status["message"]), ("degraded", PAUSED))
        self.probe.one("add", "pushed while paused")
        self.assertTrue(self.probe.one("due")["deferred"])
        self.assertEqual(self.probe.one("status")["pending"], 0)
        self.used(0, "open")
        self.assertEqual([content for content, _ in exported(self.user).values()], ["pushed while paused"])
