"""The command `tidemark` against the real services: every command, every exit code, offline."""

import json
import shutil
import subprocess
import unittest

from client import PASSWORD
from command import NOWHERE, PROGRAM, Command
from probe import exported
from stack import ROOT, Stack, eventually, scratch


class CommandTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()

    def setUp(self):
        self.user = self.stack.user()

    def device(self) -> Command:
        return Command(self.stack, self.user)

    def test_a_new_person_registers_and_the_server_is_remembered(self):
        device = Command(self.stack)
        email = self.user.email.replace("@", "+new@")
        said = device.ok("register", email, "--password-stdin", "--server", device.server, stdin=PASSWORD + "\n")
        self.assertIn(email, said)
        device.add("the first")
        self.assertEqual(device.json("sync")["how"], "complete")
        self.assertEqual(device.json("status")["server"], device.server)
        self.assertIn("tidemark login", Command(self.stack).fails(
            6, "register", email, "--password-stdin", "--server", device.server, stdin=PASSWORD + "\n"))

    def test_an_edit_is_sent_at_once_and_seen_on_the_other_device(self):
        phone, laptop = self.device(), self.device()

        def sent_at_once() -> dict | None:
            """None: on a machine that is busy, a person is not made to wait for it."""
            said = phone.json("add", "Buy", "milk")
            return said if said["sent"] else None

        said = eventually("an edit is sent at once", sent_at_once)
        self.assertFalse(said["tasks"][0]["pending"], said)
        laptop.ok("sync")
        self.assertIn(said["tasks"][0]["id"], [task["id"] for task in laptop.json("ls")["tasks"]])

    def test_a_task_lives_its_life_by_short_ids(self):
        device = self.device()
        task = device.add("draft")
        short = task[:6]
        device.ok("edit", short, "final", "text")
        self.assertEqual(device.contents(), ["final text"])
        device.ok("pin", short)
        self.assertIn(" * final text", device.ok("ls"))
        device.ok("unpin", short)
        self.assertNotIn("*", device.ok("ls"))
        device.ok("done", short)
        self.assertEqual((device.contents(), device.contents("--done"), device.contents("--all")),
                         ([], ["final text"], ["final text"]))
        device.ok("undone", short)
        device.ok("rm", short.upper())
        self.assertIn(f"tidemark restore {short}", device.fails(3, "done", short))
        self.assertEqual((device.contents("--all"), device.contents("--deleted")), ([], ["final text"]))
        device.ok("restore", short)
        device.ok("sync")
        self.assertEqual(exported(self.user), {task: ("final text", False)})
        values = [(entry["field"], entry["value"]) for entry in device.json("history", short)["history"]]
        self.assertIn(("content", "draft"), values)
        self.assertIn("draft", device.ok("history", short))

    def test_a_task_named_twice_is_meant_once(self):
        device = self.device()
        task = device.add("twice", "--offline")
        for did in ("done", "rm", "restore"):
            said = device.json(did, task, task[:8], "--offline")
            self.assertEqual([one["id"] for one in said["tasks"]], [task], did)

    def test_texts_are_taken_as_they_are_typed(self):
        device = self.device()
        for words, text in ((("[a,b]",), "[a,b]"), (("--", "--json"), "--json"), (("done", "ls"), "done ls"),
                            (("a\nb",), "a\nb")):
            device.ok("add", "--offline", *words)
            self.assertIn(text, device.contents())
        device.ok("add", "-", "--offline", stdin="from stdin\n")
        self.assertIn("from stdin", device.contents())

    def test_pinned_ones_come_first_and_words_find(self):
        device = self.device()
        for text in ("Käse kaufen", "Milch kaufen", "call mum"):
            device.add(text, "--offline")
        device.ok("pin", "--offline", device.json("ls", "käse")["tasks"][0]["id"])
        self.assertEqual(device.contents()[0], "Käse kaufen")
        self.assertEqual(set(device.contents("KAUFEN")), {"Käse kaufen", "Milch kaufen"})
        self.assertEqual(device.contents("kaufen", "milch"), ["Milch kaufen"])

    def test_what_several_tasks_begin_with_lists_them_and_changes_nothing(self):
        device = self.device()
        device.ok("import", "-", "--offline", stdin="".join(
            json.dumps({"id": f"abcd{n}", "content": f"task {n}"}) + "\n" for n in range(2)))
        said = device.fails(3, "done", "abcd0", "abcd")
        self.assertIn("task 0", said)
        self.assertIn("abcd1", said)
        self.assertEqual(device.contents("--done"), [])
        self.assertIn("tidemark ls", device.fails(3, "done", "zzzz"))
        self.assertIn("abcd0", device.ok("ls"))

    def test_without_a_network_everything_but_asking_the_service_works(self):
        device = self.device()
        task = device.add("made offline", TIDEMARK_SERVER=NOWHERE)
        done = device.run("edit", task, "edited offline", TIDEMARK_SERVER=NOWHERE)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("Saved on this device", done.stderr)
        for words in (("done", task), ("undone", task), ("pin", task), ("rm", task), ("restore", task), ("ls",),
                      ("status",), ("conflicts",), ("export",)):
            device.ok(*words, TIDEMARK_SERVER=NOWHERE)
        self.assertIn("^", device.ok("ls"))
        self.assertEqual(device.json("status")["status"]["pending"], 1)
        for words in (("sync",), ("history", task), ("devices",)):
            self.assertIn(NOWHERE, device.fails(5, *words, TIDEMARK_SERVER=NOWHERE))
        device.ok("sync")
        self.assertEqual(exported(self.user), {task: ("edited offline", False)})
        self.assertNotIn("^", device.ok("ls"))

    def test_offline_is_obeyed_and_said(self):
        device = self.device()
        said = device.run("add", "kept back", "--no-sync")
        self.assertIn("Saved on this device", said.stderr)
        self.assertEqual(exported(self.user), {})
        self.assertFalse(device.json("add", "too", "--offline")["sent"])

    def test_offline_and_what_only_the_service_knows_exclude_each_other(self):
        device = self.device()
        for words in (("history", "a"), ("devices",), ("sync",), ("watch",), ("logout",)):
            self.assertIn("--offline", device.fails(2, *words, "--offline"))
        device.ok("sync")

    def test_an_address_of_something_else_is_named_and_not_remembered(self):
        sync, auth = self.stack.env()["TIDEMARK_SERVER"].split(",")
        web = self.stack.env()["TIDEMARK_URL"].removeprefix("http://")
        for server, missing in ((sync, "auth service"), (auth, "sync service"), (f"{auth},{sync}", "sync service"),
                                (web, "web server")):
            with self.subTest(server):
                device = Command(self.stack)
                said = device.fails(5, "login", self.user.email, "--password-stdin", "--server", server, stdin=PASSWORD)
                self.assertIn(missing, said)
                self.assertIn("--server SYNC,AUTH", said)
                self.assertFalse((device.home / "server").exists())

    def test_who_registers_again_is_told_who_is_logged_in(self):
        device = self.device()
        self.assertIn("you are logged in here", device.fails(2, "register", self.user.email, "--password-stdin",
                                                             stdin=PASSWORD))

    def test_a_logout_that_the_service_did_not_hear_of_is_said(self):
        device = self.device()
        done = device.run("logout", TIDEMARK_SERVER=NOWHERE)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("could not be told", done.stderr)

    def test_many_ids_are_one_step(self):
        device = self.device()
        device.ok("import", "-", "--offline", stdin="".join(f"task {n}\n" for n in range(1500)))
        ids = [task["id"] for task in device.json("ls")["tasks"]]
        self.assertEqual(len(device.ok("rm", *ids, "--offline").splitlines()), 1500)
        device.fails(3, "restore", *ids, "zzzz")
        self.assertEqual(device.contents(), [])

    def test_on_a_full_disk_tasks_are_shown_and_an_edit_says_why_it_is_not_stored(self):
        device = Command(self.stack)
        device.add("there", "--offline")

        def full(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(["sh", "-c", 'trap "" XFSZ; ulimit -f 0; exec "$0" "$@"', PROGRAM, *words], env=device.env,
                                  capture_output=True, text=True, timeout=60)

        for words in (("ls",), ("export",)):
            self.assertIn("there", full(*words).stdout)
        for words in (("status",), ("conflicts",)):
            self.assertEqual(full(*words).returncode, 0)
        refused = full("add", "more", "--offline")
        self.assertEqual(refused.returncode, 1, refused)
        self.assertIn("the disk is full", refused.stderr)
        self.assertIn("Free some space", refused.stderr)
        self.assertEqual(device.contents(), ["there"])

    def test_what_cannot_be_written_to_stdout_is_an_error(self):
        device = Command(self.stack)
        for words in (("--help",), ("completion", "bash"), ("ls", "--json")):
            with open("/dev/full", "w") as full:
                done = subprocess.run([PROGRAM, *words], env=device.env, stdout=full, stderr=subprocess.PIPE, text=True,
                                      timeout=60)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn("cannot write to stdout", done.stderr)

    def test_before_any_login_tasks_are_kept_and_sent_later(self):
        device = Command(self.stack)
        done = device.run("add", "before the account")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("tidemark login", done.stderr)
        device.ok("login", self.user.email, "--password-stdin", "--server", device.server, stdin=PASSWORD)
        self.assertEqual([content for content, _ in exported(self.user).values()], ["before the account"])

    def test_each_refusal_says_what_to_do_and_ends_with_its_code(self):
        device = self.device()
        login = ("login", self.user.email, "--password-stdin", "--server", device.server)
        self.assertIn("tidemark register", Command(self.stack).fails(4, *login, stdin="wrong password\n"))
        self.assertIn("tidemark login", Command(self.stack).fails(4, "sync", TIDEMARK_SERVER=device.server))
        self.assertIn("--password-stdin", Command(self.stack).fails(2, "login", self.user.email))
        self.assertIn("--help", device.fails(2, "nonsense"))
        self.assertIn("needs a text", device.fails(2, "add", "   "))
        self.assertIn("host:port", device.fails(2, "sync", "--server", "no port"))
        self.assertIn("tidemark", device.fails(3, "agree"))
        device.fails(3, "refuse")
        device.fails(3, "conflicts", "--restore", "c9")
        device.fails(1, "import", "/nowhere/at/all")
        device.fails(2, "import", "-", stdin="{not json")
        other = self.stack.user()
        self.assertIn("TIDEMARK_HOME", device.fails(4, "login", other.email, "--password-stdin", stdin=PASSWORD))
        self.assertEqual(json.loads(device.fails(3, "done", "zzzz", "--json"))["error"], "no_such_task")

    def test_a_store_that_is_broken_is_said_so(self):
        device = Command(self.stack)
        (device.home / "tasks.db").write_text("no database, but long enough to be looked at as one" * 100)
        self.assertIn(str(device.home), device.fails(1, "ls"))

    def test_login_keeps_the_tokens_for_the_owner_alone_and_logout_forgets_them(self):
        device = self.device()
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in device.home.iterdir()}
        self.assertEqual(set(modes.values()), {"0o600"}, modes)
        self.assertIn(self.user.email, device.ok("status"))
        device.add("unsent", "--offline")
        self.assertIn("1 edit waits", device.run("logout").stderr)
        self.assertIn("Nobody was logged in", device.ok("logout"))
        self.assertFalse((device.home / "tasks.db.session").exists())
        self.assertEqual(device.contents(), ["unsent"])
        device.fails(4, "sync")

    def test_folders_follow_xdg(self):
        device = Command(self.stack)
        device.ok("add", "x", "--offline", TIDEMARK_HOME="", XDG_DATA_HOME=str(device.home / "data"))
        self.assertTrue((device.home / "data" / "tidemark" / "tasks.db").is_file())

    def test_the_text_that_lost_is_listed_and_restored_by_one_command(self):
        phone, laptop = self.device(), self.device()
        task = phone.add("first")
        phone.ok("sync")
        laptop.ok("sync")
        laptop.ok("edit", "--offline", task, "from the laptop")
        phone.ok("edit", task, "from the phone")
        laptop.ok("sync")
        phone.ok("sync")
        for device in (phone, laptop):
            if conflicts := device.json("conflicts")["conflicts"]:
                break
        [conflict] = conflicts
        self.assertEqual({conflict["kept"], conflict["discarded"]}, {"from the laptop", "from the phone"})
        self.assertIn(conflict["discarded"], device.ok("conflicts"))
        self.assertIn("tidemark conflicts", device.ok("status"))
        device.ok("conflicts", "--restore", conflict["key"][:5])
        self.assertEqual(device.contents(), [conflict["discarded"]])
        self.assertEqual(device.json("conflicts")["conflicts"], [])
        device.ok("sync")
        self.assertEqual(exported(self.user)[task][0], conflict["discarded"])
        self.assertEqual(device.json("conflicts", "--dismiss-all")["dismissed"], 0)

    def test_a_conflict_of_a_task_that_is_deleted_here_says_how_to_bring_it_back(self):
        phone, laptop = self.device(), self.device()
        task = phone.add("first")
        phone.ok("sync")
        laptop.ok("sync")
        laptop.ok("edit", "--offline", task, "from the laptop")
        phone.ok("edit", task, "from the phone")
        laptop.ok("sync")
        phone.ok("sync")
        device = next(each for each in (phone, laptop) if each.json("conflicts")["conflicts"])
        [conflict] = device.json("conflicts")["conflicts"]
        self.assertIn("from the", device.ok("complete-ids", "--conflicts"))
        device.ok("rm", task)
        self.assertIn(f"tidemark restore {task[:4]}", device.fails(3, "conflicts", "--restore", conflict["key"]))
        device.ok("restore", task)
        device.ok("edit", task, "moved on")
        self.assertEqual(device.json("conflicts")["conflicts"][0]["now"], "moved on")
        self.assertIn("moved on", device.ok("conflicts"))
        self.assertIn("device ", device.ok("conflicts"))

    def test_devices_tell_which_one_this_is(self):
        phone, laptop = self.device(), self.device()
        phone.add("one")
        laptop.add("two")
        laptop.ok("sync")
        phone.ok("sync")
        devices = phone.json("devices")["devices"]
        self.assertEqual([device["this"] for device in devices].count(True), 1)
        self.assertEqual(len(devices), 2)
        self.assertIn("this device", phone.ok("devices"))

    def test_a_mass_removal_waits_until_the_person_agrees_or_refuses(self):
        for decision, left in (("agree", 0), ("refuse", 24)):
            with self.subTest(decision):
                self.user = self.stack.user()
                phone, laptop = self.device(), self.device()
                phone.ok("import", "-", stdin="".join(f"task {n}\n" for n in range(24)))
                laptop.ok("sync")
                phone.ok("rm", *[task["id"] for task in phone.json("ls")["tasks"]])
                phone.ok("sync")
                self.assertIn("tidemark agree", laptop.fails(7, "sync"))
                self.assertEqual(len(laptop.contents()), 24)
                self.assertIn("24 of 24", laptop.ok("status"))
                laptop.ok(decision)
                laptop.ok("sync")
                self.assertEqual(len(laptop.contents()), left)
                self.assertEqual(len(exported(self.user)), left)

    def test_watching_devices_see_each_others_edits(self):
        phone, laptop = self.device(), self.device()
        screens = [device.popen("watch", "--json") for device in (phone, laptop)]
        for screen in screens:
            self.addCleanup(screen.communicate)
            self.addCleanup(screen.kill)
            _said(screen, lambda said: said["event"] == "status" and said["status"]["live"])
        for device, other, text in ((phone, screens[1], "from the phone"), (laptop, screens[0], "from the laptop")):
            device.add(text)
            said = _said(other, lambda said: said.get("task", {}).get("content") == text)
            self.assertEqual(said["event"], "added")
        for screen in screens:
            screen.terminate()
            self.assertEqual(screen.wait(60), 0)

    def test_watching_prints_a_line_for_each_change(self):
        phone, laptop = self.device(), self.device()
        screen = laptop.popen("watch")
        self.addCleanup(screen.communicate)
        self.addCleanup(screen.kill)
        _line(screen, "# online, live")
        task = phone.add("seen")
        _line(screen, "seen", "+ ")
        phone.ok("done", task)
        _line(screen, "[x]", "~ ")
        phone.ok("rm", task)
        _line(screen, "seen", "- ")

    def test_bash_completes_commands_options_and_ids(self):
        device = self.device()
        task = device.add("complete me", "--offline")
        script = device.ok("completion", "bash")

        def completed(*words: str) -> list[str]:
            line = " ".join(words)
            done = subprocess.run(
                ["bash", "-c", f'{script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tidemark\n'
                 'printf "%s\\n" "${COMPREPLY[@]}"', "bash", str(PROGRAM), *words],
                env=device.env, capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""), line)
            return done.stdout.split()

        self.assertEqual(completed("unp"), ["unpin"])
        self.assertIn("status", completed(""))
        self.assertNotIn("complete-ids", completed(""))
        self.assertEqual(completed("done", ""), [task[:4]])
        self.assertIn(task[:4], completed("done", task[:2]))
        self.assertEqual(completed("ls", "--del"), ["--deleted"])
        self.assertEqual(completed("--server", "a:1", "compl"), ["completion"])
        self.assertEqual(completed("completion", "z"), ["zsh"])
        device.ok("rm", task, "--offline")

    def test_zsh_and_fish_take_their_scripts_as_a_fresh_shell_does(self):
        device = self.device()
        task, done = device.add("complete me", "--offline"), device.add("is done", "--offline")
        device.ok("done", done, "--offline")
        env = device.env | {"PATH": f"{PROGRAM.parent}:{device.env['PATH']}", "HOME": str(device.home)}

        def said(*shell: str) -> str:
            if not shutil.which(shell[0]):
                self.skipTest(f"{shell[0]} is not installed: its completion is not tried")
            ran = subprocess.run(shell, env=env, capture_output=True, text=True, timeout=60)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""), shell)
            return ran.stdout

        with self.subTest("zsh"):
            self.assertEqual(said("zsh", "-f", "-c", "source <(tidemark completion zsh); print $_comps[tidemark]"),
                             "_tidemark\n")
        with self.subTest("fish"):
            asked = 'tidemark completion fish | source; complete -C "tidemark {}"'
            self.assertEqual(said("fish", "--no-config", "-c", asked.format("done ")).split("\t")[0], task[:4])
            self.assertEqual(said("fish", "--no-config", "-c", asked.format("undone ")).split("\t")[0], done[:4])
            self.assertEqual(said("fish", "--no-config", "-c", asked.format(f"rm {task[:4]} {done[:4]} ")), "")

    def test_help_names_every_command_and_each_has_its_own(self):
        device = Command(self.stack)
        text = device.ok("--help")
        for name in ("register", "login", "logout", "add", "ls", "edit", "done", "undone", "pin", "unpin", "rm",
                     "restore", "history", "conflicts", "sync", "watch", "status", "export", "import", "devices", "agree",
                     "refuse", "completion"):
            self.assertIn(f"  {name} ", text)
            self.assertIn("--json", device.ok(name, "--help"), name)
        self.assertRegex(device.ok("--version"), r"^tidemark \d+\.\d+\.\d+\n$")
        device.fails(2)


class CommandLimitsTest(unittest.TestCase):
    def test_limits_are_told_with_when_to_try_again_and_edits_are_kept(self):
        limits = scratch("limits") / "limits.textproto"
        given = (ROOT / "deploy" / "config" / "limits-final.textproto").read_text()
        limits.write_text(given.replace("capacity: 60 refill_interval_ms: 60000", "capacity: 2 refill_interval_ms: 3600000"))
        stack = Stack("command-limits", limits=limits)
        stack.start()
        self.addCleanup(stack.stop)
        device = Command(stack, stack.user())
        device.ok("sync")
        device.ok("sync")
        self.assertIn("Try again in", device.fails(6, "sync"))
        self.assertEqual(json.loads(device.fails(6, "sync", "--json"))["error"], "refused")
        device.ok("add", "kept")
        self.assertEqual(device.contents(), ["kept"])


def _said(process: subprocess.Popen[str], holds) -> dict:
    for line in process.stdout:
        if holds(said := json.loads(line)):
            return said
    raise AssertionError("it ended")


def _line(process: subprocess.Popen[str], part: str, begin: str = "") -> str:
    for line in process.stdout:
        if line.startswith(begin) and part in line:
            return line
    raise AssertionError(f"it ended without {part!r}")
