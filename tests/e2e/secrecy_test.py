"""No password, token or content of a task is in any log of the whole run."""

import tempfile
import unittest
from pathlib import Path

import secrecy
from client import PASSWORD
from stack import Stack


class CheckerTest(unittest.TestCase):
    """It finds what is planted."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.log = self.folder / "stack" / "logs" / "sync.log"
        self.log.parent.mkdir(parents=True)

    def assert_found(self, line: str, *, found: bool = True) -> None:
        self.log.write_text(f'{{"event":"before"}}\n{line}\n{{"event":"after"}}\n')
        self.assertEqual(secrecy.found_below(self.folder), [f"{self.log}: {line}"] if found else [])

    def test_a_password_is_found(self):
        secrecy.keep_all_of({"password": "planted password"})
        self.assert_found('{"event":"login","password":"planted password"}')

    def test_a_token_is_found_also_cut(self):
        secrecy.keep_all_of({"access_token": "planted-header.planted-payload.planted-signature"})
        self.assert_found("Bearer planted-header.planted-payload.planted-signature")
        self.assert_found("Bearer planted-header.planted-payl")
        self.assert_found("...planted-signature")

    def test_the_content_of_a_task_is_found_also_as_json_spells_it(self):
        secrecy.keep_all_of({"changes": [{"id": "a", "content": 'planted "content"\nof a täsk'}]})
        self.assert_found('{"status":"bad: planted \\"content\\"\\nof a t\\u00e4sk"}')

    def test_a_secret_of_the_stack_is_found(self):
        (self.folder / "stack" / "secrets").write_text("service_token=planted-service-token\n")
        self.assert_found("planted-service-token")

    def test_a_twins_log_is_read(self):
        secrecy.keep("planted in a twin")
        twin = self.folder / "stack" / "twin-sync-x" / "log"
        twin.parent.mkdir()
        twin.write_text("planted in a twin\n")
        self.assertEqual(secrecy.found_below(self.folder), [f"{twin}: planted in a twin"])

    def test_a_line_without_is_not_found(self):
        self.assert_found('{"event":"request","route":"/sync","status":200}', found=False)

    def test_what_every_log_would_hold_is_not_kept(self):
        secrecy.keep("a")
        self.assert_found("a", found=False)


class WholeRunTest(unittest.TestCase):
    runs_last = True

    def test_no_log_of_the_whole_run_holds_a_password_a_token_or_the_content_of_a_task(self):
        user = Stack.shared().user()
        user.device("desk").sync(user.device("desk").new_task("nobody else is to read this"))
        login = {"email": user.email, "password": "not " + PASSWORD}
        self.assertEqual(Stack.shared().call("POST", "/auth/login", login).status, 401)
        for folder in {stack.data for stack in Stack.started}:
            self.assertTrue(secrecy.logs_below(folder), folder)
            self.assertEqual(secrecy.found_below(folder), [])
