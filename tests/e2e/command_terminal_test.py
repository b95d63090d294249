"""The command `tidemark` on a terminal: colours, prompts, progress, and what a task may not do there."""

import re
import signal
import unittest

from client import PASSWORD
from command import Command, Terminal, plain
from stack import Stack

MANY = 4_000


class CommandTerminalTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()

    def setUp(self):
        self.user = self.stack.user()
        self.device = Command(self.stack, self.user)

    def shown(self, *words: str, columns: int = 80, **env: str) -> str:
        terminal = Terminal(self.device, *words, columns=columns, **env)
        self.assertEqual(terminal.end(), 0, terminal.seen)
        return terminal.seen

    def test_colours_come_on_a_terminal_alone_and_not_where_they_are_unwanted(self):
        self.device.add("coloured", "--offline")
        self.assertIn("\x1b[", self.shown("ls"))
        for unwanted in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn("\x1b", self.shown("ls", **unwanted))
        self.assertNotIn("\x1b", self.shown("ls", "--json"))
        self.assertNotIn("\x1b", self.device.ok("ls"))

    def test_a_task_cannot_command_the_terminal(self):
        self.device.add("evil \x1b]0;owned\x07 \x1b[2J \u009b31m\nnext", "--offline")
        for words in (("ls",), ("ls", "--json"), ("export",), ("export", "--todo-txt")):
            with self.subTest(words):
                seen = self.shown(*words, NO_COLOR="1")
                self.assertFalse(set(seen) & set("\x1b\x07\u009b"), repr(seen))
        self.assertEqual(len(plain(self.shown("ls")).splitlines()), 2, "the task and the footer")

    def test_a_list_fits_the_terminal_also_with_wide_characters(self):
        self.device.add("牛乳" * 60, "--offline")
        line = plain(self.shown("ls", columns=40)).splitlines()[0]
        self.assertTrue(line.endswith("…"), line)
        self.assertLessEqual(sum(2 if character in "牛乳" else 1 for character in line), 40)
        self.assertIn("牛乳" * 60, self.shown("ls", "--full", columns=40).replace("\r\n", ""))

    def test_a_password_is_asked_for_without_being_shown(self):
        device = Command(self.stack)
        terminal = Terminal(device, "login", self.user.email, "--server", device.server)
        terminal.until("assword for ")
        self.assertFalse(terminal.echoes())
        terminal.type(f"x\x15{PASSWORD}y\x7f\n")
        self.assertEqual(terminal.end(), 0, terminal.seen)
        self.assertIn("Logged in", terminal.seen)
        self.assertNotIn(PASSWORD, terminal.seen)

    def test_who_gives_up_at_a_prompt_ends_it_and_the_terminal_is_as_before(self):
        device = Command(self.stack)
        terminal = Terminal(device, "login", self.user.email, "--server", device.server)
        terminal.until("assword for ")
        terminal.type("\x03")
        terminal.until("given up")
        self.assertEqual(terminal.end(), 130)

    def test_a_program_that_is_ended_at_a_prompt_leaves_a_terminal_that_shows_what_is_typed(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                device = Command(self.stack)
                terminal = Terminal(device, "login", self.user.email, "--server", device.server)
                terminal.until("assword for ")
                self.assertFalse(terminal.echoes())
                self.assertEqual(terminal.end(number), 130, terminal.seen)
                self.assertTrue(terminal.echoes())

    def test_a_new_password_is_asked_for_twice(self):
        device = Command(self.stack)
        terminal = Terminal(device, "register", "new-" + self.user.email, "--server", device.server)
        terminal.until("assword for ")
        terminal.type(PASSWORD + "\n")
        terminal.until("The same again: ")
        terminal.type(PASSWORD + "!\n")
        self.assertEqual(terminal.end(), 2, terminal.seen)
        self.assertIn("differ", terminal.seen)

    def test_a_long_import_and_a_first_sync_show_how_far_they_are_on_a_terminal_alone(self):
        file = self.device.home / "todo.txt"
        file.write_text("".join(f"task {n}\n" for n in range(MANY)))
        seen = self.shown("import", str(file))
        self.assertRegex(seen, r"Sending \[#* *\] \d+ of " + str(MANY))
        self.assertEqual(self.device.json("status")["status"]["pending"], 0)
        other = Command(self.stack)
        quiet = other.run("login", self.user.email, "--password-stdin", "--server", other.server, stdin=PASSWORD)
        self.assertEqual((quiet.returncode, quiet.stderr), (0, ""))
        self.assertEqual(len(other.contents()), MANY)

    def test_watch_gives_the_terminal_back_at_a_stop_and_draws_again_when_it_goes_on(self):
        self.device.add("there before")
        # The shell stops its job and takes it up again, as a person does with Ctrl-Z and fg.
        terminal = Terminal(self.device, "-mc", 'tidemark watch; echo stopped; fg', program="bash")
        terminal.until("there before")
        terminal.type("\x1a")
        terminal.until("stopped")
        self.assertIn("\x1b[?1049l", terminal.seen)
        terminal.until(lambda seen: seen.count("there before") > seen.split("stopped")[0].count("there before"))
        terminal.type("\x03")
        terminal.end()
        self.assertEqual(len(re.findall(r"\x1b\[\?1049h", terminal.seen)), 2)
        self.assertTrue(terminal.seen.rstrip().endswith("\x1b[?1049l"), terminal.seen[-80:])

    def test_watch_shows_what_ls_does_and_on_a_narrow_terminal_how_to_end_it(self):
        for n in range(30):
            self.device.add(f"open {n}", "--offline")
        self.device.ok("done", "--offline", self.device.add("is done", "--offline"))
        terminal = Terminal(self.device, "watch", columns=24)
        terminal.until("Ctrl-C ends  … 8 more")
        self.assertEqual(terminal.end(signal.SIGINT), 0)
        self.assertNotIn("is done", terminal.seen)

    def test_a_list_without_a_match_says_so(self):
        self.device.add("here", "--offline")
        self.assertIn("No task here holds zzzz", self.shown("ls", "zzzz"))
        self.assertIn("Nothing deleted", self.shown("ls", "--deleted"))

    def test_watch_redraws_a_list_and_gives_the_terminal_back(self):
        self.device.add("there before")
        terminal = Terminal(self.device, "watch")
        terminal.until("there before")
        terminal.until("live")
        Command(self.stack, self.user).add("come since")
        terminal.until("come since")
        self.assertEqual(terminal.end(signal.SIGINT), 0)
        self.assertTrue(terminal.seen.rstrip().endswith("\x1b[?1049l"), terminal.seen[-80:])
        self.assertEqual(len(re.findall(r"\x1b\[\?1049h", terminal.seen)), 1)
